import type { Shape } from '../graph/types.ts'

export type OptimizerId = 'adamw' | 'adamw_8bit' | 'adam' | 'sgd'

/** A state array that an optimizer keeps beside weight and gradient. */
export interface StateArray {
  readonly name: string
  readonly type: 'float32' | 'int8' | 'uint8'
  /** Consecutive parameters that share an element: 1, or those of a block. */
  readonly per: number
}

/** Parameters that share a scale in block-wise state (arXiv:2110.02861 has 2048; bitsandbytes 256 since 0.44). */
const blockSize = 256

const float = (name: string): StateArray => ({ name, type: 'float32', per: 1 })

/** State arrays by optimizer. All zero is every optimizer's first state. */
export const optimizerState: Readonly<Record<OptimizerId, readonly StateArray[]>> = {
  adamw: [float('exp_avg'), float('exp_avg_sq')],
  adamw_8bit: [
    { name: 'exp_avg', type: 'int8', per: 1 },
    { name: 'exp_avg_max', type: 'float32', per: blockSize },
    { name: 'exp_avg_sq', type: 'uint8', per: 1 },
    { name: 'exp_avg_sq_max', type: 'float32', per: blockSize }
  ],
  adam: [float('exp_avg'), float('exp_avg_sq')],
  sgd: [float('momentum_buffer')]
}

/** Parameters whose state belongs together: tensors begin at multiples of it, and an optimizer's sweep goes over multiples of it. */
export const blockOf = (optimizer: OptimizerId): number => Math.max(...optimizerState[optimizer].map(({ per }) => per))

/** Bytes of an optimizer's state for `size` parameters. */
export const stateBytes = (optimizer: OptimizerId, size: number): number =>
  optimizerState[optimizer].reduce((sum, { type, per }) => sum + Math.ceil(size / per) * (type === 'float32' ? 4 : 1), 0)

/** How an update graph sees a stretch of `size` consecutive parameters: flat, or block by block; `per` of a state array. */
export const stretchShape = (optimizer: OptimizerId, size: number, per = 1): readonly number[] =>
  blockOf(optimizer) === 1 ? [size] : [Math.ceil(size / blockSize), blockSize / per]

/** The same with a named length: of parameters, or of blocks. */
export const stretchDims = (optimizer: OptimizerId, length: string, per = 1): Shape =>
  blockOf(optimizer) === 1 ? [length] : [length, blockSize / per]
