import type { Examples } from './examples.ts'

/** Logits of each row, [rows, labels], from those of each sequence: where a row has windows, their mean or largest. */
export function pooledWindows(
  { sequences, rows, rowOf, share }: Examples,
  perSequence: Float32Array,
  labels: number,
  pooling: 'mean' | 'max'
): Float32Array {
  if (sequences.length === rows.length) return perSequence
  const isMax = pooling === 'max'
  const place = new Map(Array.from(rows, (row, i) => [row, i]))
  const pooled = new Float32Array(rows.length * labels).fill(isMax ? -Infinity : 0)
  rowOf.forEach((row, sequence) => {
    const at = (place.get(row) ?? 0) * labels
    for (let c = 0; c < labels; c++) {
      const value = perSequence[sequence * labels + c] ?? 0
      const before = pooled[at + c] ?? 0
      pooled[at + c] = isMax ? Math.max(before, value) : before + value * (share[sequence] ?? 1)
    }
  })
  return pooled
}
