import { lazy } from '../../../base/lazy.ts'
import {
  compileWasm,
  get,
  i32,
  i32Add,
  i32Below,
  i32Load,
  i32Multiply,
  load,
  loadTwice,
  loop,
  pageBytes,
  set,
  simd,
  store,
  when,
  zero,
  type Code,
  type WasmFunction,
  type WasmInstance
} from '../../../base/wasm-code.ts'

// Products of matrices of float64 with two outputs in one register. Each sum is added up as in `dense-product.ts` and `design.ts`, one product after the
// other, so that the results are the same to the bit.

const add64 = (a: Code, b: Code): Code => simd(0xf0, a, b)
const times64 = (a: Code, b: Code): Code => simd(0xf2, a, b)
const advance = (local: number, by: Code): Code => set(local, i32Add(get(local), by))

/** Pairs of outputs that one function works out at once: as many as there are registers for. */
const mostPairs = 6
/** Rows that it works out at once. */
const rowsAtOnce = (pairs: number): number => (pairs <= 2 ? 4 : 2)
/** What all of these divide. */
const rowGroup = 4

/** Rows of a dense matrix times weights: parameters are the matrix, bytes of a row, groups of rows, the weights, bytes of a row of outputs, the result. */
function denseFunction(pairs: number): WasmFunction {
  const rows = rowsAtOnce(pairs)
  const [matrix, rowBytes, groups, weights, stride, out, weight, end, to] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const row = (r: number): number => 9 + r
  const firstVector = 9 + rows
  const value = (r: number): number => firstVector + r
  const factor = firstVector + rows
  const sum = (r: number, k: number): number => factor + 1 + r * pairs + k
  const range = (length: number): number[] => Array.from({ length }, (_, i) => i)
  const eachSum = (code: (r: number, k: number) => Code): Code =>
    range(rows).flatMap((r) => range(pairs).flatMap((k) => code(r, k)))
  const column = [
    ...range(rows).flatMap((r) => set(value(r), loadTwice(get(row(r))))),
    ...range(pairs).flatMap((k) => [
      ...set(factor, load(get(weight), 16 * k)),
      ...range(rows).flatMap((r) => set(sum(r, k), add64(get(sum(r, k)), times64(get(value(r)), get(factor)))))
    ]),
    ...range(rows).flatMap((r) => advance(row(r), i32(8))),
    ...advance(weight, get(stride))
  ]
  const group = [
    ...set(row(0), get(matrix)),
    ...range(rows - 1).flatMap((r) => set(row(r + 1), i32Add(get(row(r)), get(rowBytes)))),
    ...set(end, get(row(1))),
    ...set(weight, get(weights)),
    ...eachSum((r, k) => set(sum(r, k), zero)),
    ...loop(column, i32Below(get(row(0)), get(end))),
    ...set(to, get(out)),
    // In the order of the rows: what one writes past its outputs the next one overwrites.
    ...range(rows).flatMap((r) => [
      ...range(pairs).flatMap((k) => store(get(to), get(sum(r, k)), 16 * k)),
      ...advance(to, get(stride))
    ]),
    ...set(out, get(to)),
    ...advance(matrix, i32Multiply(get(rowBytes), i32(rows))),
    ...advance(groups, i32(-1))
  ]
  return {
    name: `dense${pairs}`,
    parameters: 6,
    integers: 3 + rows,
    vectors: rows + 1 + rows * pairs,
    body: loop(group, get(groups))
  }
}

/** Sparse rows times weights: parameters are where rows end, rows, indices, values, the weights, bytes of a row of outputs, the result. */
function sparseFunction(pairs: number): WasmFunction {
  const [ends, rows, index, value, weights, stride, out, end, from] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const [entry, firstSum] = [9, 10]
  const range = Array.from({ length: pairs }, (_, k) => k)
  const one = [
    ...set(from, i32Add(get(weights), i32Multiply(i32Load(get(index)), get(stride)))),
    ...set(entry, loadTwice(get(value))),
    ...range.flatMap((k) => set(firstSum + k, add64(get(firstSum + k), times64(get(entry), load(get(from), 16 * k))))),
    ...advance(index, i32(4)),
    ...advance(value, i32(8))
  ]
  const row = [
    ...range.flatMap((k) => set(firstSum + k, zero)),
    ...set(end, i32Load(get(ends))),
    ...when(i32Below(get(index), get(end)), loop(one, i32Below(get(index), get(end)))),
    ...range.flatMap((k) => store(get(out), get(firstSum + k), 16 * k)),
    ...advance(out, get(stride)),
    ...advance(ends, i32(4)),
    ...advance(rows, i32(-1))
  ]
  return { name: `sparse${pairs}`, parameters: 7, integers: 2, vectors: 1 + pairs, body: loop(row, get(rows)) }
}

const pairCounts = Array.from({ length: mostPairs }, (_, i) => i + 1)
const compiled = lazy(() => compileWasm([...pairCounts.map(denseFunction), ...pairCounts.map(sparseFunction)], pageBytes))

/** Bytes that a function may read or write past a matrix. */
const margin = 16

/** Memory of its own for matrices, and products within it. Places are bytes from its beginning. */
export class ProductMemory {
  readonly #instance: WasmInstance
  #used = 0

  private constructor(instance: WasmInstance) {
    this.#instance = instance
  }

  /** Null where there are no 128-bit instructions, or no room. */
  static open(): ProductMemory | null {
    const instance = compiled()?.() ?? null
    return instance && new ProductMemory(instance)
  }

  /** Makes room for so many bytes; null where there is none. All zero. */
  reserve(bytes: number): number | null {
    const { memory } = this.#instance
    const at = this.#used
    const needed = at + Math.ceil((bytes + margin) / 8) * 8
    const missing = Math.ceil((needed - memory.buffer.byteLength) / pageBytes)
    if (missing > 0) {
      try {
        memory.grow(missing)
      } catch {
        return null
      }
    }
    this.#used = needed
    return at
  }

  floats(at: number, length: number): Float64Array {
    return new Float64Array(this.#instance.memory.buffer, at, length)
  }

  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.#instance.memory.buffer, at, length)
  }

  /** out = matrix·weights. Room for the matrix and for `out` is that of whole groups of rows (`inGroups`). */
  dense(matrix: number, rows: number, columns: number, weights: number, outputs: number, out: number): void {
    if (rows === 0 || columns === 0) return
    for (const { from, pairs } of strips(outputs))
      this.#call(`dense${pairs}`, [
        ...[matrix, 8 * columns, Math.ceil(rows / rowsAtOnce(pairs))],
        ...[weights + 8 * from, 8 * outputs, out + 8 * from]
      ])
  }

  /** out = matrix·weights. `ends`: for each row the place behind its last index. */
  sparse({ ends, rows, indices, values }: SparsePlaces, weights: number, outputs: number, out: number): void {
    if (rows === 0) return
    for (const { from, pairs } of strips(outputs))
      this.#call(`sparse${pairs}`, [ends, rows, indices, values, weights + 8 * from, 8 * outputs, out + 8 * from])
  }

  #call(name: string, parameters: readonly number[]): void {
    this.#instance.functions[name]?.(...parameters)
  }
}

/** Where the parts of a sparse matrix lie. */
export interface SparsePlaces {
  readonly rows: number
  readonly ends: number
  readonly indices: number
  readonly values: number
}

/** Outputs in strips, the last first: of an odd number it writes into the next row's first, which the first strip writes later. */
function strips(outputs: number): { readonly from: number; readonly pairs: number }[] {
  const found: { from: number; pairs: number }[] = []
  for (let from = 0; from < outputs; from += 2 * mostPairs)
    found.unshift({ from, pairs: Math.min(mostPairs, Math.ceil((outputs - from) / 2)) })
  return found
}

/** Room for [rows, outputs] and [columns, outputs], the rows in whole groups; null where there is none. */
export function workOf(
  memory: ProductMemory,
  rows: number,
  columns: number
): (outputs: number) => { readonly rows: number; readonly columns: number } | null {
  let known: { readonly outputs: number; readonly rows: number | null; readonly columns: number | null } | undefined
  const room = (length: number, outputs: number): number | null => memory.reserve(8 * inGroups(length) * outputs)
  return (outputs) => {
    if (!known || known.outputs < outputs) known = { outputs, rows: room(rows, outputs), columns: room(columns, outputs) }
    return known.rows === null || known.columns === null ? null : { rows: known.rows, columns: known.columns }
  }
}

export const inGroups = (length: number): number => Math.ceil(length / rowGroup) * rowGroup
