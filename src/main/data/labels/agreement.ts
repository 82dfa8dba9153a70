import type { Measured } from '../../../preload/contract/common.ts'
import type { LabelAgreement, TwoPeople } from '../../../preload/contract/labels.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { bookOf, type OpenBook } from './open-book.ts'

/** Measures one person's classes, [rows], against another's. */
export type CompareClasses = (classes: { readonly first: Int32Array; readonly second: Int32Array; readonly count: number }) => {
  readonly kappa: Measured | null
  readonly same: Measured | null
}

const PREVIEW_CHARACTERS = 160

/** How far two people agree over the rows that both labelled. Several classes in one cell count as one answer. */
export async function agreementOf(
  datasets: Pick<Datasets, 'textsAt'>,
  { id, first, second }: TwoPeople,
  open: OpenBook,
  compare: CompareClasses
): Promise<LabelAgreement> {
  const [one, other] = [bookOf(open, first), bookOf(open, second)]
  const both = one.linesOf('labelled').flatMap((line) => {
    const [mine, theirs] = [one, other].map((book) =>
      book
        .partsOf(book.valueAt(book.at(line)) ?? '')
        .toSorted()
        .join('; ')
    )
    return mine && theirs ? [{ line, first: mine, second: theirs }] : []
  })
  if (both.length === 0) return { rows: 0, kappa: null, same: null, disagreements: [] }
  const numbers = new Map<string, number>()
  const numberOf = (label: string): number => {
    const number = numbers.get(label) ?? numbers.size
    numbers.set(label, number)
    return number
  }
  const [mine, theirs] = [
    Int32Array.from(both, (row) => numberOf(row.first)),
    Int32Array.from(both, (row) => numberOf(row.second))
  ]
  const differing = both.filter((row) => row.first !== row.second)
  const texts = await datasets.textsAt(
    id,
    differing.map(({ line }) => line)
  )
  const disagreements = differing.map((row) => ({
    ...row,
    position: one.at(row.line) + 1,
    preview: (texts.get(row.line) ?? '').slice(0, PREVIEW_CHARACTERS).replace(/\s+/g, ' '),
    settled: open.settled.get(row.line) ?? null
  }))
  return { rows: both.length, ...compare({ first: mine, second: theirs, count: numbers.size }), disagreements }
}
