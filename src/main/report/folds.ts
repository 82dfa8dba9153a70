import { createHash } from 'node:crypto'
import { defined } from '../base/assert.ts'
import type { AnswerResult, EntityResult, EvaluationResult } from '../engine/evaluation/index.ts'
import { metricTitle } from './metrics.ts'
import type { Section } from './blocks.ts'
import { significant, whole } from './numbers.ts'
import { seedStatistic } from './compare-seeds.ts'
import { count, list, number, object, orNull, record, type Check } from './shape.ts'
import type { DataFacts, RunFacts, RunReport, SeedStatistic } from './run-report.ts'
import type { SubgroupFacts } from './subgroups.ts'
import { foldWords as words } from './fold-words.ts'
import { page } from './words.ts'

/** A run that was tested by folds: every row once, by the model that had not learned from it. */
export interface FoldSummary {
  /** Rows that each fold tested, in the order of the folds. */
  readonly rows: readonly number[]
  /** Metrics of each fold by itself. */
  readonly metrics: Readonly<Record<string, SeedStatistic>>
}

const facts = object<FoldSummary>({
  rows: list(count),
  metrics: record(object<SeedStatistic>({ values: list(orNull(number)), mean: number, deviation: orNull(number) }))
})

/** Only runs that were tested by folds have them. */
export const checkFolds: Check = (value) => (value === undefined ? null : facts(value))

export interface FoldedResult {
  readonly folder: string
  /** Of the answers of all folds together. */
  readonly evaluation: EvaluationResult | EntityResult | AnswerResult
  /** Left out where passages are marked or questions answered. */
  readonly subgroups?: SubgroupFacts
  readonly rows: number
}

const sumOf = (reports: readonly RunReport[], of: (report: RunReport) => number): number =>
  reports.reduce((sum, report) => sum + of(report), 0)

/** One report of all folds. Curves and the sizes of training and validation are those of the first. */
export function foldSummary(reports: readonly RunReport[], { folder, evaluation, subgroups, rows }: FoldedResult): RunReport {
  const first = defined(reports[0], 'a report')
  const metrics = reports.map((report) => metricsOf(report))
  const names = [...new Set(metrics.flatMap((each) => Object.keys(each)))]
  const statistics = names.flatMap((name) => {
    const statistic = seedStatistic(metrics.map((each) => each[name] ?? null))
    return statistic ? [[name, statistic] as const] : []
  })
  const hash = createHash('sha256')
  for (const { run } of reports) hash.update(`${run.weightsHash ?? ''}\n`)
  return {
    ...first,
    run: {
      ...first.run,
      folder,
      weightsHash: hash.digest('hex')
    },
    data: dataOf(first.data, reports, rows),
    // Each fold has its own.
    calibration: { temperatures: null, thresholds: null },
    evaluation,
    ...(subgroups && { subgroups }),
    testLooks: Math.max(...reports.map(({ testLooks }) => testLooks)),
    folds: { rows: reports.map(({ data }) => data.rows.test), metrics: Object.fromEntries(statistics) }
  }
}

function metricsOf({ evaluation }: RunReport): Record<string, number> {
  if (evaluation === null || evaluation.kind === 'masked-lm') return {}
  return Object.fromEntries(
    Object.entries(evaluation.metrics).flatMap(([name, estimate]) =>
      estimate && Number.isFinite(estimate.value) ? [[name, estimate.value] as const] : []
    )
  )
}

/** How long several trainings took together. */
export function timeOf(reports: readonly RunReport[]): Pick<RunFacts, 'seconds' | 'secondsByPhase'> {
  const names = new Set(reports.flatMap(({ run }) => Object.keys(run.secondsByPhase)))
  return {
    seconds: sumOf(reports, ({ run }) => run.seconds),
    secondsByPhase: Object.fromEntries(
      [...names].map((name) => [name, sumOf(reports, ({ run }) => run.secondsByPhase[name] ?? 0)])
    )
  }
}

function dataOf(first: DataFacts, reports: readonly RunReport[], rows: number): DataFacts {
  const groups = first.groups && { ...first.groups, test: sumOf(reports, ({ data }) => data.groups?.test ?? 0) }
  const counts = first.classCounts
  const test = counts && first.classNames.map((_, c) => sumOf(reports, ({ data }) => data.classCounts?.test[c] ?? 0))
  return {
    ...first,
    rows: { ...first.rows, test: rows },
    groups,
    classCounts: counts && test && { ...counts, test },
    notes: [words.firstOnly(reports.length), ...first.notes]
  }
}

/** What each fold achieved by itself, and what it fitted. */
export function foldSection({ rows, metrics }: FoldSummary, evaluation: RunReport['evaluation']): Section {
  const { columns } = page
  const isAsked = evaluation?.kind === 'answers'
  const note = words.note(rows.length, whole(Math.min(...rows)), whole(Math.max(...rows)), isAsked ? 'question' : 'row')
  const fitted =
    isAsked && typeof evaluation.threshold === 'object' && evaluation.threshold ? seedStatistic(evaluation.threshold) : null
  return {
    title: words.title,
    blocks: [
      { kind: 'text', text: note },
      {
        kind: 'table',
        caption: null,
        columns: [
          { title: columns.metric, align: 'left' },
          { title: columns.mean, align: 'right' },
          { title: columns.deviation, align: 'right' },
          { title: words.values(rows.length), align: 'left' }
        ],
        rows: [
          ...Object.entries(metrics).map(([name, statistic]) => statisticRow(metricTitle(name), statistic)),
          ...(fitted ? [statisticRow(words.noneThreshold, fitted)] : [])
        ]
      }
    ]
  }
}

const statisticRow = (title: string, { mean, deviation, values }: SeedStatistic): string[] => [
  title,
  significant(mean, 3),
  deviation === null ? '–' : `± ${significant(deviation)}`,
  values.map((value) => (value === null ? '–' : significant(value, 3))).join(', ')
]
