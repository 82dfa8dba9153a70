import type { HostTensor } from '../runtime/port.ts'
import { maskedScore, type CollateSettings, type Sequence } from './batches.ts'
import type { Batch } from './feeding.ts'
import { feeds } from './feeds.ts'

/** How the texts of a batch share rows. */
export interface PackedLayout {
  readonly rows: number
  readonly time: number
  /** Where each text begins, as an index into the batch's tokens (row · time + place). */
  readonly starts: readonly number[]
}

/** Rows are not made longer than this for packing's sake: attention costs the square of the length. */
const usualRoom = 128

/** The longest row that packing may make, where no single text is longer. */
export const packingRoom = (maxLength: number): number => Math.min(maxLength, usualRoom)

/**
 * Puts texts into rows in their order, each into the first row with room for it. Of the row lengths from the longest text up to `room` it
 * takes the one that leaves the fewest tokens to compute, padding included; the shorter where two do.
 */
export function packLayout(lengths: readonly number[], room: number): PackedLayout {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1)
  let best = firstFit(lengths, longest)
  for (let length = longest + 1; length <= room; length++) {
    const next = firstFit(lengths, length)
    if (next.rows * next.time < best.rows * best.time) best = next
  }
  return best
}

function firstFit(lengths: readonly number[], room: number): PackedLayout {
  const filled: number[] = []
  const places = lengths.map((length) => {
    const found = filled.findIndex((used) => used + length <= room)
    const row = found < 0 ? filled.push(0) - 1 : found
    const place = { row, from: filled[row] ?? 0 }
    filled[row] = place.from + length
    return place
  })
  const time = filled.reduce((most, used) => Math.max(most, used), 1)
  return { rows: filled.length, time, starts: places.map(({ row, from }) => row * time + from) }
}

/**
 * Lays texts out as `layout` says: positions start anew with each text, and the attention bias [rows, 1, time, time] lets a token see its own
 * text alone. Padding sees itself, so that no row of scores is masked whole. `examples` texts, the longest of `longest` tokens.
 */
export function collatePacked(
  sequences: readonly Sequence[],
  { padId, positionOffset }: CollateSettings,
  { rows, time, starts }: PackedLayout
): Batch {
  const size = rows * time
  const examples = sequences.length
  const longest = sequences.reduce((most, { ids }) => Math.max(most, ids.length), 1)
  const inputIds = new BigInt64Array(size).fill(BigInt(padId))
  const typeIds = new BigInt64Array(size)
  const positions = new BigInt64Array(size).fill(BigInt(positionOffset === 0 ? 0 : padId))
  const bias = new Float32Array(size * time).fill(maskedScore)
  // Padding's own diagonal; real tokens overwrite theirs with the same.
  for (let at = 0; at < size; at++) bias[at * time + (at % time)] = 0
  const unpack = new BigInt64Array(examples * longest)
  const poolWeights = new Float32Array(examples * longest)
  const poolBias = new Float32Array(examples * longest).fill(maskedScore)
  sequences.forEach(({ ids, typeIds: types }, text) => {
    const start = starts[text] ?? 0
    const own = text * longest
    unpack.fill(BigInt(start), own, own + longest)
    poolWeights.fill(1 / ids.length, own, own + ids.length)
    poolBias.fill(0, own, own + ids.length)
    for (let i = 0; i < ids.length; i++) {
      const at = start + i
      inputIds[at] = BigInt(ids[i] ?? padId)
      typeIds[at] = BigInt(types?.[i] ?? 0)
      positions[at] = BigInt(i + positionOffset)
      unpack[own + i] = BigInt(at)
      const first = at * time + (start % time)
      bias.fill(0, first, first + ids.length)
    }
  })
  const ints = (data: BigInt64Array<ArrayBuffer>, shape: readonly number[]): HostTensor => ({ type: 'int64', shape, data })
  const floats = (data: Float32Array<ArrayBuffer>, shape: readonly number[]): HostTensor => ({ type: 'float32', shape, data })
  return {
    sizes: { rows, time, tokens: size, examples, longest },
    inputs: {
      [feeds.inputIds]: ints(inputIds, [rows, time]),
      [feeds.tokenTypeIds]: ints(typeIds, [rows, time]),
      [feeds.positionIds]: ints(positions, [rows, time]),
      [feeds.attentionBias]: floats(bias, [rows, 1, time, time]),
      [feeds.firstTokens]: ints(
        BigInt64Array.from(starts, (start) => BigInt(start)),
        [examples]
      ),
      [feeds.unpack]: ints(unpack, [examples, longest]),
      [feeds.poolWeights]: floats(poolWeights, [examples, 1, longest]),
      [feeds.poolBias]: floats(poolBias, [examples, longest, 1])
    }
  }
}
