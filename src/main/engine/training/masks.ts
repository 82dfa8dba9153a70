import { hashName } from '../../base/random.ts'
import { philoxMemory, type Stretch } from '../../base/philox-wasm.ts'

/** Address of one micro-batch's dropout masks: nothing else decides them. */
export interface MaskAddress {
  readonly seed: number
  /** Optimizer step, from 0. */
  readonly step: number
  /** Micro-batch within the step, from 0. */
  readonly microStep: number
}

/**
 * A dropout mask of `size` elements for one site: 1 keeps, 0 drops, each element dropped with probability `p` (to within 2⁻¹⁶).
 * Element i is the i-th 16-bit half of Philox4x32-10 with key (seed, site) and counter (i/8, step, micro-step): design §4.7.
 */
export function dropoutMask(site: string, size: number, probability: number, address: MaskAddress): Uint8Array<ArrayBuffer> {
  const memory = philoxMemory(size)
  memory.fill(...maskStretch(site, size, probability, address, 0))
  return new Uint8Array(memory.buffer, 0, size)
}

/** What draws such a mask from byte `start` of a memory on. */
export function maskStretch(
  site: string,
  size: number,
  probability: number,
  { seed, step, microStep }: MaskAddress,
  start: number
): Stretch {
  return [start, size, Math.round(probability * 65536), seed >>> 0, hashName(site), step >>> 0, microStep >>> 0]
}
