import type { AnswerPlace, AnswerResult, Estimate } from '../engine/evaluation/index.ts'
import { answers as words } from './answer-words.ts'
import type { Section, Table, Tone } from './blocks.ts'
import { baselineName, capital, FEW_ROWS, metricPhrase, metricTitle } from './metrics.ts'
import { className } from './names.ts'
import { decimalsOf, percent, percentRange, point, pValue, range, signed, whole } from './numbers.ts'
import type { ShownErrors } from './page-result.ts'
import type { Headline, HeadlineParts } from './sentence.ts'
import { headlines, METRICS, ownEntry, page, TESTS, VERDICTS } from './words.ts'

const { columns, headings } = page

const left = (title: string) => ({ title, align: 'left' }) as const
const right = (title: string) => ({ title, align: 'right' }) as const

/** The sentences that open the report of a run that finds answers, apart. */
export function answersParts(result: AnswerResult): HeadlineParts {
  const { metrics, baselines, rows, answered, exact } = result
  const { answer_f1: f1, exact_match: match } = metrics
  const others = baselines.flatMap((baseline) => {
    const theirs = baseline.metrics.answer_f1
    return theirs ? [`${baselineName(baseline, 'answers')}, ${point(theirs)}`] : []
  })
  const worse = baselines.find(({ verdict }) => verdict === 'worse')
  const theirs = worse?.metrics.answer_f1
  const open = baselines.filter(({ verdict }) => verdict === 'not shown')
  const none = rows - answered
  return {
    lead: match ? rightSentence(result, match) : headlines.notMeasured,
    beside: [
      ...(none > 0 ? [words.has(exact.answered, answered), words.none(exact.none, none)] : []),
      ...(f1 ? [`${[words.f1(point(f1)), ...others].join('; ')}.`] : [])
    ],
    warning:
      worse && theirs && f1
        ? headlines.notWorth(baselineName(worse, 'answers'), metricPhrase('answer_f1'), point(theirs), point(f1))
        : null,
    unclear: open.length === 0 ? null : open.map((baseline) => headlines.notShown(baselineName(baseline, 'answers'))).join(' '),
    compared: baselines.length > 0
  }
}

/** How many questions were answered; the interval first where they are few. */
function rightSentence({ rows, documents, exact, intervals }: AnswerResult, match: Estimate): string {
  const said = exact.answered + exact.none
  const interval = headlines.interval(percent(intervals.level))
  return rows < FEW_ROWS
    ? words.rightRange(said, rows, documents, interval, `${percentRange(match)} %`)
    : words.right(said, rows, documents, percent(match.value), interval, percentRange(match))
}

/** The same sentences together. */
export function answersHeadline(result: AnswerResult): Headline {
  const { lead, beside, warning, unclear, compared } = answersParts(result)
  const text = [warning, lead, ...beside, unclear].filter((sentence) => sentence !== null).join(' ')
  return { text, tone: warning !== null ? 'fail' : unclear !== null || !compared ? 'look' : 'good' }
}

const pointOf = (estimate: Estimate | null): string => (estimate ? point(estimate) : page.notDefined)
const rangeOf = (estimate: Estimate | null): string => (estimate ? range(estimate, decimalsOf(estimate)) : '')

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

const keysOf = (metrics: AnswerResult['metrics']): (keyof AnswerResult['metrics'])[] =>
  Object.keys(metrics) as (keyof AnswerResult['metrics'])[] // The keys of the object itself.

function metricSection({ metrics, baselines, intervals, threshold }: AnswerResult): Section {
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [
      left(columns.metric),
      right(columns.model),
      right(columns.interval(percent(intervals.level))),
      ...baselines.map((baseline) => right(ownEntry(words.short, baseline.id) ?? capital(baselineName(baseline, 'answers'))))
    ],
    rows: keysOf(metrics).map((name) => [
      metricTitle(name),
      pointOf(metrics[name]),
      rangeOf(metrics[name]),
      ...baselines.map((baseline) => pointOf(baseline.metrics[name]))
    ])
  }
  const none = threshold === null ? words.always : words.threshold(threshold.toFixed(2))
  return {
    title: headings.metrics,
    blocks: [table, { kind: 'text', text: words.exactNote, isQuiet: true }, { kind: 'text', text: none, isQuiet: true }]
  }
}

/** What each metric means, for the page only. */
function meaningSection({ metrics }: AnswerResult): Section {
  const rows = keysOf(metrics).map((name) => [metricTitle(name), capital(ownEntry(METRICS, name)?.meaning ?? '')])
  const table: Table = { kind: 'table', caption: null, columns: [left(columns.metric), left(columns.meaning)], rows }
  return { title: page.allMetrics, blocks: [table], isDetail: true }
}

const tones: Readonly<Record<AnswerResult['baselines'][number]['verdict'], Tone>> = {
  better: 'good',
  worse: 'fail',
  'not shown': 'look'
}

function baselineSection({ baselines, primary }: AnswerResult): Section | null {
  if (baselines.length === 0) return null
  const rows = baselines.map((baseline) => {
    const difference = baseline.differences[primary]
    const [test] = baseline.tests
    const gap = difference ? `${signed(difference.value, decimalsOf(difference))} (${rangeOf(difference)})` : page.notDefined
    return [
      capital(baselineName(baseline, 'answers')),
      gap,
      test ? `${TESTS[test.method]}, ${pValue(test.adjustedP)}` : '',
      { text: VERDICTS[baseline.verdict], tone: tones[baseline.verdict] }
    ]
  })
  const heads = [
    left(columns.baseline),
    right(page.differenceIn(metricPhrase(primary))),
    left(columns.test),
    left(columns.verdict)
  ]
  return { title: headings.baselines, blocks: [{ kind: 'table', caption: null, columns: heads, rows }] }
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
