import { assert } from '../../base/assert.ts'
import { roundedFactors, updateElements, type WalkArrays } from '../optimizers/adamw-walk.ts'
import type { OptimizerId } from '../optimizers/state.ts'
import { scalarNames } from '../optimizers/update-graphs.ts'
import type { Graph, Value } from '../graph/types.ts'
import type { HostData, StateTensor } from '../runtime/port.ts'
import { summedIn } from './graphs.ts'

/** An embedding table whose gradient a training graph adds up row by row, and the batch input that names the rows. */
export interface RowSlot {
  readonly parameter: string
  readonly input: string
  /** What is added to the rows, one for each use: [uses, width]. */
  readonly added: Value
}

/** The embedding tables of a training graph of which a step reaches only the rows that its batch names. */
export function rowSlotsOf({ nodes }: Graph): readonly RowSlot[] {
  return nodes.flatMap(({ op, inputs: [slot, rows, added] }) => {
    if (op.type !== 'ScatterElements' || slot?.source.kind !== 'state' || !rows || !added) return []
    const parameter = summedIn(slot.source.slot)
    const input = inputBehind(rows)
    return parameter === null || input === null || slot.shape.length !== 2 ? [] : [{ parameter, input, added }]
  })
}

const reshaping = new Set(['Reshape', 'Expand'])

function inputBehind(value: Value): string | null {
  const { source } = value
  if (source.kind === 'input') return value.name
  const [first] = source.kind === 'node' && reshaping.has(source.node.op.type) ? source.node.inputs : []
  return first ? inputBehind(first) : null
}

/**
 * Whether an optimizer changes nothing but by the factor `keep` in a row whose gradient and state are zero: 0 / (0 + ε) is 0. Adam and SGD add the decay
 * to the gradient, so that every row has one.
 */
export const leavesZeroRows = (optimizer: OptimizerId, epsilon: number): boolean => optimizer === 'adamw' && epsilon > 0

/** One table's part of the arena's flat arrays, in host memory. */
export interface RowMemory extends WalkArrays {
  readonly width: number
}

/**
 * The rows of one embedding table that have a gradient now, and those that ever had one. All others have zeros for gradient and optimizer state, so
 * that nothing of them has to be cleared, added up or even held: memory that was never written takes no room.
 *
 * Numbers are those of the optimizer program (update-graphs.ts) to the last bit: each operation is rounded to float32 as there.
 */
export class SparseRows {
  readonly #memory: RowMemory
  #filled = new Set<number>()
  readonly #touched: Set<number>

  /** `isNew`: whether the state is known to be all zero. */
  constructor(memory: RowMemory, isNew: boolean) {
    this.#memory = memory
    this.#touched = isNew ? new Set() : rowsWithState(memory)
  }

  /** Says that a micro-batch is about to add to the gradients of these rows. */
  fill(rows: readonly number[]): void {
    for (const row of rows) this.#filled.add(row)
  }

  /** Adds one row of `added` for each use of a row, in their order: the sums of ScatterElements, bit by bit, in a twentieth of its time. */
  add(uses: readonly number[], added: Float32Array): void {
    const { gradient, width } = this.#memory
    uses.forEach((row, use) => {
      const [to, from] = [row * width, use * width]
      for (let i = 0; i < width; i++) gradient[to + i] = (gradient[to + i] ?? 0) + (added[from + i] ?? 0)
    })
  }

  /** Sets the gradients that were added up to zero. */
  clear(): void {
    const { gradient, width } = this.#memory
    for (const row of this.#filled) gradient.fill(0, row * width, (row + 1) * width)
    this.#filled = new Set()
  }

  /** The sum of squares of all gradients, added up in double precision. */
  sumOfSquares(): number {
    const { gradient, width } = this.#memory
    let sum = 0
    for (const row of this.#filled) {
      for (let i = row * width; i < (row + 1) * width; i++) {
        const value = gradient[i] ?? 0
        sum += value * value
      }
    }
    return sum
  }

  /** AdamW on every row that has state or a gradient, with the scalars of `updateScalars`; weights have been multiplied by `keep` already. */
  update(scalars: Readonly<Record<string, number>>): void {
    for (const row of this.#filled) this.#touched.add(row)
    const factors = roundedFactors({ ...scalars, [scalarNames.keep]: 1 })
    const { width } = this.#memory
    for (const row of this.#touched) updateElements(this.#memory, row * width, (row + 1) * width, factors)
  }
}

function rowsWithState({ width, average, squares }: RowMemory): Set<number> {
  const rows = new Set<number>()
  for (let i = 0; i < average.length; i++) {
    if (average[i] === 0 && squares[i] === 0) continue
    const row = Math.floor(i / width)
    rows.add(row)
    i = (row + 1) * width - 1
  }
  return rows
}

/** Copies a tensor in row by row, without touching rows that are zero on both sides: such memory may never have been written. */
export async function writeFilledRows(state: StateTensor, data: HostData): Promise<void> {
  const there = inHost(state)
  if (!there) return state.write(data)
  const width = state.shape.at(-1) ?? 1
  const isZero = (value: number | bigint): boolean => value === 0
  for (let start = 0; start < data.length; start += width) {
    const row = data.subarray(start, start + width)
    if (!row.every(isZero) || !there.subarray(start, start + width).every(isZero)) await state.write(row, start)
  }
}

/** The rows that a batch names, in the order of its tokens. */
export function rowsNamed(data: HostData): readonly number[] {
  assert(data instanceof BigInt64Array, 'row numbers are int64')
  return Array.from(data, Number)
}

/** The elements of a state tensor of float32 in host memory; null where it lies elsewhere. */
export const inHost = ({ elements }: StateTensor): Float32Array | null => (elements instanceof Float32Array ? elements : null)
