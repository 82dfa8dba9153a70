import { Random } from '../../base/random.ts'
import type { HostTensor } from '../runtime/port.ts'
import { feeds } from './feeds.ts'
import type { Batch } from './feeding.ts'

/** One tokenised sequence, special tokens included. */
export interface Sequence {
  readonly ids: Int32Array
  readonly typeIds: Int32Array | Uint8Array | null
}

export interface CollateSettings {
  readonly padId: number
  /** Number of the first position (RoBERTa: padId + 1, and padding is numbered padId). */
  readonly positionOffset: number
}

/** What masks a padded position: added to its attention scores, as transformers does (`torch.finfo(float32).min`). */
export const maskedScore = -3.4028234663852886e38

/** Pads sequences to the longest of them, or to `padTo` tokens where that is more: `rows` × `time`. */
export function collate(sequences: readonly Sequence[], { padId, positionOffset }: CollateSettings, padTo = 1): Batch {
  const rows = sequences.length
  const time = sequences.reduce((longest, { ids }) => Math.max(longest, ids.length), padTo)
  const size = rows * time
  const inputIds = new BigInt64Array(size).fill(BigInt(padId))
  const typeIds = new BigInt64Array(size)
  const positions = new BigInt64Array(size).fill(BigInt(positionOffset === 0 ? 0 : padId))
  const bias = new Float32Array(size).fill(maskedScore)
  const first = new BigInt64Array(rows)
  const poolWeights = new Float32Array(size)
  sequences.forEach(({ ids, typeIds: types }, row) => {
    const start = row * time
    first[row] = BigInt(start)
    poolWeights.fill(1 / ids.length, start, start + ids.length)
    for (let i = 0; i < ids.length; i++) {
      inputIds[start + i] = BigInt(ids[i] ?? padId)
      typeIds[start + i] = BigInt(types?.[i] ?? 0)
      positions[start + i] = BigInt(i + positionOffset)
      bias[start + i] = 0
    }
  })
  const ints = (data: BigInt64Array<ArrayBuffer>, shape: readonly number[]): HostTensor => ({ type: 'int64', shape, data })
  return {
    sizes: { rows, time, tokens: size },
    inputs: {
      [feeds.inputIds]: ints(inputIds, [rows, time]),
      [feeds.tokenTypeIds]: ints(typeIds, [rows, time]),
      [feeds.positionIds]: ints(positions, [rows, time]),
      [feeds.attentionBias]: { type: 'float32', shape: [rows, 1, 1, time], data: bias },
      [feeds.firstTokens]: ints(first, [rows]),
      [feeds.poolWeights]: { type: 'float32', shape: [rows, 1, time], data: poolWeights },
      [feeds.poolBias]: { type: 'float32', shape: [rows, time, 1], data: bias }
    }
  }
}

export interface OrderSettings {
  readonly seed: number
  readonly epoch: number
  readonly batchSize: number
  /** Puts rows of like length into one batch: batches are cut from sorted stretches of 50 batches, rows of equal length in any order, and then shuffled. */
  readonly groupByLength: boolean
}

/** The rows of each batch of one epoch; every row once. (seed, epoch) decide it. */
export function epochBatches(lengths: Int32Array, { seed, epoch, batchSize, groupByLength }: OrderSettings): Int32Array[] {
  const random = new Random(seed, `shuffle/epoch ${epoch}`)
  const order = random.shuffle(Int32Array.from(lengths, (_, i) => i))
  if (!groupByLength) return cut(order, batchSize)
  const stretch = batchSize * 50
  const batches: Int32Array[] = []
  for (let start = 0; start < order.length; start += stretch) {
    batches.push(...cut(byLength(order.slice(start, start + stretch), lengths), batchSize))
  }
  return random.shuffle(batches)
}

/** Rows in batches of like length, longest first; for evaluation, where order does not matter. */
export function evaluationBatches(lengths: Int32Array, batchSize: number): Int32Array[] {
  return cut(
    byLength(
      Int32Array.from(lengths, (_, i) => i),
      lengths
    ),
    batchSize
  )
}

/** Tokens of the longest of some sequences, at least 1: what their batch is padded to. */
export const longestOf = (rows: Int32Array, lengths: Int32Array): number =>
  rows.reduce((most, row) => Math.max(most, lengths[row] ?? 0), 1)

/** Longest first; rows of equal length stay in the order that they come in. */
function byLength(rows: Int32Array, lengths: Int32Array): Int32Array {
  return rows.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0))
}

/** Micro-batches by the optimizer step that they belong to. */
export function inWindows(batches: readonly Int32Array[], accumulation: number): Int32Array[][] {
  const windows: Int32Array[][] = []
  for (let start = 0; start < batches.length; start += accumulation) windows.push(batches.slice(start, start + accumulation))
  return windows
}

/** Rows in pieces of `batchSize`, the last as long as it comes. */
export function cut(order: Int32Array, batchSize: number): Int32Array[] {
  const batches: Int32Array[] = []
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize))
  return batches
}
