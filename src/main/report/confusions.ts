export interface Confusion {
  readonly label: number
  readonly answer: number
  readonly count: number
}

/** The most frequent pairs of a label and another answer, from counts [labelled][answered]. */
export function topConfusions(counts: readonly (readonly number[])[], limit: number): Confusion[] {
  return counts
    .flatMap((line, label) => line.map((count, answer) => ({ label, answer, count })))
    .filter(({ label, answer, count }) => label !== answer && count > 0)
    .sort((a, b) => b.count - a.count || a.label - b.label || a.answer - b.answer)
    .slice(0, limit)
}
