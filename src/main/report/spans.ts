import type { EntityError, EntityResult, EntityRow, Estimate } from '../engine/evaluation/index.ts'
import type { Section, Table } from './blocks.ts'
import { FEW_ROWS, FEW_ROWS_OF_CLASS } from './metrics.ts'
import { className, quoted } from './names.ts'
import { decimalsOf, percent, percentRange, point, range, whole } from './numbers.ts'
import { baselineSection, type ShownErrors } from './page-result.ts'
import { besideBaselines, left, meaningSection, metricTable, pointOf, right } from './place-sections.ts'
import type { HeadlineParts } from './sentence.ts'
import { spans as words } from './span-words.ts'
import { headlines, page } from './words.ts'

const { columns, headings } = page

/** The sentences that open the report of a run that marks passages, apart. */
export function spansParts(result: EntityResult): HeadlineParts {
  const { metrics, rows, perType } = result
  const there = sum(perType, 'support')
  const { micro_recall: recall, micro_f1: f1 } = metrics
  if (there === 0 || !recall || !f1)
    return { lead: words.nothingThere(rows), beside: [], warning: null, unclear: null, compared: false }
  const found = sum(perType, 'found')
  const { numbers, ...compared } = besideBaselines(result, words.f1(point(f1), range(f1, decimalsOf(f1))))
  return {
    lead: foundSentence(result, found, there, recall),
    beside: [words.said(found, sum(perType, 'predicted')), numbers],
    ...compared
  }
}

/** How many passages were found; the interval first where documents are few. */
function foundSentence({ rows, perType, intervals }: EntityResult, found: number, there: number, recall: Estimate): string {
  const [only] = perType
  const name = perType.length === 1 && only ? quoted(only.name) : null
  const interval = headlines.interval(percent(intervals.level))
  const isSmall = rows < FEW_ROWS || perType.some(({ support }) => support < FEW_ROWS_OF_CLASS)
  return isSmall
    ? words.foundRange(found, there, name, rows, interval, `${percentRange(recall)} %`)
    : words.found(found, there, name, rows, percent(recall.value), interval, percentRange(recall))
}

const sum = (rows: readonly EntityRow[], key: 'support' | 'found' | 'predicted'): number =>
  rows.reduce((total, row) => total + row[key], 0)

const shareOf = (estimate: Estimate | null): string =>
  estimate ? `${percent(estimate.value)} (${percentRange(estimate)})` : page.notDefined

/** What the page says of the test: numbers, baselines, types, rules of matching, errors. */
export function spanSections(result: EntityResult, errors: ShownErrors): (Section | null)[] {
  return [
    metricSection(result),
    baselineSection(result),
    typeSection(result),
    matchingSection(result),
    errors === 'none' ? null : errorSection(result),
    meaningSection(result)
  ]
}

function metricSection(result: EntityResult): Section {
  const table = metricTable(result, () => words.dictionary)
  return { title: headings.metrics, blocks: [table, { kind: 'text', text: words.strictNote, isQuiet: true }] }
}

const TYPES_IN_TERMINAL = 30

function typeSection({ perType }: EntityResult): Section {
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [
      left(words.columns.type),
      right(words.columns.passages),
      right(columns.recall),
      right(columns.precision),
      right(columns.f1)
    ],
    rows: perType.map(({ name, support, predicted, recall, precision, f1 }) => [
      className(name),
      whole(support),
      support === 0 ? words.noPassages : shareOf(recall),
      predicted === 0 ? page.neverSaid : shareOf(precision),
      pointOf(f1)
    ]),
    terminalRows: TYPES_IN_TERMINAL
  }
  return { title: words.headings.types, blocks: [table, { kind: 'text', text: words.typesNote, isQuiet: true }] }
}

function matchingSection({ matching, flawless, rows }: EntityResult): Section {
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [
      left(words.columns.rule),
      ...[
        words.columns.correct,
        words.columns.partial,
        words.columns.incorrect,
        words.columns.missed,
        words.columns.spurious
      ].map(right)
    ],
    rows: (['strict', 'exact', 'partial', 'type'] as const).map((rule) => {
      const { correct, partial, incorrect, missed, spurious } = matching[rule]
      return [words.rules[rule], ...[correct, partial, incorrect, missed, spurious].map(whole)]
    })
  }
  return {
    title: words.headings.matching,
    blocks: [table, { kind: 'text', text: words.flawless(flawless, rows), isQuiet: true }]
  }
}

const ERRORS_IN_TERMINAL = 10

function errorSection({ worstErrors, classNames, errors }: EntityResult): Section {
  const title = headings.errors
  if (worstErrors.length === 0) return { title, blocks: [{ kind: 'text', text: words.noErrors }] }
  const mark = (found: EntityError['truth']): string =>
    found ? words.place(className(classNames[found.type] ?? ''), found.start, found.end) : '–'
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [right(columns.row), left(columns.mistake), left(columns.truth), left(columns.answer), right(columns.confidence)],
    rows: worstErrors.map(({ row, kind, truth, said, confidence }) => [
      String(row),
      words.kinds[kind],
      mark(truth),
      mark(said),
      said ? percent(confidence) : '–'
    ]),
    terminalRows: ERRORS_IN_TERMINAL
  }
  const counts = words.errorCounts(errors.missed, errors.invented, errors.boundary, errors.type)
  return {
    title,
    blocks: [{ kind: 'text', text: counts }, table, { kind: 'text', text: words.errorsNote, isQuiet: true }]
  }
}
