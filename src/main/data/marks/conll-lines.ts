import type { Span } from '../spans/span.ts'

/** Words with what joins them, or one sign. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’.,:/-][\p{L}\p{M}\p{N}]+)*|\S/gu

/**
 * A text as tagged words, one a line, in IOB2 with an empty line for each line break: `word<tab>tag`. Words are cut where a mark begins or ends. What
 * CoNLL cannot say is lost: where blanks stood, and marks inside of marks, of which the outermost is kept.
 */
export function conllLines(text: string, spans: readonly Span[]): { readonly lines: readonly string[]; readonly left: number } {
  const outermost = outermostOf(spans)
  const lines: string[] = []
  let sentence = 0
  for (const { start, end } of wordsIn(text, outermost)) {
    const between = text.slice(sentence, start)
    if (lines.length > 0 && between.includes('\n')) lines.push('')
    sentence = end
    const mark = outermost.find((span) => span.start <= start && end <= span.end)
    const tag = mark === undefined ? 'O' : `${mark.start === start ? 'B' : 'I'}-${mark.label.replace(/\s+/g, '_')}`
    lines.push(`${text.slice(start, end)}\t${tag}`)
  }
  return { lines, left: spans.length - outermost.length }
}

/** Marks that do not lie in or across an earlier or longer one, in order. */
function outermostOf(spans: readonly Span[]): readonly Span[] {
  const kept: Span[] = []
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span)
  return kept
}

interface Word {
  readonly start: number
  readonly end: number
}

function* wordsIn(text: string, spans: readonly Span[]): Generator<Word> {
  const edges = spans.flatMap(({ start, end }) => [start, end])
  let next = 0
  for (const { 0: word, index } of text.matchAll(WORD)) {
    let start = index
    const end = index + word.length
    while ((edges[next] ?? Infinity) <= start) next++
    for (; (edges[next] ?? Infinity) < end; next++) {
      yield { start, end: edges[next] ?? end }
      start = edges[next] ?? end
    }
    yield { start, end }
  }
}
