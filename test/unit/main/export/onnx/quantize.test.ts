import { describe, expect, it } from 'vitest'
import type { TensorSource } from '../../../../../src/main/engine/weights/elements.ts'
import { LARGEST_WEIGHT, quantizeColumns, quantizeLinear } from '../../../../../src/main/engine/weights/quantize-columns.ts'
import { quantizeNibbles, quantizeRows } from '../../../../../src/main/export/onnx/quantize.ts'
import { byteRows, ROW_BLOCK } from '../../../../../src/main/export/onnx/quantized-tensors.ts'
import { draw } from '../../../../helpers/samples.ts'

const matrix = (name: string, count: number): Float32Array => Float32Array.from(draw(name, count))
const at = (values: ArrayLike<number>, i: number): number => values[i] ?? Number.NaN

describe('a matrix in int8, one scale a column', () => {
  it('is off by at most half a step, and no further than 64', () => {
    const W = matrix('columns', 5 * 7)
    const { values, scales } = quantizeColumns(W, 7)
    W.forEach((weight, i) => {
      const scale = at(scales, i % 7)
      expect(Math.abs(at(values, i) * scale - weight)).toBeLessThanOrEqual(scale / 2 + 1e-7)
    })
    expect(Math.max(...values.map(Math.abs))).toBe(LARGEST_WEIGHT)
    // What the narrowest processor sums in 16 bits.
    expect(2 * 255 * LARGEST_WEIGHT).toBeLessThan(2 ** 15)
  })

  it('keeps an outlier from coarsening the other columns', () => {
    const W = matrix('outlier', 8 * 4)
    W[2] = 5000
    const { scales } = quantizeColumns(W, 4)
    expect(at(scales, 2)).toBeCloseTo(5000 / LARGEST_WEIGHT, 3)
    for (const c of [0, 1, 3]) expect(at(scales, c)).toBeLessThan(2 / LARGEST_WEIGHT)
  })

  it('of zeros is zeros, with a scale that can be divided by', () => {
    const { values, scales } = quantizeColumns(new Float32Array(6), 3)
    expect([...values]).toEqual([0, 0, 0, 0, 0, 0])
    expect([...scales]).toEqual([1, 1, 1])
  })
})

describe('a matrix in 4 bits', () => {
  /** The number at (row, column), read as MatMulNBits reads it. */
  const nibbleAt = (
    packed: Uint8Array,
    scales: Float32Array,
    rows: number,
    block: number,
    row: number,
    column: number
  ): number => {
    const place = column * Math.ceil(rows / block) + Math.floor(row / block)
    const byte = at(packed, Math.floor((place * block + (row % block)) / 2))
    return ((row % 2 === 0 ? byte & 15 : byte >> 4) - 8) * at(scales, place)
  }

  it.each([
    [32, 3],
    [33, 2],
    [70, 5],
    [5, 4]
  ])('of %i by %i lies block by block along its rows, each off by at most a step', (rows, columns) => {
    const W = matrix(`nibbles ${rows}`, rows * columns)
    const { packed, scales } = quantizeNibbles(W, columns, 32)
    expect(packed).toHaveLength((columns * Math.ceil(rows / 32) * 32) / 2)
    expect(scales).toHaveLength(columns * Math.ceil(rows / 32))
    W.forEach((weight, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns]
      const step = Math.abs(at(scales, column * Math.ceil(rows / 32) + Math.floor(row / 32)))
      // Half a step inside; at the end that has one number less, and where a narrower scale fits the rest better, up to one and a half.
      expect(Math.abs(nibbleAt(packed, scales, rows, 32, row, column) - weight)).toBeLessThanOrEqual(1.5 * step)
    })
  })

  it('fills the last block with zeros', () => {
    const { packed } = quantizeNibbles(matrix('short', 3), 1, 32)
    expect([...packed.subarray(2)]).toEqual(new Array(14).fill(0x88))
    expect(at(packed, 1) >> 4).toBe(8)
  })

  it('of zeros is zeros', () => {
    const { packed, scales } = quantizeNibbles(new Float32Array(64), 2, 32)
    expect(new Set(packed)).toEqual(new Set([0x88]))
    expect([...scales]).toEqual([1, 1])
  })

  it('has a smaller squared error than the scale of its largest weight alone', () => {
    const W = matrix('error', 32 * 50)
    const { packed, scales } = quantizeNibbles(W, 50, 32)
    let [own, plain] = [0, 0]
    for (let column = 0; column < 50; column++) {
      const weights = Array.from({ length: 32 }, (_, row) => at(W, row * 50 + column))
      const extreme = weights.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0)
      weights.forEach((weight, row) => {
        own += (nibbleAt(packed, scales, 32, 32, row, column) - weight) ** 2
        const q = Math.min(7, Math.max(-8, Math.round((weight / extreme) * -8)))
        plain += ((q * extreme) / -8 - weight) ** 2
      })
    }
    expect(own).toBeLessThan(0.95 * plain)
  })
})

describe('a table in uint8', () => {
  it('has a scale for each block of a row, the last one short', () => {
    const rows = matrix('rows', 3 * 10)
    const { values, scales } = quantizeRows(rows, 10, 4)
    expect(scales).toHaveLength(9)
    rows.forEach((value, i) => {
      const scale = at(scales, Math.floor(i / 10) * 3 + Math.floor((i % 10) / 4))
      expect(Math.abs((at(values, i) - 128) * scale - value)).toBeLessThanOrEqual(scale / 2 + 1e-7)
    })
  })

  it('is the same however its bytes come', async () => {
    const rows = matrix('chunks', 200 * 130)
    const bytes = new Uint8Array(rows.buffer)
    const cut = (size: number): TensorSource => ({
      ...{ name: 'table', dtype: 'F32', shape: [200, 130] },
      *chunks() {
        for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
      }
    })
    const read = async ({ chunks }: TensorSource): Promise<Buffer> => {
      const parts: Uint8Array[] = []
      for await (const chunk of chunks()) parts.push(chunk.slice())
      return Buffer.concat(parts)
    }
    const whole = quantizeRows(rows, 130, ROW_BLOCK)
    for (const size of [bytes.length, 4, 999 * 4]) {
      const { values, scales } = byteRows(cut(size))
      expect(await read(values)).toEqual(Buffer.from(whole.values))
      expect(await read(scales)).toEqual(Buffer.from(whole.scales.buffer))
    }
  })
})

it("a linear layer's weight is quantised as its transpose is, column by column", () => {
  const [out, width] = [3, 5]
  const weight = Float32Array.from({ length: out * width }, (_, i) => (i === 7 ? 0 : Math.sin(i * i + 1)))
  const turned = Float32Array.from({ length: out * width }, (_, i) => weight[(i % out) * width + Math.floor(i / out)] ?? 0)
  expect(quantizeLinear(weight, width)).toEqual(quantizeColumns(turned, out))
})
