import { counted } from '../../base/wording.ts'
import { TABLE, type MarkBook } from './book.ts'
import type { MarkEntry } from './entries.ts'

/** Finished rows that training needs at least. */
export const LEAST_ROWS = 10

/** What is still needed before training, as a sentence; null where it is enough. Only rows that somebody marked here are gone through. */
export function missing(book: MarkBook): string | null {
  if (book.kinds.names.length === 0) return 'Name a kind of passage first, for instance “name” or “dose”.'
  let { finished, marked } = book.base
  const lines = new Set([...book.layers.people.flatMap((by) => [...book.layers.of(by).keys()]), ...book.settled.keys()])
  for (const line of lines) {
    const result = book.resultAt(line)
    const [before, after] = [book.inCell(line), result === 'cell' ? book.inCell(line) : result === null ? -1 : result.length]
    finished += Number(after >= 0) - Number(before >= 0)
    marked += Number(after > 0) - Number(before > 0)
  }
  const left = LEAST_ROWS - finished
  if (left > 0) return `${counted(left, 'more finished document is', 'more finished documents are')} needed before training.`
  return marked > 0 ? null : 'Nothing is marked in any finished document yet.'
}

/** Rows that a person finished. */
export function finishedBy(book: MarkBook, by: string): number {
  const base = by === TABLE ? book.base.finished : 0
  const before = (line: number): number => Number(by === TABLE && book.inCell(line) >= 0)
  return [...book.layers.of(by)].reduce((sum, [line, { finished }]) => sum + Number(finished) - before(line), base)
}

/** Rows with marks of a person that are not finished. */
export const startedBy = (book: MarkBook, by: string): number =>
  [...book.layers.of(by).values()].filter((each) => !each.finished && each.passages.length > 0).length

/** What is written about the marking and its kinds, as one text. */
export function guidelineOf({ note, kinds }: MarkBook): string {
  const ofKinds = kinds.names.filter((name) => kinds.note(name) !== '').map((name) => `${name}: ${kinds.note(name)}`)
  return [note, ...ofKinds].filter((part) => part !== '').join('\n')
}

/** The state as entries that the next version begins with. Marks that stand in its table are left out. */
export function carried(book: MarkBook): readonly MarkEntry[] {
  const { kinds } = book
  return [
    { do: 'overlap', overlap: book.overlap },
    ...(book.way === null ? [] : [{ do: 'way', way: book.way } as const]),
    ...kinds.names.map((name): MarkEntry => ({ do: 'kind', name, key: kinds.keyOf(name) })),
    ...kinds.former.map(([from, to]): MarkEntry => ({ do: 'former', from, to })),
    ...[null, ...kinds.names].flatMap((kind): readonly MarkEntry[] => {
      const text = kind === null ? book.note : kinds.note(kind)
      return text === '' ? [] : [{ do: 'note', kind, text }]
    }),
    ...book.layers.people.flatMap((by) =>
      [...book.layers.of(by)]
        .filter(([line, { finished }]) => by !== TABLE || !finished || book.settled.has(line))
        .map(([line, layer]): MarkEntry => ({ do: 'layer', by, line, ...layer }))
    ),
    ...[...book.settled].map(([line, passages]): MarkEntry => ({ do: 'settle', line, passages })),
    { do: 'used' }
  ]
}
