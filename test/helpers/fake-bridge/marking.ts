import type { DatasetId, RunId } from '../../../src/preload/contract/common.ts'
import type { DatasetSummary } from '../../../src/preload/contract/data.ts'
import type { MarkChange, MarkFilter, Overlap, Passage } from '../../../src/preload/contract/marking.ts'
import { wordsIn } from '../../../src/main/base/words-in.ts'
import { MarkBook, TABLE } from '../../../src/main/data/marking/book.ts'
import type { MarkEntry } from '../../../src/main/data/marking/entries.ts'
import { changed, checkAdded } from '../../../src/main/data/marking/passages.ts'
import { finishedBy, missing, startedBy } from '../../../src/main/data/marking/standing.ts'
import { ROWS } from './data.ts'
import { letter } from './letters.ts'

interface Options {
  /** Data whose passages are marked from the start, and their letters have some. */
  readonly marked: DatasetId
  readonly use: (id: DatasetId) => DatasetSummary
}

interface InSet {
  readonly id: DatasetId
  readonly by: string
}

const textAt = (line: number): string => letter(line - 2)

/** A letter's first words as passages: of a kind by its place. */
function someOf(text: string, kinds: readonly string[], from: number): readonly Passage[] {
  const words = wordsIn(text).filter(({ start, end }) => end - start > 5)
  return kinds.flatMap((kind, i) => {
    const word = words[from + 3 * i]
    return word ? [{ ...word, kind }] : []
  })
}

/** Marking of the fake's letters, kept in memory by the same book as the real one. */
export function markingHandlers({ marked, use }: Options) {
  const books = new Map<string, MarkBook>()
  const ways = new Map<string, 'sort' | 'mark'>()
  const saved = new Map<string, string>()

  function bookOf(id: DatasetId): MarkBook {
    const known = books.get(id)
    if (known) return known
    const book = new MarkBook()
    for (let line = 2; line < ROWS + 2; line++) book.addRow(line, true, null)
    books.set(id, book)
    if (id !== marked) return book
    for (const [i, name] of ['name', 'drug', 'dose'].entries()) book.apply({ do: 'kind', name, key: `${i + 1}` })
    const note = 'Mark every name of a person, without titles. A dose is the number with its unit.'
    book.apply({ do: 'note', kind: null, text: note })
    book.apply({ do: 'note', kind: 'drug', text: 'Brand names, too; no groups of drugs.' })
    for (let line = 2; line < 5; line++) {
      const add = someOf(textAt(line), ['name', 'drug', 'dose'], 0)
      book.apply({ do: 'change', by: TABLE, line, remove: [], add })
      if (line < 4) book.apply({ do: 'finish', by: TABLE, line, finished: true })
    }
    book.apply({ do: 'used' })
    return book
  }

  function shown({ id, by }: InSet) {
    const book = bookOf(id)
    return {
      id,
      column: 'marks',
      kinds: book.kinds.shown(book.layers.countsOf(by)),
      overlap: book.overlap,
      note: book.note,
      total: book.total,
      finished: finishedBy(book, by),
      started: startedBy(book, by),
      pending: book.pending,
      savedAt: saved.get(id) ?? null,
      missing: missing(book),
      suggester: id === marked ? { run: 'r3' as RunId, name: 'Names v1' } : null,
      people: book.people
    }
  }

  function done(where: InSet, entry: MarkEntry) {
    bookOf(where.id).apply(entry)
    saved.set(where.id, new Date().toISOString())
    return shown(where)
  }

  return {
    way: (id: DatasetId) => ways.get(id) ?? (id === marked ? 'mark' : 'sort'),
    setWay: ({ id, way }: { id: DatasetId; way: 'sort' | 'mark' }) => void ways.set(id, way),
    open: shown,
    queue: ({ id, by, filter }: InSet & { filter: MarkFilter }) => {
      const lines = bookOf(id).linesOf(filter, by)
      return { lines, total: lines.length }
    },
    rows: ({ id, by, lines }: InSet & { lines: readonly number[] }) =>
      lines.map((line) => ({
        line,
        position: line - 1,
        preview: textAt(line).slice(0, 160).replace(/\s+/g, ' '),
        ...bookOf(id).stateAt(by, line)
      })),
    document: ({ id, by, line }: InSet & { line: number }) => {
      const text = textAt(line)
      const { passages, finished, skipped } = bookOf(id).layerAt(by, line)!
      const words = wordsIn(text).flatMap(({ start, end }) => [start, end])
      return { line, position: line - 1, text, words, passages, finished, skipped }
    },
    change: ({ id, by, line, remove, add }: MarkChange) => {
      const book = bookOf(id)
      checkAdded(textAt(line), changed(book.layerAt(by, line)!.passages, { remove, add }), add, book.overlap)
      return done({ id, by }, { do: 'change', by, line, remove, add })
    },
    finish: ({ line, finished, ...where }: InSet & { line: number; finished: boolean }) =>
      done(where, { do: 'finish', by: where.by, line, finished }),
    skip: ({ line, skipped, ...where }: InSet & { line: number; skipped: boolean }) =>
      done(where, { do: 'skip', by: where.by, line, skipped }),
    setKind: ({ name, key, ...where }: InSet & { name: string; key: string | null }) =>
      done(where, { do: 'kind', name, key: key ?? bookOf(where.id).kinds.freeKey() }),
    renameKind: ({ from, to, ...where }: InSet & { from: string; to: string }) => done(where, { do: 'rename', from, to }),
    setOverlap: ({ overlap, ...where }: InSet & { overlap: Overlap }) => done(where, { do: 'overlap', overlap }),
    setNote: ({ kind, text, ...where }: InSet & { kind: string | null; text: string }) =>
      done(where, { do: 'note', kind, text }),
    suggest: ({ lines }: { lines: readonly number[] }) =>
      lines.map((line) => ({
        line,
        passages: someOf(textAt(line), ['name', 'drug'], 1).map((each, i) => ({ ...each, confidence: 0.93 - 0.25 * i }))
      })),
    use: (id: DatasetId) => {
      bookOf(id).apply({ do: 'used' })
      return use(id)
    }
  }
}
