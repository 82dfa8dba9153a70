import type { AnswerResult, EntityResult, Estimate } from '../engine/evaluation/index.ts'
import type { Column, Section, Table } from './blocks.ts'
import { baselineName, baselinesOf, capital, metricPhrase, metricsOf, metricTitle } from './metrics.ts'
import { decimalsOf, percent, point, range } from './numbers.ts'
import type { Headline, HeadlineParts } from './sentence.ts'
import { headlines, METRICS, ownEntry, page } from './words.ts'

/** What was found in texts: passages, or answers to questions. */
export type PlaceResult = EntityResult | AnswerResult

const { columns } = page

export const left = (title: string): Column => ({ title, align: 'left' })
export const right = (title: string): Column => ({ title, align: 'right' })

export const pointOf = (estimate: Estimate | null | undefined): string => (estimate ? point(estimate) : page.notDefined)
export const rangeOf = (estimate: Estimate | null | undefined): string => (estimate ? range(estimate, decimalsOf(estimate)) : '')

/** What a headline says of the baselines: each with its number behind the model's own, and whether one does better or none can be told apart. */
export function besideBaselines(
  result: PlaceResult,
  own: string
): Pick<HeadlineParts, 'warning' | 'unclear' | 'compared'> & { readonly numbers: string } {
  const { primary, kind } = result
  const all = baselinesOf(result)
  const others = all.flatMap((baseline) => {
    const theirs = baseline.metrics[primary]
    return theirs ? [`${baselineName(baseline, kind)}, ${point(theirs)}`] : []
  })
  const worse = all.find(({ verdict }) => verdict === 'worse')
  const [theirs, model] = [worse?.metrics[primary], metricsOf(result)[primary]]
  const open = all.filter(({ verdict }) => verdict === 'not shown')
  return {
    numbers: `${[own, ...others].join('; ')}.`,
    warning:
      worse && theirs && model
        ? headlines.notWorth(baselineName(worse, kind), metricPhrase(primary), point(theirs), point(model))
        : null,
    unclear: open.length === 0 ? null : open.map((baseline) => headlines.notShown(baselineName(baseline, kind))).join(' '),
    compared: all.length > 0
  }
}

/** The sentences of a headline together. */
export function joined({ lead, beside, warning, unclear, compared }: HeadlineParts): Headline {
  const text = [warning, lead, ...beside, unclear].filter((sentence) => sentence !== null).join(' ')
  return { text, tone: warning !== null ? 'fail' : unclear !== null || !compared ? 'look' : 'good' }
}

/** Every metric beside the baselines', which `nameOf` calls at the head of a column. */
export function metricTable(
  result: PlaceResult,
  nameOf: (baseline: { readonly id: string; readonly title: string }) => string
): Table {
  const metrics = metricsOf(result)
  const baselines = baselinesOf(result)
  return {
    kind: 'table',
    caption: null,
    columns: [
      left(columns.metric),
      right(columns.model),
      right(columns.interval(percent(result.intervals.level))),
      ...baselines.map((baseline) => right(nameOf(baseline)))
    ],
    rows: Object.keys(metrics).map((name) => [
      metricTitle(name),
      pointOf(metrics[name]),
      rangeOf(metrics[name]),
      ...baselines.map((baseline) => pointOf(baseline.metrics[name]))
    ])
  }
}

/** What each metric means, for the page only. */
export function meaningSection(result: PlaceResult): Section {
  const rows = Object.keys(metricsOf(result)).map((name) => [metricTitle(name), capital(ownEntry(METRICS, name)?.meaning ?? '')])
  const table: Table = { kind: 'table', caption: null, columns: [left(columns.metric), left(columns.meaning)], rows }
  return { title: page.allMetrics, blocks: [table], isDetail: true }
}
