import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { hasCurve } from '../config/has-curve.ts'
import { defined } from '../base/assert.ts'
import { writeFileAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import { parseRunReport } from '../report/check-report.ts'
import { compareSeeds } from '../report/compare-seeds.ts'
import { sumCosts } from '../report/cost.ts'
import { sumEnergy } from '../report/energy.ts'
import { timeOf } from '../report/folds.ts'
import { passagesName } from '../report/passages.ts'
import { answersName, predictionsName } from '../report/predictions.ts'
import { writeReportFiles } from '../report/report-files.ts'
import type { RunReport } from '../report/run-report.ts'
import { poolAnswerFolds } from './fold-answers.ts'
import { poolMarkFolds } from './fold-marks.ts'
import { poolFolds } from './folds.ts'
import { foldsOf, partsOf } from './run-parts.ts'
import { withCurve } from './shares.ts'

/** The report of a part that was already done when the run was stopped. */
export async function finishedReport(
  folder: string,
  { resume, config }: { readonly resume: boolean; readonly config: RunConfig }
): Promise<RunReport | null> {
  if (!resume || partsOf(config).length < 2) return null
  const json = await readFile(join(folder, 'report.json'), 'utf8').catch(() => null)
  return json === null ? null : parseRunReport(json, join(folder, 'report.json'))
}

/** Writes and returns the report of a run, out of those of its parts in their folders. */
export async function reportOf(
  { config, signal }: { readonly config: RunConfig; readonly signal: AbortSignal },
  folder: string,
  folders: readonly string[],
  reports: readonly RunReport[]
): Promise<RunReport> {
  const first = defined(reports[0], 'a report')
  if (reports.length === 1) return first
  if (hasCurve(config)) {
    const curved = withCosts(await withCurve(folders, reports), reports)
    await writeReportFiles(folder, curved)
    return curved
  }
  const isFolded = foldsOf(config) !== null
  const pooled = isFolded ? await poolOf(config)({ config, folder, folders, reports, signal }) : ofSeeds(folder, first, reports)
  const report = withCosts(pooled, reports)
  await writeReportFiles(folder, report)
  if (!isFolded) await keepAnswers(folders[0] ?? folder, folder)
  return report
}

/** The report of several trainings says what all of them took. Older ones, made before it was counted, say it of none. */
function withCosts({ cost: _cost, energy: _energy, ...report }: RunReport, reports: readonly RunReport[]): RunReport {
  const costs = reports.flatMap(({ cost }) => (cost ? [cost] : []))
  const energy = sumEnergy(reports.map((each) => each.energy ?? null))
  return {
    ...report,
    run: { ...report.run, ...timeOf(reports) },
    speed: { ...report.speed, peakRssBytes: Math.max(...reports.map(({ speed }) => speed.peakRssBytes)) },
    ...(costs.length === reports.length && { cost: sumCosts(costs) }),
    ...(energy && { energy })
  }
}

function poolOf({ task }: RunConfig): typeof poolFolds {
  if (task === 'question-answering') return poolAnswerFolds
  return task === 'token-classification' ? poolMarkFolds : poolFolds
}

function ofSeeds(folder: string, first: RunReport, reports: readonly RunReport[]): RunReport {
  const results = reports.map(({ run, evaluation }) => ({
    seed: run.seed,
    metrics: evaluation === null || evaluation.kind === 'masked-lm' ? {} : evaluation.metrics
  }))
  return { ...first, run: { ...first.run, folder }, seeds: compareSeeds(results) }
}

/** The report of several seeds is that of the first: so are the answers beside it. */
async function keepAnswers(from: string, to: string): Promise<void> {
  for (const part of ['validation', 'test'] as const) {
    for (const name of [predictionsName(part), passagesName(part), answersName(part)]) {
      const text = await readFile(join(from, name), 'utf8').catch(() => null)
      if (text !== null) await writeFileAtomic(join(to, name), text)
    }
  }
}
