import type { Block, Section, Table } from './blocks.ts'
import { className } from './names.ts'
import { NO_BREAK, percent, percentNumber, significant, whole } from './numbers.ts'
import { buildPage } from './page.ts'
import type { RunReport } from './run-report.ts'
import { displayWidth, pad, tableLines, wrap } from './text-layout.ts'
import type { Pen } from './text-layout.ts'
import { topConfusions } from './confusions.ts'
import { page as words } from './words.ts'

export interface TerminalOptions {
  /** Columns of the terminal; 72 at least are used. */
  readonly width: number
  readonly color: boolean
  /** False where the terminal shows ASCII alone. Names from the person's data stay as they are. */
  readonly unicode?: boolean
}

const LEAST_WIDTH = 72
const MOST_WIDTH = 110

const CODES = { bold: '1', quiet: '2', good: '32', look: '33', fail: '31' } as const

const ASCII: readonly (readonly [RegExp, string])[] = [
  [/[–—]/g, '-'],
  [/±/g, '+/-'],
  [/…/g, '...'],
  [/·/g, '-'],
  [/↓/g, 'v'],
  [/²/g, '2'],
  [/[‘’]/g, "'"]
]

export function penFor({ width, color, unicode = true }: TerminalOptions): Pen {
  const glyphs = unicode
    ? { line: '─', full: '█', empty: '·', mark: '┃', steps: '▁▂▃▄▅▆▇█' }
    : { line: '-', full: '#', empty: '.', mark: '|', steps: '_.-=+*%#' }
  return {
    ...glyphs,
    width: Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, Math.floor(width))),
    paint: (text, tone) => (color && tone !== 'plain' && text !== '' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text),
    text: (text) => (unicode ? text : ASCII.reduce((all, [symbol, plain]) => all.replace(symbol, plain), text))
  }
}

/** The test report for a terminal: plain lines, none wider than `width` (72 at least), ending with a newline. Shows no text of any row. */
export function renderReport(report: RunReport, options: TerminalOptions): string {
  const pen = penFor(options)
  const page = buildPage(report)
  const paragraph = (text: string): string[] => wrap(pen.text(text), pen.width)
  const { text, tone } = page.headline
  const lines = [
    ...paragraph(page.subtitle).map((line) => pen.paint(line, 'quiet')),
    '',
    ...paragraph(text).map((line) => pen.paint(pen.paint(line, 'bold'), tone === 'good' ? 'plain' : tone)),
    ...page.sections.filter(({ isDetail }) => !isDetail).flatMap((section) => sectionLines(section, pen))
  ]
  return `${lines.map((line) => line.replaceAll(NO_BREAK, ' ').trimEnd()).join('\n')}\n`
}

function sectionLines({ title, blocks }: Section, pen: Pen): string[] {
  const shown = pen.text(title)
  const rest = Math.max(0, pen.width - displayWidth(shown) - 4)
  const heading = `${pen.line.repeat(2)} ${pen.paint(shown, 'bold')} ${pen.line.repeat(rest)}`
  return ['', heading, ...blocks.flatMap((block) => blockLines(block, pen))]
}

function blockLines(block: Block, pen: Pen): string[] {
  const paragraph = (text: string): string[] => wrap(pen.text(text), pen.width)
  switch (block.kind) {
    case 'text':
      return paragraph(block.text).map((line) => (block.isQuiet ? pen.paint(line, 'quiet') : line))
    case 'list':
      return block.items.flatMap((item) => bullet(item, pen))
    case 'facts':
      return factLines(block.rows, pen)
    case 'findings':
      return block.findings.flatMap(({ sentence, evidence, suggestion }) => [
        ...bullet(sentence, pen).map((line) => pen.paint(line, 'look')),
        ...hanging(evidence, pen),
        ...hanging(suggestion, pen)
      ])
    case 'table':
      return [...tableLines(block, pen), ...moreLines(block, pen)]
    case 'matrix':
      return matrixLines(block, pen)
    case 'reliability':
      return reliabilityLines(block, pen)
    case 'curves':
      return curveLines(block, pen)
  }
}

function moreLines({ rows, terminalRows }: Table, pen: Pen): string[] {
  const hidden = rows.length - (terminalRows ?? rows.length)
  return hidden > 0 ? [pen.paint(pen.text(words.moreRows(hidden)), 'quiet')] : []
}

function hanging(text: string, pen: Pen): string[] {
  return wrap(pen.text(text), pen.width - 2).map((line) => `  ${line}`)
}

function bullet(text: string, pen: Pen): string[] {
  return hanging(text, pen).map((line, i) => (i === 0 ? `-${line.slice(1)}` : line))
}

function factLines(rows: readonly (readonly [string, string])[], pen: Pen): string[] {
  const titles = rows.map(([title]) => wrap(pen.text(title), 24))
  const column = Math.max(0, ...titles.flat().map(displayWidth)) + 2
  return rows.flatMap(([, value], row) => {
    const values = wrap(pen.text(value), pen.width - column)
    const title = titles[row] ?? []
    return Array.from(
      { length: Math.max(values.length, title.length) },
      (_, i) => `${pen.paint(pad(title[i] ?? '', column), 'quiet')}${values[i] ?? ''}`
    )
  })
}

type BlockOf<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>

/** The matrix with numbered columns, or where it is wider than the terminal its most frequent confusions. */
function matrixLines({ names, counts }: BlockOf<'matrix'>, pen: Pen): string[] {
  const largest = Math.max(0, ...counts.flat())
  const cell = Math.max(whole(largest).length, String(names.length).length) + 2
  const shown = names.map((name, c) => pen.text(`${c + 1} ${className(name, 28)}`))
  const column = Math.max(0, ...shown.map(displayWidth))
  if (column + names.length * cell > pen.width) return confusionLines(names, counts, pen)
  const header = `${' '.repeat(column)}${names.map((_, c) => String(c + 1).padStart(cell)).join('')}`
  const body = counts.map((line, label) => {
    const cells = line.map((count, c) => {
      const text = (count === 0 ? pen.empty : whole(count)).padStart(cell)
      return c === label ? pen.paint(text, 'bold') : text
    })
    return `${pad(shown[label] ?? '', column)}${cells.join('')}`
  })
  return [pen.paint(header, 'quiet'), ...body]
}

const CONFUSIONS = 10

function confusionLines(names: readonly string[], counts: readonly (readonly number[])[], pen: Pen): string[] {
  const top = topConfusions(counts, CONFUSIONS)
  if (top.length === 0) return [pen.text(words.noConfusion)]
  const { columns } = words
  const nameOf = (c: number): string => className(names[c] ?? '', 28)
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [
      { title: columns.times, align: 'right' },
      { title: columns.from, align: 'left' },
      { title: columns.into, align: 'left' }
    ],
    rows: top.map(({ label, answer, count }) => [whole(count), nameOf(label), nameOf(answer)])
  }
  return [pen.text(words.confusionTop), ...tableLines(table, pen)]
}

const BAR = 30

function reliabilityLines({ sentence, bins }: BlockOf<'reliability'>, pen: Pen): string[] {
  const { columns } = words
  const rows = bins.flatMap(({ low, high, count, confidence, accuracy }) => {
    if (confidence === null || accuracy === null) return []
    const said = `${percentNumber(low)}–${percentNumber(high)}${NO_BREAK}%`
    return [[said, percent(accuracy), whole(count), bar(accuracy, confidence, pen)]]
  })
  const right = (title: string) => ({ title, align: 'right' }) as const
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [right(columns.said), right(columns.was), right(columns.count), { title: words.reliabilityMark, align: 'left' }],
    rows
  }
  return [...wrap(pen.text(sentence), pen.width), ...tableLines(table, pen)]
}

/** `accuracy` as a filled bar, with a mark where `confidence` lies. */
function bar(accuracy: number, confidence: number, pen: Pen): string {
  const filled = Math.round(Math.min(1, Math.max(0, accuracy)) * BAR)
  const mark = Math.min(BAR - 1, Math.max(0, Math.round(confidence * BAR) - 1))
  return Array.from({ length: BAR }, (_, i) => (i === mark ? pen.mark : i < filled ? pen.full : pen.empty)).join('')
}

const SPARK = 40

function curveLines({ sentence, training, validation, metric }: BlockOf<'curves'>, pen: Pen): string[] {
  const row = (title: string, values: readonly number[]): string[][] => {
    const [first, last] = [values[0], values.at(-1)]
    if (first === undefined || last === undefined || values.length < 2) return []
    return [[title, significant(first, 3), sparkline(values, pen), significant(last, 3)]]
  }
  const rows = [
    ...row(
      words.columns.trainingLoss,
      training.map(({ loss }) => loss)
    ),
    ...row(
      metric,
      validation.map(({ value }) => value)
    )
  ]
  const column = (align: 'left' | 'right') => ({ title: '', align }) as const
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [column('left'), column('right'), column('left'), column('left')],
    rows
  }
  return [...wrap(pen.text(sentence), pen.width), ...(rows.length === 0 ? [] : tableLines(table, pen))]
}

/** At most 40 means of neighbouring values as bars from the lowest to the highest. */
function sparkline(values: readonly number[], pen: Pen): string {
  const size = Math.ceil(values.length / SPARK)
  const means: number[] = []
  for (let start = 0; start < values.length; start += size) {
    const part = values.slice(start, start + size)
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length)
  }
  const [low, high] = [Math.min(...means), Math.max(...means)]
  const top = pen.steps.length - 1
  return means.map((value) => pen.steps.charAt(high === low ? 0 : Math.round(((value - low) / (high - low)) * top))).join('')
}
