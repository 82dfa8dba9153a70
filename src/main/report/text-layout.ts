import type { Column, Table, Tone } from './blocks.ts'

const ZERO = /^[\p{M}\p{Cf}]$/u
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u

/** Columns that a terminal gives a character: 0 for marks that join, 2 for East Asian wide ones and emoji. */
function characterWidth(character: string): number {
  if (character.length === 1 && character >= ' ' && character <= '~') return 1
  if (ZERO.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** The part of `text` that fits `width` columns, at least one character, and the rest. */
function cut(text: string, width: number): readonly [string, string] {
  let used = 0
  let end = 0
  for (const character of text) {
    used += characterWidth(character)
    if (used > width && end > 0) break
    end += character.length
  }
  return [text.slice(0, end), text.slice(end)]
}

/** `text` in lines of at most `width` (2 or more) columns, broken at spaces, and inside words only where one is longer than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (displayWidth(joined) <= width) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    let rest = word
    while (displayWidth(rest) > width) {
      const [head, tail] = cut(rest, width)
      lines.push(head)
      rest = tail
    }
    line = rest
  }
  lines.push(line)
  return lines
}

export function pad(text: string, width: number, align: Column['align'] = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'left' ? `${text}${space}` : `${space}${text}`
}

/** How text is drawn: colours if any, and the characters that this terminal can show. */
export interface Pen {
  readonly width: number
  readonly paint: (text: string, tone: Tone | 'bold' | 'quiet') => string
  /** Replaces our own symbols where the terminal knows only ASCII. */
  readonly text: (text: string) => string
  readonly line: string
  readonly full: string
  readonly empty: string
  readonly mark: string
  /** From low to high. */
  readonly steps: string
}

const GAP = '  '

interface PlainCell {
  readonly text: string
  readonly tone: Tone
}

function cellsOf(table: Table, pen: Pen): PlainCell[][] {
  const rows = table.rows.slice(0, table.terminalRows ?? table.rows.length)
  return rows.map((row) =>
    row.map((cell) =>
      typeof cell === 'string' ? { text: pen.text(cell), tone: 'plain' } : { ...cell, text: pen.text(cell.text) }
    )
  )
}

const longestWord = (text: string): number => Math.max(0, ...text.split(' ').map(displayWidth))

/** Column widths that fit the line, or null where even the narrowest do not. Numbers are never broken; the widest text gives way first. */
function columnWidths(
  titles: readonly string[],
  columns: readonly Column[],
  rows: readonly (readonly PlainCell[])[],
  width: number
) {
  const cells = columns.map((_, c) => rows.map((row) => row[c]?.text ?? ''))
  const natural = columns.map((_, c) => Math.max(displayWidth(titles[c] ?? ''), ...(cells[c] ?? []).map(displayWidth)))
  const least = columns.map(({ align }, c) => {
    const own = Math.max(0, ...(cells[c] ?? []).map(align === 'right' ? displayWidth : longestWord))
    return Math.min(natural[c] ?? 0, Math.max(longestWord(titles[c] ?? ''), align === 'right' ? own : Math.min(own, 16)))
  })
  const widths = [...natural]
  const room = width - GAP.length * (columns.length - 1)
  for (let over = sum(widths) - room; over > 0; over--) {
    const slack = widths.map((each, c) => (each > (least[c] ?? 0) ? each : 0))
    const widest = Math.max(...slack)
    if (widest === 0) return null
    const at = slack.indexOf(widest)
    widths[at] = widest - 1
  }
  return widths
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The lines of one row of cells, each wrapped inside its column. */
function rowLines(
  cells: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  paint: (line: string, c: number) => string
) {
  const wrapped = cells.map((cell, c) => wrap(cell, Math.max(2, widths[c] ?? 2)))
  const height = Math.max(1, ...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ align }, c) => paint(pad(wrapped[c]?.[line] ?? '', widths[c] ?? 0, align), c))
      .join(GAP)
      .trimEnd()
  )
}

/** A table as lines no wider than the pen; where its columns do not fit side by side, each row becomes a list of `title: value`. */
export function tableLines(table: Table, pen: Pen): string[] {
  const titles = table.columns.map(({ title }) => pen.text(title))
  const rows = cellsOf(table, pen)
  const widths = columnWidths(titles, table.columns, rows, pen.width)
  if (widths === null) return stackedLines(titles, rows, pen)
  const rule = widths.map((width) => pen.line.repeat(width)).join(GAP)
  const hasTitles = titles.some((title) => title !== '')
  return [
    ...(hasTitles ? rowLines(titles, table.columns, widths, (line) => pen.paint(line, 'quiet')) : []),
    ...(hasTitles ? [pen.paint(rule, 'quiet')] : []),
    ...rows.flatMap((row) =>
      rowLines(
        row.map(({ text }) => text),
        table.columns,
        widths,
        (line, c) => pen.paint(line, row[c]?.tone ?? 'plain')
      )
    )
  ]
}

function stackedLines(titles: readonly string[], rows: readonly (readonly PlainCell[])[], pen: Pen): string[] {
  return rows.flatMap((row) =>
    row.flatMap(({ text, tone }, c) => {
      const lines = wrap(`${titles[c] ?? ''}: ${text}`, pen.width - 2)
      return lines.map((line, i) => `${c === 0 && i === 0 ? '' : GAP}${pen.paint(line, tone)}`)
    })
  )
}
