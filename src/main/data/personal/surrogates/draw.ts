import { createHmac } from 'node:crypto'

/** Endless whole numbers that only the secret and what they are drawn for determine. */
export interface Draw {
  /** A whole number from 0 to below `below`. */
  readonly next: (below: number) => number
}

/**
 * Draws for one value, from HMAC-SHA256 of it under the secret: the same value gets the same draws in every document of a job, and without the
 * secret nobody can work out a surrogate by trying values.
 */
export function drawFor(secret: Uint8Array, purpose: string, value: string, attempt = 0): Draw {
  let bytes = Buffer.alloc(0)
  let [at, block] = [0, 0]
  const next = (below: number): number => {
    if (at + 6 > bytes.length) {
      const mac = createHmac('sha256', secret)
      mac.update(JSON.stringify([purpose, value, attempt, block++]))
      bytes = mac.digest()
      at = 0
    }
    at += 6
    // 48 bits over lists of thousands: no number comes up more often than another by more than one part in 10¹⁰.
    return bytes.readUIntBE(at - 6, 6) % below
  }
  return { next }
}

export const digits = (draw: Draw, count: number): string => Array.from({ length: count }, () => String(draw.next(10))).join('')

export function pick<T>(draw: Draw, list: readonly T[]): T {
  const found = list[draw.next(list.length)]
  if (found === undefined) throw new Error('There is nothing to pick from.')
  return found
}
