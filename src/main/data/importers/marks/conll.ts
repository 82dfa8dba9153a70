import { basename } from 'node:path'
import { InputError } from '../../../base/errors.ts'
import { TAGGED_ENDINGS } from '../../../base/file-types.ts'
import { sizeOf } from '../../../base/wording.ts'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { detectEncoding, encodingNamed } from '../../source/encoding.ts'
import { defineImporter, type Importer, type ImportOptions, type Probe, type TableFormat } from '../define-importer.ts'
import { linesOf } from '../jsonl.ts'
import { cellsOf, conllLayoutOf, isComment, isDocumentStart, type ConllLayout } from './conll-layout.ts'
import { probeMarks, rowsOf } from './json-marks.ts'
import type { Found } from './marks-format.ts'
import { isPrefixed, isTag, spansOfTags, type TaggedWord } from './tags.ts'

export const CONLL = 'conll'

/** Endings of files in which tagged words are looked for: their own, and those that they share with tables. */
export const CONLL_ENDINGS: readonly string[] = [...TAGGED_ENDINGS, '.tsv', '.tab', '.txt']

/**
 * Tagged words, one a line: CoNLL-2003, CoNLL-U with tags, two columns; BIO, IOB1, IOB2, BILOU, IOBES. A document is what stands between two lines
 * `-DOCSTART-` (or `# newdoc`), else each sentence. The text is put together again: a blank between words, a line break between sentences.
 */
export const conllImporter = defineImporter({
  id: CONLL,
  title: 'CoNLL',
  extensions: TAGGED_ENDINGS,
  probe: async (path, options = {}, signal) => {
    const layout = await conllLayoutOf(path, options.encoding && encodingNamed(options.encoding), signal)
    if (layout === null) throw noTags(path)
    return probeConll(path, layout, options, signal)
  },
  rows: (path, format, signal, onRejected) => rowsOf(path, conllDocuments(path, format, signal), 'line', onRejected)
})

/** An importer of delimited tables that also knows tagged words, whose cells tabs divide as well. */
export function withConll(base: Importer, endings: readonly string[]): Importer {
  return {
    ...base,
    probe: async (path, options = {}, signal) => {
      const mayBe = endings.some((ending) => path.toLowerCase().endsWith(ending)) && options.header === undefined
      const layout = mayBe ? await conllLayoutOf(path, options.encoding && encodingNamed(options.encoding), signal) : null
      return layout === null ? base.probe(path, options, signal) : probeConll(path, layout, options, signal)
    },
    rows: (path, format, signal, onRejected) =>
      format.marks === CONLL
        ? rowsOf(path, conllDocuments(path, format, signal), 'line', onRejected)
        : base.rows(path, format, signal, onRejected)
  }
}

async function probeConll(path: string, layout: ConllLayout, options: ImportOptions, signal?: AbortSignal): Promise<Probe> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const asked = options.encoding === undefined ? undefined : encodingNamed(options.encoding)
  const encoding = await detectEncoding(path, asked, limits, signal)
  const format: TableFormat = { encoding, delimiter: null, limits, marks: CONLL }
  return probeMarks(path, format, read(path, layout, format, signal))
}

const noTags = (path: string): InputError =>
  new InputError(
    'data_conll_no_tags',
    `${basename(path)} has no column of tags such as B-NAME, I-NAME and O. It needs one word a line, its tag beside it, and an empty line after each sentence.`,
    { file: path }
  )

/** The documents of a file of tagged words, those that cannot be used among them. */
export async function* conllDocuments(
  path: string,
  format: TableFormat,
  signal?: AbortSignal
): AsyncGenerator<Found, void, undefined> {
  const layout = await conllLayoutOf(path, format.encoding, signal)
  if (layout === null) throw noTags(path)
  yield* read(path, layout, format, signal)
}

async function* read(
  path: string,
  layout: ConllLayout,
  format: TableFormat,
  signal?: AbortSignal
): AsyncGenerator<Found, void, undefined> {
  const reader = new ConllReader(layout, format.limits.rowLength)
  for await (const { text, line } of linesOf(path, format, signal)) {
    const found = reader.take(text.endsWith('\r') ? text.slice(0, -1) : text, line)
    if (found !== null) yield found
  }
  const last = reader.end()
  if (last !== null) yield last
}

/** Puts documents together from their lines. */
class ConllReader {
  readonly #layout: ConllLayout
  readonly #limit: number
  #text = ''
  #words: TaggedWord[] = []
  #spans: ReturnType<typeof spansOfTags> = []
  #line = 0
  #id: string | null = null
  #nextId: string | null = null
  #why: string | null = null
  #count = 0

  constructor(layout: ConllLayout, limit: number) {
    this.#layout = layout
    this.#limit = limit
  }

  /** Takes a line; the document that it ends, if any. */
  take(text: string, line: number): Found | null {
    if (isDocumentStart(text)) return this.#start(text)
    if (text.trim() === '') {
      this.#endSentence()
      return this.#layout.hasDocuments ? null : this.end()
    }
    const cells = cellsOf(text, this.#layout.separator)
    const tag = cells[this.#layout.tag]
    if (isComment(text) && (tag === undefined || !isTag(tag))) {
      const [, id] = /^#\s*(?:sent_)?id\s*=?\s*(\S+)/.exec(text) ?? []
      if (id !== undefined && !this.#layout.hasDocuments) this.#nextId = id
      return null
    }
    this.#word(cells, tag, line)
    return null
  }

  /** What has been gathered of a document; null where that is nothing. */
  end(): Found | null {
    this.#endSentence()
    const [text, spans, line, why] = [this.#text, this.#spans, this.#line, this.#why]
    const id = this.#id ?? String(this.#count + 1)
    this.#text = ''
    this.#spans = []
    this.#line = 0
    this.#why = null
    this.#id = null
    if (line === 0) return null
    this.#count++
    if (why !== null) return { kind: 'rejected', line, reason: why }
    return { kind: 'document', line, document: { id, text, spans }, others: {}, notTaken: {} }
  }

  #start(text: string): Found | null {
    const ended = this.end()
    const [, id] = /^#\s*newdoc\s+id\s*=\s*(.+)$/.exec(text) ?? /^-DOCSTART-\s+\(([^)]+)\)/.exec(text) ?? []
    this.#id = id?.trim() ?? null
    return ended
  }

  #word(cells: readonly string[], tag: string | undefined, line: number): void {
    // CoNLL-U repeats words that are written as one ("1-2") or left out ("1.1"); only plain numbers stand in the text.
    if (this.#layout.word === 1 && !/^\d+$/.test(cells[0] ?? '')) return
    if (this.#line === 0) {
      this.#line = line
      this.#id ??= this.#nextId
      this.#nextId = null
    }
    if (this.#why !== null) return
    const word = cells[this.#layout.word] ?? ''
    if (word === '' || tag === undefined || tag === '') this.#why = `Its line ${line} has no word with a tag.`
    else if (!this.#fits(tag)) this.#why = `Its line ${line} has a tag that is none of B-TYPE, I-TYPE, O and the like.`
    else this.#add(word, tag)
  }

  #fits(tag: string): boolean {
    return this.#layout.scheme === 'types without B and I' ? !isPrefixed(tag) : isTag(tag)
  }

  #add(word: string, tag: string): void {
    const between = this.#text === '' ? '' : this.#words.length === 0 ? '\n' : ' '
    const start = this.#text.length + between.length
    this.#text += between + word
    this.#words.push({ start, end: this.#text.length, tag })
    if (this.#text.length <= this.#limit) return
    this.#why = `It is longer than ${sizeOf(this.#limit)}. Put an empty line after each sentence, or -DOCSTART- between documents.`
    this.#text = ''
    this.#words = []
    this.#spans = []
  }

  #endSentence(): void {
    for (const span of spansOfTags(this.#words)) this.#spans.push(span)
    this.#words = []
  }
}
