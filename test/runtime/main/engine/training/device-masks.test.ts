import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { drawnMasks, type DrawnMask } from '../../../../helpers/drawn-masks.ts'

let runtime: Runtime
let masks: readonly DrawnMask[]
beforeAll(async () => {
  runtime = await openRuntime({ threads: 1 })
  masks = await drawnMasks(runtime, 1)
})
afterAll(() => runtime.dispose())

const share = (mask: Uint8Array): number => mask.reduce((sum, kept) => sum + kept, 0) / mask.length

/** How far the products of two masks' elements, each less its mean, are from adding up to 0, in standard deviations. */
function dependence(a: Uint8Array, b: Uint8Array): number {
  const [p, q] = [share(a), share(b)]
  const sum = a.reduce((total, kept, i) => total + (kept - p) * ((b[i] ?? 0) - q), 0)
  return sum / Math.sqrt(a.length * p * (1 - p) * q * (1 - q))
}

describe('masks that a graph draws itself', () => {
  it('are what plain arithmetic makes of the same numbers, in every group', () => {
    for (const { drawn, expected } of masks) expect(Buffer.compare(drawn, expected)).toBe(0)
  })

  it('drop each share of elements as often as chance has it', () => {
    for (const { drawn, probability: p } of masks)
      expect(Math.abs(share(drawn) - (1 - p)) / Math.sqrt((p * (1 - p)) / drawn.length)).toBeLessThan(4.5)
  })

  it('are independent from row to row, from column to column, in rectangles and from site to site', () => {
    for (const [i, { drawn, width }] of masks.entries()) {
      const rows = drawn.length / width
      expect(Math.abs(dependence(drawn.subarray(0, -width), drawn.subarray(width)))).toBeLessThan(4.5)
      expect(Math.abs(dependence(drawn.subarray(0, -1), drawn.subarray(1)))).toBeLessThan(4.5)
      const at = (row: number, column: number): number => drawn[row * width + column] ?? 0
      const [p, products] = [share(drawn), [0, 0]]
      for (let row = 0; row + 1 < rows; row += 2)
        for (let column = 0; column + 1 < width; column += 2) {
          const corners = [at(row, column), at(row + 1, column), at(row, column + 1), at(row + 1, column + 1)]
          products[0]! += corners.reduce((product, kept) => product * ((kept - p) / Math.sqrt(p * (1 - p))), 1)
          products[1]!++
        }
      expect(Math.abs(products[0]!) / Math.sqrt(products[1]!)).toBeLessThan(4.5)
      const other = masks[(i + 2) % 10]!
      if (i < 10) expect(Math.abs(dependence(drawn, other.drawn))).toBeLessThan(4.5)
    }
  })

  it('are others in the next step, and the same when it is asked again', async () => {
    const [again, next] = [await drawnMasks(runtime, 1), await drawnMasks(runtime, 2)]
    expect(Math.abs(dependence(masks[0]!.drawn, next[0]!.drawn))).toBeLessThan(4.5)
    expect(again.every(({ drawn }, i) => Buffer.compare(drawn, masks[i]!.drawn) === 0)).toBe(true)
  })
})
