import type { Span } from '../../spans/span.ts'
import { counts, NotTaken } from './marks-format.ts'
import { spansOf, type RawMark } from './raw-marks.ts'

/** What an annotation file of BRAT says of its text. */
export interface BratMarks {
  /** The text that the marks count: that of the file, or the same with plain line feeds where the marks were made on that. */
  readonly text: string
  readonly spans: readonly Span[]
  readonly notTaken: Readonly<Record<string, number>>
}

/** Lines of an annotation file that are no marks, by their first letter. */
const KINDS: Readonly<Record<string, string>> = {
  R: 'relation',
  '*': 'relation',
  E: 'event',
  A: 'attribute',
  M: 'attribute',
  N: 'normalisation',
  '#': 'note'
}

interface Passage {
  readonly pieces: readonly RawMark[]
  readonly quote: string | null
}

/**
 * Reads `T1<tab>TYPE 0 4<tab>text` lines, whose offsets count code points. A mark of several pieces becomes one mark for each piece. Relations,
 * events, attributes, normalisations and notes are counted and not taken. Throws `NotTaken` for what cannot be read.
 */
export function readBrat(text: string, annotations: string): BratMarks {
  const passages: Passage[] = []
  const left: Record<string, number> = {}
  for (const [index, line] of annotations.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    if (line.startsWith('T')) {
      passages.push(passageOf(line, index + 1))
      continue
    }
    const kind = KINDS[line.charAt(0)]
    if (kind === undefined) throw new NotTaken(`Line ${index + 1} of its annotations is none that BRAT writes.`)
    left[kind] = (left[kind] ?? 0) + 1
  }
  const pieces = passages.filter((passage) => passage.pieces.length > 1).length
  return { ...located(text, passages), notTaken: counts({ ...left, 'mark of several pieces as one mark each': pieces }) }
}

function passageOf(line: string, number: number): Passage {
  const [, place = '', quote] = line.split('\t')
  const found = /^(\S+) (\d+ \d+(?:;\d+ \d+)*)$/.exec(place.trim())
  if (found === null) throw new NotTaken(`Line ${number} of its annotations has no type, start and end.`)
  const [, label, offsets = ''] = found
  const pieces = offsets.split(';').map((piece) => {
    const [start, end] = piece.split(' ').map(Number)
    return { start, end, label }
  })
  return { pieces, quote: quote ?? null }
}

/** The marks on the text as it is; where they quote other passages and the text has CR LF, on the text with LF, as tools on Unix count it. */
function located(text: string, passages: readonly Passage[]): Pick<BratMarks, 'text' | 'spans'> {
  const plain = text.replaceAll('\r\n', '\n')
  for (const candidate of plain === text ? [text] : [text, plain]) {
    const isLast = candidate === plain
    const spans = onText(candidate, passages, isLast)
    if (spans !== null) return { text: candidate, spans }
  }
  throw new NotTaken('Its marks quote other passages than those at which they stand. Was the text changed afterwards?')
}

function onText(text: string, passages: readonly Passage[], isLast: boolean): readonly Span[] | null {
  try {
    const all = passages.map(({ pieces }) => spansOf(text, pieces))
    const agree = all.every((spans, i) => agrees(text, spans, passages[i]?.quote ?? null))
    return agree ? all.flat() : null
  } catch (error) {
    if (isLast || !(error instanceof NotTaken)) throw error
    return null
  }
}

function agrees(text: string, spans: readonly Span[], quote: string | null): boolean {
  const found = spans.map(({ start, end }) => text.slice(start, end)).join(' ')
  return quote === null || squeezed(found) === squeezed(quote)
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()
