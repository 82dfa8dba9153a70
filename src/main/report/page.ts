import { afterSection } from './after-test.ts'
import type { Block, Page, Section } from './blocks.ts'
import { diagnose } from './diagnosis.ts'
import { foldSection } from './folds.ts'
import { curveSection } from './learning-curve.ts'
import { comparable, metricTitle } from './metrics.ts'
import { harmless } from '../base/wording.ts'
import { decimal, significant } from './numbers.ts'
import { dataSection, filesSection, limitsSection, trainingSection } from './page-facts.ts'
import {
  baselineSection,
  classSection,
  confidenceSection,
  confusionSection,
  errorSection,
  metricSection,
  allMetricsSection
} from './page-result.ts'
import type { RunReport, SeedSummary } from './run-report.ts'
import type { ShownErrors } from './page-result.ts'
import { answerSections } from './answers.ts'
import { spanSections } from './spans.ts'
import { subgroupSection } from './subgroups.ts'
import { headline } from './sentence.ts'
import { page as words, TASKS } from './words.ts'

export interface PageOptions {
  /** How the worst errors are shown: by the row's number where left out. */
  readonly errors?: ShownErrors
  /** Sections that stand before the limits. */
  readonly more?: readonly Section[]
}

/** Everything that a report's page says, in the order in which a person wants to know it. */
export function buildPage(report: RunReport, { errors = 'numbers', more = [] }: PageOptions = {}): Page {
  const findings = diagnose(report)
  const after = afterSection(report.after)
  const evaluation = comparable(report)
  const section = (title: string, ...blocks: Block[]): Section => ({ title, blocks })
  const result = evaluation
    ? [
        metricSection(evaluation),
        baselineSection(evaluation),
        classSection(evaluation),
        confusionSection(evaluation),
        confidenceSection(evaluation),
        subgroupSection(report.subgroups),
        errors === 'none' ? null : errorSection(evaluation, errors),
        allMetricsSection(evaluation)
      ]
    : report.evaluation?.kind === 'spans'
      ? spanSections(report.evaluation, errors)
      : report.evaluation?.kind === 'answers'
        ? answerSections(report.evaluation, errors)
        : []
  return {
    title: words.title,
    subtitle: `${harmless(report.run.name)} · ${TASKS[report.task.kind]}`,
    headline: headline(report),
    sections: [
      ...(after === null ? [] : [after]),
      ...(findings.length === 0 ? [] : [section(words.headings.findings, { kind: 'findings', findings })]),
      ...result.filter((each) => each !== null),
      ...(report.seeds ? [seedSection(report.seeds)] : []),
      ...(report.folds ? [foldSection(report.folds, report.evaluation)] : []),
      ...(report.learningCurve ? [curveSection(report.learningCurve)] : []),
      trainingSection(report),
      dataSection(report),
      ...more,
      limitsSection(report),
      filesSection(report)
    ]
  }
}

function seedSection({ seeds, metrics }: SeedSummary): Section {
  const { columns } = words
  const rows = Object.entries(metrics).map(([name, { mean, deviation, values }]) => [
    metricTitle(name),
    significant(mean, 3),
    deviation === null ? '–' : `± ${significant(deviation)}`,
    values.map((value) => (value === null ? '–' : significant(value, 3))).join(', ')
  ])
  return {
    title: words.headings.seeds,
    blocks: [
      { kind: 'text', text: words.seedsNote(seeds.map((seed) => decimal(seed, 0)).join(', ')) },
      {
        kind: 'table',
        caption: null,
        columns: [
          { title: columns.metric, align: 'left' },
          { title: columns.mean, align: 'right' },
          { title: columns.deviation, align: 'right' },
          { title: columns.values, align: 'left' }
        ],
        rows
      }
    ]
  }
}
