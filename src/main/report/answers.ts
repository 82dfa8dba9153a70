import type { AnswerPlace, AnswerResult, Estimate } from '../engine/evaluation/index.ts'
import { answers as words } from './answer-words.ts'
import type { Section, Table } from './blocks.ts'
import { baselineName, capital, FEW_ROWS } from './metrics.ts'
import { className } from './names.ts'
import { decimal, percent, percentRange, whole } from './numbers.ts'
import { baselineSection, type ShownErrors } from './page-result.ts'
import { besideBaselines, left, meaningSection, metricTable, pointOf, right } from './place-sections.ts'
import type { HeadlineParts } from './sentence.ts'
import { headlines, ownEntry, page } from './words.ts'

const { columns, headings } = page

/** The sentences that open the report of a run that finds answers, apart. */
export function answersParts(result: AnswerResult): HeadlineParts {
  const { rows, answered, exact } = result
  const { answer_f1: f1, exact_match: match } = result.metrics
  const none = rows - answered
  const { numbers, ...compared } = besideBaselines(result, words.f1(pointOf(f1)))
  return {
    lead: match ? rightSentence(result, match) : headlines.notMeasured,
    beside: [...(none > 0 ? [words.has(exact.answered, answered), words.none(exact.none, none)] : []), ...(f1 ? [numbers] : [])],
    ...compared
  }
}

/** How many questions were answered; the interval first where documents are few: questions about one are no independent tries. */
function rightSentence({ rows, documents, exact, intervals }: AnswerResult, match: Estimate): string {
  const said = exact.answered + exact.none
  const interval = headlines.interval(percent(intervals.level))
  return documents < FEW_ROWS
    ? words.rightRange(said, rows, documents, interval, `${percentRange(match)} %`)
    : words.right(said, rows, documents, percent(match.value), interval, percentRange(match))
}

/** What the page says of the test: numbers, baselines, questions, errors. */
export function answerSections(result: AnswerResult, errors: ShownErrors): (Section | null)[] {
  return [
    metricSection(result),
    baselineSection(result),
    questionSection(result),
    errors === 'none' ? null : errorSection(result),
    meaningSection(result)
  ]
}

function metricSection(result: AnswerResult): Section {
  const table = metricTable(
    result,
    (baseline) => ownEntry(words.short, baseline.id) ?? capital(baselineName(baseline, 'answers'))
  )
  return {
    title: headings.metrics,
    blocks: [
      table,
      { kind: 'text', text: words.exactNote, isQuiet: true },
      { kind: 'text', text: noneSentence(result), isQuiet: true }
    ]
  }
}

/** When none is said, and where that was fitted. */
function noneSentence({ threshold }: AnswerResult): string {
  if (threshold === null) return words.always
  if (typeof threshold === 'number') return words.threshold(decimal(threshold, 2))
  const gaps = threshold.filter((gap) => gap !== null)
  if (gaps.length === 0) return words.alwaysInFolds
  const [least, most] = [Math.min(...gaps), Math.max(...gaps)]
  return words.thresholds(decimal(least, 2), decimal(most, 2), threshold.length - gaps.length)
}

const QUESTIONS_IN_TERMINAL = 30

function questionSection({ perQuestion }: AnswerResult): Section | null {
  if (perQuestion.length === 0) return null
  const heads = words.columns
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [left(heads.question), right(heads.documents), right(heads.answered), right(heads.exact), right(heads.f1)],
    rows: perQuestion.map(({ name, rows, answered, exact, f1 }) => [
      className(name),
      whole(rows),
      whole(answered),
      exact ? `${percent(exact.value)} (${percentRange(exact)})` : page.notDefined,
      pointOf(f1)
    ]),
    terminalRows: QUESTIONS_IN_TERMINAL
  }
  return { title: words.headings.questions, blocks: [table] }
}

const ERRORS_IN_TERMINAL = 10

function errorSection({ worstErrors, classNames, errors }: AnswerResult): Section {
  const title = headings.errors
  if (worstErrors.length === 0) return { title, blocks: [{ kind: 'text', text: words.noErrors }] }
  const place = (found: AnswerPlace | null): string => (found ? words.place(found.start, found.end) : words.noAnswer)
  const named = classNames.length > 0
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [
      right(columns.row),
      ...(named ? [left(words.columns.question)] : []),
      left(columns.mistake),
      left(columns.truth),
      left(columns.answer),
      right(words.columns.score)
    ],
    rows: worstErrors.map(({ row, question, kind, truth, said, score }) => [
      String(row),
      ...(named ? [className(classNames[question ?? 0] ?? '')] : []),
      words.kinds[kind],
      place(truth),
      place(said),
      said ? percent(score) : '–'
    ]),
    terminalRows: ERRORS_IN_TERMINAL
  }
  const counts = words.errorCounts(errors.missed, errors.invented, errors.partly, errors.wrong)
  return {
    title,
    blocks: [{ kind: 'text', text: counts }, table, { kind: 'text', text: words.errorsNote, isQuiet: true }]
  }
}
