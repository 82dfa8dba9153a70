import { assert } from '../../base/assert.ts'
import type { Random } from '../../base/random.ts'
import { elementCount } from './elements.ts'

/** Makes a new tensor's first values, row-major. The same stream gives the same values on every machine. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array

export const zeros: Initializer = (shape) => new Float32Array(elementCount(shape))

export const ones: Initializer = (shape) => new Float32Array(elementCount(shape)).fill(1)

/** Normal distribution with mean 0 and the given standard deviation (Hugging Face's `initializer_range`). */
export function normal(standardDeviation: number): Initializer {
  return (shape, random) => {
    const out = new Float32Array(elementCount(shape))
    for (let i = 0; i < out.length; i++) out[i] = standardDeviation * random.normal()
    return out
  }
}

/** Uniform distribution over [−bound, bound). */
export function uniform(bound: number): Initializer {
  return (shape, random) => {
    const out = new Float32Array(elementCount(shape))
    for (let i = 0; i < out.length; i++) out[i] = bound * (2 * random.uniform() - 1)
    return out
  }
}

/**
 * Inputs and outputs of a weight laid out `[out, in, ...kernel]`, as torch counts them: each times the size of the kernel.
 */
export function fansOf(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  const [out = 0, into = 0, ...kernel] = shape
  assert(shape.length >= 2, `fans need a weight of two or more axes, not [${shape.join(', ')}]`)
  const receptive = elementCount(kernel)
  return { fanIn: into * receptive, fanOut: out * receptive }
}

/**
 * torch's `kaiming_uniform_(a=√5)`, with which nn.Linear and PEFT's LoRA A begin: uniform with bound √(6 / ((1 + 5)·fan_in)) = 1/√fan_in.
 * A Linear's bias is `uniform(1/√fan_in)` of its weight.
 */
export const kaimingUniform: Initializer = (shape, random) => uniform(1 / Math.sqrt(fansOf(shape).fanIn))(shape, random)

/** torch's `kaiming_uniform_` with its default gain √2 (He, arXiv:1502.01852): uniform with bound √(6 / fan_in). */
export const heUniform: Initializer = (shape, random) => uniform(Math.sqrt(6 / fansOf(shape).fanIn))(shape, random)

/** torch's `xavier_uniform_` with gain 1: uniform with bound √(6 / (fan_in + fan_out)). */
export const xavierUniform: Initializer = (shape, random) => {
  const { fanIn, fanOut } = fansOf(shape)
  return uniform(Math.sqrt(6 / (fanIn + fanOut)))(shape, random)
}
