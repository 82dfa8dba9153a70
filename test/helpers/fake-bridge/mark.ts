import type { DatasetId, RunId } from '../../../src/preload/contract/common.ts'
import type { DatasetSummary } from '../../../src/preload/contract/data.ts'
import type { TwoPeople } from '../../../src/preload/contract/labels.ts'
import type { MarkChange, MarkFilter, Overlap, Passage } from '../../../src/preload/contract/marking.ts'
import { wordsIn } from '../../../src/main/base/words-in.ts'
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

interface Layer {
  readonly passages: readonly Passage[]
  readonly finished: boolean
  readonly skipped: boolean
}

interface Book {
  readonly kinds: Map<string, { readonly key: string | null; readonly note: string }>
  readonly layers: Map<string, Layer>
  readonly touched: Set<number>
  readonly settled: Map<number, readonly Passage[]>
  overlap: Overlap
  note: string
  savedAt: string | null
}

const KINDS = ['name', 'drug', 'dose']
const LINES = Array.from({ length: ROWS }, (_, n) => n + 2)
const EMPTY: Layer = { passages: [], finished: false, skipped: false }
const textAt = (line: number): string => letter(line - 2)
const isSame = (a: Passage, b: Passage): boolean => a.start === b.start && a.end === b.end && a.kind === b.kind

/** Some long words of a letter as passages, each of another kind. */
function someOf(text: string, kinds: readonly string[], from: number): readonly Passage[] {
  const words = wordsIn(text).filter(({ start, end }) => end - start > 5)
  return kinds.flatMap((kind, i) => {
    const word = words[from + 3 * i]
    return word ? [{ ...word, kind }] : []
  })
}

function bareBook(): Book {
  return {
    kinds: new Map(),
    layers: new Map(),
    touched: new Set(),
    settled: new Map(),
    overlap: 'refused',
    note: '',
    savedAt: null
  }
}

/** Three letters with marks, of which two are finished. */
function fullBook(): Book {
  const book = bareBook()
  for (const [i, name] of KINDS.entries())
    book.kinds.set(name, { key: `${i + 1}`, note: name === 'drug' ? 'Brand names, too; no groups of drugs.' : '' })
  for (const line of [2, 3, 4])
    book.layers.set(` ${line}`, { passages: someOf(textAt(line), KINDS, 0), finished: line < 4, skipped: false })
  for (const line of [2, 3]) {
    const [name, ...others] = someOf(textAt(line), KINDS, 0)
    const passages = [...(name ? [{ ...name, kind: 'drug' }] : []), ...others.slice(0, 1)]
    book.layers.set(`Ben ${line}`, { passages, finished: true, skipped: false })
  }
  return { ...book, note: 'Mark every name of a person, without titles. A dose is the number with its unit.' }
}

/** Marking of the fake's letters, kept in memory. */
export function markingHandlers({ marked, use }: Options) {
  const books = new Map<string, Book>()
  const ways = new Map<string, 'sort' | 'mark'>()

  function bookOf(id: DatasetId): Book {
    const book = books.get(id) ?? (id === marked ? fullBook() : bareBook())
    books.set(id, book)
    return book
  }

  const layerOf = ({ id, by }: InSet, line: number): Layer => bookOf(id).layers.get(`${by} ${line}`) ?? EMPTY

  function shown(where: InSet) {
    const { kinds, layers, touched, overlap, note, savedAt } = bookOf(where.id)
    const own = [...layers].filter(([key]) => key.startsWith(`${where.by} `)).map(([, layer]) => layer)
    const passages = own.flatMap((layer) => layer.passages)
    const finished = own.filter((layer) => layer.finished).length
    const left = `${10 - finished} more finished documents are needed before training.`
    return {
      id: where.id,
      column: 'marks',
      kinds: [...kinds].map(([name, about]) => ({ name, ...about, count: passages.filter(({ kind }) => kind === name).length })),
      overlap,
      note,
      total: ROWS,
      finished,
      started: own.filter((layer) => !layer.finished && layer.passages.length > 0).length,
      pending: touched.size,
      savedAt,
      missing: kinds.size === 0 ? 'Name a kind of passage first, for instance “name” or “dose”.' : finished < 10 ? left : null,
      suggester: where.id === marked ? { run: 'r3' as RunId, name: 'Names v1' } : null,
      people: [...new Set([...layers.keys()].map((key) => key.slice(0, key.indexOf(' '))))].filter((by) => by !== '')
    }
  }

  function put(where: InSet, line: number, layer: Layer) {
    const book = bookOf(where.id)
    book.layers.set(`${where.by} ${line}`, layer)
    if (layer.finished) book.touched.add(line)
    return saved(where)
  }

  function saved(where: InSet) {
    bookOf(where.id).savedAt = new Date().toISOString()
    return shown(where)
  }

  const stateOf = ({ finished, skipped, passages }: Layer) =>
    finished ? 'finished' : skipped ? 'skipped' : passages.length > 0 ? 'started' : 'open'

  return {
    way: (id: DatasetId) => ways.get(id) ?? (id === marked ? 'mark' : 'sort'),
    setWay: ({ id, way }: { id: DatasetId; way: 'sort' | 'mark' }) => void ways.set(id, way),
    open: shown,
    queue: ({ filter, ...where }: InSet & { filter: MarkFilter }) => {
      const lines = LINES.filter((line) => {
        const { finished, skipped } = layerOf(where, line)
        if (filter === 'all') return true
        return filter === 'finished' ? finished : filter === 'skipped' ? skipped : !finished && !skipped
      })
      return { lines, total: lines.length }
    },
    rows: ({ lines, ...where }: InSet & { lines: readonly number[] }) =>
      lines.map((line) => {
        const layer = layerOf(where, line)
        const preview = textAt(line).slice(0, 160).replace(/\s+/g, ' ')
        return { line, position: line - 1, preview, state: stateOf(layer), passages: layer.passages.length }
      }),
    document: ({ line, ...where }: InSet & { line: number }) => {
      const text = textAt(line)
      const words = wordsIn(text).flatMap(({ start, end }) => [start, end])
      return { line, position: line - 1, text, words, ...layerOf(where, line) }
    },
    change: ({ line, remove, add, ...where }: MarkChange) => {
      const before = layerOf(where, line)
      const left = before.passages.filter((each) => !remove.some((gone) => isSame(gone, each)))
      const passages = [...left, ...add].toSorted((a, b) => a.start - b.start || b.end - a.end)
      const kinds = bookOf(where.id).kinds
      for (const { kind } of add) if (!kinds.has(kind)) kinds.set(kind, { key: null, note: '' })
      return put(where, line, { ...before, passages, skipped: false })
    },
    finish: ({ line, finished, ...where }: InSet & { line: number; finished: boolean }) =>
      put(where, line, { ...layerOf(where, line), finished, skipped: false }),
    skip: ({ line, skipped, ...where }: InSet & { line: number; skipped: boolean }) =>
      put(where, line, { ...layerOf(where, line), skipped }),
    setKind: ({ name, key, ...where }: InSet & { name: string; key: string | null }) => {
      const { kinds } = bookOf(where.id)
      kinds.set(name, { key: key ?? `${kinds.size + 1}`, note: kinds.get(name)?.note ?? '' })
      return saved(where)
    },
    renameKind: ({ from, to, ...where }: InSet & { from: string; to: string }) => {
      const book = bookOf(where.id)
      book.kinds.set(to, book.kinds.get(to) ?? book.kinds.get(from) ?? { key: null, note: '' })
      book.kinds.delete(from)
      for (const [key, layer] of book.layers) {
        const passages = layer.passages.map((each) => (each.kind === from ? { ...each, kind: to } : each))
        book.layers.set(key, { ...layer, passages })
      }
      return saved(where)
    },
    setOverlap: ({ overlap, ...where }: InSet & { overlap: Overlap }) => {
      bookOf(where.id).overlap = overlap
      return saved(where)
    },
    setNote: ({ kind, text, ...where }: InSet & { kind: string | null; text: string }) => {
      const book = bookOf(where.id)
      if (kind === null) book.note = text
      else book.kinds.set(kind, { key: book.kinds.get(kind)?.key ?? null, note: text })
      return saved(where)
    },
    suggest: ({ lines }: { lines: readonly number[] }) =>
      lines.map((line) => ({
        line,
        passages: someOf(textAt(line), ['name', 'drug'], 1).map((each, i) => ({ ...each, confidence: 0.93 - 0.25 * i }))
      })),
    agreement: ({ id, first, second }: TwoPeople) => {
      const lines = LINES.filter(
        (line) => layerOf({ id, by: first }, line).finished && layerOf({ id, by: second }, line).finished
      )
      const measured = { value: 0.83, low: 0.71, high: 0.92 }
      const kinds = KINDS.map((kind, i) => ({
        kind,
        first: 2,
        second: 2 - (i % 2),
        both: 1,
        f1: { ...measured, value: 0.67 + 0.05 * i }
      }))
      const disagreements = lines.map((line) => ({
        line,
        position: line - 1,
        preview: textAt(line).slice(0, 160),
        settled: bookOf(id).settled.has(line)
      }))
      return { documents: lines.length, strict: measured, overlap: { ...measured, value: 0.9 }, kinds, disagreements }
    },
    opinions: ({ id, first, second, line }: TwoPeople & { line: number }) => ({
      line,
      text: textAt(line),
      first: layerOf({ id, by: first }, line).passages,
      second: layerOf({ id, by: second }, line).passages,
      settled: bookOf(id).settled.get(line) ?? null
    }),
    settle: ({ line, passages, ...where }: InSet & { line: number; passages: readonly Passage[] }) => {
      bookOf(where.id).settled.set(line, passages)
      return saved(where)
    },
    renameKinds: ({ id }: { readonly id: DatasetId }) => use(id),
    use: (id: DatasetId) => {
      bookOf(id).touched.clear()
      return use(id)
    }
  }
}
