import { headOf, roughText } from '../../source/head.ts'
import { isPrefixed, isTag, schemeOf } from './tags.ts'

/** How the lines of a file of tagged words are built. */
export interface ConllLayout {
  /** Columns of the word and of its tag, from 0. */
  readonly word: number
  readonly tag: number
  readonly separator: 'tab' | 'blank'
  /** Whether lines say where a document begins; where none does, each sentence is one. */
  readonly hasDocuments: boolean
  readonly scheme: string
}

const HEAD_BYTES = 1 << 20
/** Of the lines of words, this share has to be tagged. */
const ENOUGH = 0.98

export const isDocumentStart = (line: string): boolean => line.startsWith('-DOCSTART-') || /^#\s*newdoc\b/.test(line)

/** The cells of a line. Words may hold blanks where tabs divide the cells. */
export const cellsOf = (line: string, separator: ConllLayout['separator']): readonly string[] =>
  separator === 'tab' ? line.split('\t').map((cell) => cell.trim()) : line.trim().split(/[ \t]+/)

/** How a file of tagged words is built, by its beginning; null where it is none. */
export async function conllLayoutOf(path: string, encoding?: string, signal?: AbortSignal): Promise<ConllLayout | null> {
  const { bytes, isWhole } = await headOf(path, HEAD_BYTES, signal)
  const lines = roughText(bytes, encoding).split(/\r?\n/)
  // The last line may be cut.
  return layoutOf(isWhole ? lines : lines.slice(0, -1))
}

function layoutOf(lines: readonly string[]): ConllLayout | null {
  const words = lines.filter((line) => line.trim() !== '' && !isDocumentStart(line) && !isComment(line))
  const separator =
    words.length > 0 && words.filter((line) => line.includes('\t')).length >= ENOUGH * words.length ? 'tab' : 'blank'
  const all = words.map((line) => cellsOf(line, separator))
  const isNumbered = all.some((cells) => cells[0] === '1') && all.every((cells) => WORD_NUMBER.test(cells[0] ?? ''))
  const rows = isNumbered ? all.filter((cells) => /^\d+$/.test(cells[0] ?? '')) : all
  const width = usualWidth(rows)
  if (width < 2) return null
  const tag = tagColumn(rows, width, isNumbered)
  if (tag === null) return null
  const hasDocuments = lines.some(isDocumentStart)
  return { word: isNumbered ? 1 : 0, tag, separator, hasDocuments, scheme: schemeOf(sequencesOf(lines, separator, tag)) }
}

/** `3`; `1-2` for a word that stands for two, `1.1` for one that is left out. */
const WORD_NUMBER = /^\d+(?:[-.]\d+)?$/

/** Cells that nearly every line has. */
function usualWidth(rows: readonly (readonly string[])[]): number {
  const widths = rows.map((cells) => cells.length).sort((a, b) => a - b)
  return widths[Math.floor((1 - ENOUGH) * widths.length)] ?? 0
}

/**
 * The column of tags. CoNLL-2003 has those of phrases before those of names, so the last one is right; where lines begin with the word's number
 * (CoNLL-U, GermEval) marks inside of marks stand further right, so the first one is.
 */
function tagColumn(rows: readonly (readonly string[])[], width: number, isNumbered: boolean): number | null {
  const share = (column: number, test: (cell: string) => boolean): number =>
    rows.filter((cells) => test(cells[column] ?? '')).length / rows.length
  const first = isNumbered ? 2 : 1
  const candidates = Array.from({ length: width - first }, (_, i) => i + first)
  const tagged = candidates.filter((column) => share(column, isTag) >= ENOUGH && share(column, isPrefixed) > 0)
  const found = isNumbered ? tagged[0] : tagged.at(-1)
  if (found !== undefined) return found
  const last = width - 1
  return share(last, (cell) => cell === 'O') > 0.3 && new Set(rows.map((cells) => cells[last])).size <= MOST_TYPES ? last : null
}

/** Types that a file without prefixes may have before its last column is taken for something else. */
const MOST_TYPES = 40

/** `# id = 7`, as CoNLL-U has it. A hash may be a word too: then it has a tag beside it. */
export const isComment = (line: string): boolean => /^#\s*(?:[\w:.]+\s*=|(?:sent_)?id\s|newpar\b|https?:)/.test(line)

function sequencesOf(lines: readonly string[], separator: ConllLayout['separator'], tag: number): string[][] {
  const sequences: string[][] = [[]]
  for (const line of lines) {
    if (line.trim() === '') sequences.push([])
    else if (!isDocumentStart(line) && !isComment(line)) sequences.at(-1)?.push(cellsOf(line, separator)[tag] ?? 'O')
  }
  return sequences
}
