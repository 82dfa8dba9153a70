import { Ops } from '../graph/operations.ts'
import type { Graph, Value } from '../graph/types.ts'
import { verifyGraph, verifyInPlace } from '../graph/verify.ts'
import { decodeSigned, decodeUnsigned, encodeSigned, encodeUnsigned } from './block-wise.ts'
import { optimizerState, stretchDims, type OptimizerId } from './state.ts'

/**
 * Scalars that the host works out in double precision for each step and parameter group and feeds as float32. What is said of adamw holds for adamw_8bit.
 */
export const scalarNames = {
  /** adam, sgd: factor on the gradient: 1, or max_grad_norm / norm. adamw has it in its shares. */
  clip: 'clip_scale',
  /** adamw: 1 − lr·weight_decay, on the weight. */
  keep: 'keep',
  /** adam, sgd: weight_decay, added to the gradient times the weight (L2). */
  decay: 'decay',
  /** adamw, adam: lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ). sgd: lr. */
  stepSize: 'step_size',
  beta1: 'beta1',
  /** adamw: (1 − β₁) · clip. adam: 1 − β₁. */
  gradientShare: 'gradient_share',
  beta2: 'beta2',
  /** adamw: (1 − β₂) · clip². adam: 1 − β₂. */
  squareShare: 'square_share',
  /** adamw, adam: ε · √(1 − β₂ᵗ). */
  epsilon: 'epsilon',
  /** sgd */
  momentum: 'momentum'
} as const

/** A slot's new value is the graph output of this name. */
export const updatedOutput = (slot: string): string => `new/${slot}`

/** The name of `slot` in the stretch `part` of an update graph. */
export const partSlot = (slot: string, part: number): string => (part === 0 ? slot : `${slot}#${part + 1}`)

/**
 * One optimizer step over `parts` stretches of consecutive parameters, one after the other, all slots updated in place. A stretch is short enough to
 * stay in the processor's cache, so a step costs little more than reading and writing each array once; several in one run share its fixed cost. Their
 * lengths are `n`, `n#2`, … and may be zero.
 *
 * adamw (arXiv:1711.05101, torch.optim.AdamW): w ← w·(1 − lr·λ); m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)
 * adam (arXiv:1412.6980, torch.optim.Adam): the same with g ← g + λw and no decay of w
 * sgd (torch.optim.SGD): g ← g + λw; b ← μb + g; w ← w − lr·b
 * adamw_8bit: adamw with m and √v in bytes between steps (block-wise.ts). A stretch is whole blocks, and `n`, `n#2`, … count them.
 *
 * Factors that are the same for all elements are multiplied by the host (`scalarNames`): each saves a pass over the stretch.
 */
export function buildUpdateGraph(optimizer: OptimizerId, parts = 1): Graph {
  const g = new Ops({ training: false })
  const scalars = new Map<string, Value>()
  const scalar = (name: string): Value => {
    const known = scalars.get(name) ?? g.input(name, 'float32', [])
    scalars.set(name, known)
    return known
  }
  for (let part = 0; part < parts; part++) {
    const slot = (name: string): Value => {
      const { type = 'float32', per = 1 } = optimizerState[optimizer].find((array) => array.name === name) ?? {}
      return g.state(partSlot(name, part), type, stretchDims(optimizer, partSlot('n', part), per))
    }
    const put = (name: string, value: Value): void => g.output(updatedOutput(partSlot(name, part)), value)
    updateStretch(optimizer, { g, slot, scalar, put })
  }
  const graph = g.build()
  verifyGraph(graph)
  for (let part = 0; part < parts; part++)
    for (const name of ['weight', ...optimizerState[optimizer].map((array) => array.name)])
      verifyInPlace(graph, partSlot(name, part), updatedOutput(partSlot(name, part)))
  return graph
}

/** What one stretch's update is made of: its slots and new values by their names in the first stretch. */
interface Stretch {
  readonly g: Ops
  readonly slot: (name: string) => Value
  readonly scalar: (name: string) => Value
  readonly put: (name: string, value: Value) => void
}

function updateStretch(optimizer: OptimizerId, stretch: Stretch): void {
  const { g, slot, scalar, put } = stretch
  const weight = slot('weight')
  const own = slot('grad')
  const gradient = isDecoupled(optimizer)
    ? own
    : g.add(g.mul(own, scalar(scalarNames.clip)), g.mul(weight, scalar(scalarNames.decay)))
  const kept = isDecoupled(optimizer) ? g.mul(weight, scalar(scalarNames.keep)) : weight
  const direction = directionOf[optimizer](stretch, gradient)
  put('weight', g.sub(kept, g.mul(direction, scalar(scalarNames.stepSize))))
}

const isDecoupled = (optimizer: OptimizerId): boolean => optimizer === 'adamw' || optimizer === 'adamw_8bit'

const directionOf: Readonly<Record<OptimizerId, (stretch: Stretch, gradient: Value) => Value>> = {
  adamw: adamDirection,
  adamw_8bit: blockWiseDirection,
  adam: adamDirection,
  sgd: momentumStep
}

function adamDirection(stretch: Stretch, gradient: Value): Value {
  const { g, slot, scalar, put } = stretch
  const { average, squares } = moments(stretch, gradient, slot('exp_avg'), slot('exp_avg_sq'))
  put('exp_avg', average)
  put('exp_avg_sq', squares)
  return g.div(average, g.add(g.sqrt(squares), scalar(scalarNames.epsilon)))
}

function blockWiseDirection(stretch: Stretch, gradient: Value): Value {
  const { g, slot, scalar, put } = stretch
  const mean = decodeSigned(g, { codes: slot('exp_avg'), max: slot('exp_avg_max') })
  const root = decodeUnsigned(g, { codes: slot('exp_avg_sq'), max: slot('exp_avg_sq_max') })
  const { average, squares } = moments(stretch, gradient, mean, g.mul(root, root))
  const newRoot = g.sqrt(squares)
  for (const [name, { codes, max }] of [
    ['exp_avg', encodeSigned(g, average)],
    ['exp_avg_sq', encodeUnsigned(g, newRoot)]
  ] as const) {
    put(name, codes)
    put(`${name}_max`, max)
  }
  return g.div(average, g.add(newRoot, scalar(scalarNames.epsilon)))
}

/** The mean of gradients and that of their squares, a step further. */
function moments(
  { g, scalar }: Stretch,
  gradient: Value,
  mean: Value,
  meanOfSquares: Value
): { readonly average: Value; readonly squares: Value } {
  return {
    average: g.add(g.mul(mean, scalar(scalarNames.beta1)), g.mul(gradient, scalar(scalarNames.gradientShare))),
    squares: g.add(
      g.mul(meanOfSquares, scalar(scalarNames.beta2)),
      g.mul(g.mul(gradient, gradient), scalar(scalarNames.squareShare))
    )
  }
}

function momentumStep({ g, slot, scalar, put }: Stretch, gradient: Value): Value {
  const buffer = g.add(g.mul(slot('momentum_buffer'), scalar(scalarNames.momentum)), gradient)
  put('momentum_buffer', buffer)
  return buffer
}

/** Weight decay alone, in place: what adamw does to weights whose gradient and state are zero. */
export function buildKeepGraph(): Graph {
  const g = new Ops({ training: false })
  const weight = g.state('weight', 'float32', ['n'])
  g.output(updatedOutput('weight'), g.mul(weight, g.input(scalarNames.keep, 'float32', [])))
  const graph = g.build()
  verifyGraph(graph)
  verifyInPlace(graph, 'weight', updatedOutput('weight'))
  return graph
}

/** The sum of squares of `parts` stretches of gradients, their lengths `n`, `n#2`, …, which may be zero: output `sum`. */
export function buildNormGraph(parts = 1): Graph {
  const g = new Ops({ training: false })
  const sums = Array.from({ length: parts }, (_, part) =>
    g.reduceSumSquare(g.state(partSlot('grad', part), 'float32', [partSlot('n', part)]), [0])
  )
  g.output(
    'sum',
    sums.reduce((total, sum) => g.add(total, sum))
  )
  const graph = g.build()
  verifyGraph(graph)
  return graph
}

export interface UpdateSettings {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly momentum: number
}

/** The scalars of one step for one group. `step` counts from 1. */
export function updateScalars(
  optimizer: OptimizerId,
  settings: UpdateSettings,
  at: { readonly step: number; readonly learningRate: number; readonly weightDecay: number; readonly clipScale: number }
): Readonly<Record<string, number>> {
  const { beta1, beta2, epsilon, momentum } = settings
  const { step, learningRate, weightDecay, clipScale } = at
  const decoupled = isDecoupled(optimizer)
  const l2 = { [scalarNames.clip]: clipScale, [scalarNames.decay]: weightDecay }
  if (optimizer === 'sgd') return { ...l2, [scalarNames.stepSize]: learningRate, [scalarNames.momentum]: momentum }
  // m / (√v/√c + ε) = √c · m / (√v + ε·√c), with c = 1 − β₂ᵗ.
  const correction = Math.sqrt(1 - beta2 ** step)
  const scale = decoupled ? clipScale : 1
  return {
    ...(decoupled ? { [scalarNames.keep]: 1 - learningRate * weightDecay } : l2),
    [scalarNames.stepSize]: (learningRate * correction) / (1 - beta1 ** step),
    [scalarNames.beta1]: beta1,
    [scalarNames.gradientShare]: (1 - beta1) * scale,
    [scalarNames.beta2]: beta2,
    [scalarNames.squareShare]: (1 - beta2) * scale ** 2,
    [scalarNames.epsilon]: epsilon * correction
  }
}
