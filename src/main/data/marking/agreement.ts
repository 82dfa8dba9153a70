import type { Measured } from '../../../preload/contract/common.ts'
import type { Disagreement, MarkAgreement, Opinions, Passage } from '../../../preload/contract/marking.ts'
import type { TwoPeople } from '../../../preload/contract/labels.ts'
import type { Mark } from '../../base/mark.ts'
import type { MarkBook } from './book.ts'
import { readMarks, type MarkingData, type OpenMarks } from './open-marks.ts'
import { isSame, toSpans } from './passages.ts'

/** Measures one person's passages against another's, document by document. */
export type ComparePassages = (data: {
  readonly types: readonly string[]
  readonly truth: readonly (readonly Mark[])[]
  readonly said: readonly (readonly Mark[])[]
}) => {
  readonly strict: Measured | null
  readonly overlap: Measured | null
  readonly kinds: MarkAgreement['kinds']
}

const PREVIEW_CHARACTERS = 160

/** What a person marked in a row, and its text; of the table's own marks those of the cell where nobody changed them. */
async function opinionOf(
  datasets: MarkingData,
  id: TwoPeople['id'],
  open: OpenMarks,
  by: string,
  line: number
): Promise<{ readonly text: string; readonly passages: readonly Passage[] }> {
  const { text, passages } = await readMarks(datasets, id, open, line)
  return { text, passages: open.book.layerAt(by, line)?.passages ?? open.book.nowOf(passages) }
}

export async function opinionsOf(datasets: MarkingData, two: TwoPeople, open: OpenMarks, line: number): Promise<Opinions> {
  const first = await opinionOf(datasets, two.id, open, two.first, line)
  const second = await opinionOf(datasets, two.id, open, two.second, line)
  return { line, text: first.text, first: first.passages, second: second.passages, settled: open.book.settledAt(line) }
}

/** How far two people agree over the rows that both finished, and where they do not. */
export async function agreementOf(
  datasets: MarkingData,
  two: TwoPeople,
  open: OpenMarks,
  compare: ComparePassages
): Promise<MarkAgreement> {
  const { book } = open
  const lines = book.linesOf('finished', two.first).filter((line) => book.isFinished(two.second, line))
  const all: Opinions[] = []
  for (const line of lines) all.push(await opinionsOf(datasets, two, open, line))
  const { strict, overlap, kinds } = compare({
    types: book.kinds.names,
    truth: all.map(({ first }) => toSpans(first)),
    said: all.map(({ second }) => toSpans(second))
  })
  const disagreements = all.filter(({ first, second }) => !isAlike(first, second)).map((each) => listed(each, book))
  const marked = kinds.filter(({ first, second }) => first + second > 0)
  return { documents: lines.length, strict, overlap, kinds: marked, disagreements }
}

const isAlike = (a: readonly Passage[], b: readonly Passage[]): boolean =>
  a.length === b.length && a.every((each, i) => isSame(each, b[i] ?? { start: -1, end: -1, kind: '' }))

const listed = ({ line, text, settled }: Opinions, book: MarkBook): Disagreement => ({
  line,
  position: book.at(line) + 1,
  preview: text.slice(0, PREVIEW_CHARACTERS).replace(/\s+/g, ' '),
  settled: settled !== null
})
