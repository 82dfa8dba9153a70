import type { Span } from '../../spans/span.ts'

/** A tag taken apart: `B-NAME` begins a NAME. Null stands for `O`. */
interface Tag {
  readonly prefix: string
  readonly type: string
}

/** Begin, inside, end and single; last and unit are BILOU's words for end and single, M is BMES's for inside. */
const PREFIXED = /^([BIESLUM])-(\S.*)$/

/** Whether a cell can be a tag of BIO, IOB1, BILOU, IOBES or the like. */
export const isTag = (cell: string): boolean => cell === 'O' || PREFIXED.test(cell)

export const isPrefixed = (cell: string): boolean => PREFIXED.test(cell)

/** Takes a tag apart. A plain type, as files without prefixes have it, goes on as long as it is repeated. */
function parsed(cell: string): Tag | null {
  if (cell === 'O') return null
  const [, prefix = 'I', type = cell] = PREFIXED.exec(cell) ?? []
  return { prefix, type }
}

/** A word of a text and its tag. */
export interface TaggedWord {
  readonly start: number
  readonly end: number
  readonly tag: string
}

/**
 * Marks from tagged words, by the rules of CoNLL's own scorer, which fit every scheme: a mark begins at B, S or U, at another type, and after O or
 * the end of one; it ends after E, S, L or U. A scheme that is broken in places is read as that scorer reads it.
 */
export function spansOfTags(words: readonly TaggedWord[]): Span[] {
  const spans: { start: number; end: number; label: string }[] = []
  let open: { start: number; end: number; label: string } | null = null
  for (const { start, end, tag: cell } of words) {
    const tag = parsed(cell)
    if (tag === null) {
      open = null
      continue
    }
    const label = tag.type.trim().normalize('NFC')
    const begins = open === null || open.label !== label || tag.prefix === 'B' || tag.prefix === 'S' || tag.prefix === 'U'
    if (begins || open === null) {
      open = { start, end, label }
      spans.push(open)
    } else open.end = end
    if (tag.prefix !== 'B' && tag.prefix !== 'I' && tag.prefix !== 'M') open = null
  }
  return spans
}

/** The scheme that tags follow, by its usual name. */
export function schemeOf(sequences: readonly (readonly string[])[]): string {
  const prefixes = new Set(sequences.flat().map((cell) => PREFIXED.exec(cell)?.[1] ?? ''))
  if (prefixes.has('U') || prefixes.has('L')) return 'BILOU'
  if (prefixes.has('S') || prefixes.has('E')) return 'IOBES'
  if (!prefixes.has('B') && !prefixes.has('I')) return 'types without B and I'
  return sequences.some(opensWithI) ? 'IOB1' : 'IOB2'
}

/** Whether some mark begins with I, as in IOB1. */
function opensWithI(tags: readonly string[]): boolean {
  return tags.some((cell, i) => {
    const [tag, before] = [parsed(cell), parsed(tags[i - 1] ?? 'O')]
    return tag?.prefix === 'I' && tag.type !== before?.type
  })
}
