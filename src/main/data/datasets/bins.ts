import type { Bin } from '../../../preload/contract/data.ts'

/** Widths that people read easily: 1, 2 or 5 times a power of ten. */
function niceWidth(span: number, bins: number): number {
  const raw = span / bins
  const power = 10 ** Math.floor(Math.log10(raw))
  return ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power
}

/** Values counted in at most some `most` bins of a readable width; [from, to), the last one closed. */
export function binsOf(values: readonly number[], most = 20): readonly Bin[] {
  if (values.length === 0) return []
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low === high) return [{ from: low, to: high, count: values.length }]
  const width = niceWidth(high - low, most)
  const start = Math.floor(low / width)
  const counts = new Array<number>(Math.max(1, Math.ceil(high / width) - start)).fill(0)
  for (const value of values) {
    const bin = Math.min(counts.length - 1, Math.floor(value / width) - start)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const edge = (bin: number): number => Number(((start + bin) * width).toPrecision(12))
  return counts.map((count, bin) => ({ from: edge(bin), to: edge(bin + 1), count }))
}
