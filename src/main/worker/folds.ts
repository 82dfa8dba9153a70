import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { writeFileAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import { loadDataset } from '../data/dataset.ts'
import type { Dataset } from '../data/dataset-types.ts'
import { evaluate, type Baseline } from '../engine/evaluation/index.ts'
import { foldSummary } from '../report/folds.ts'
import { readPredictions, type StoredPredictions } from '../report/predictions.ts'
import type { RunReport } from '../report/run-report.ts'
import { groupNumbers } from './group-numbers.ts'
import { evaluationInput, neutral } from './judge.ts'
import { datasetSpec, targetsOf, textOf, type PreparedRun } from './prepare.ts'
import { subgroupsOf } from './subgroups.ts'
import { writePredictions } from './write-predictions.ts'

/** Where what a fold answered is kept, beside its predictions. */
export const FOLD_FILE = 'fold.json'

/** What a fold adds to its predictions, so that those of all folds can be judged together. */
interface StoredFold {
  readonly format: 'attune-fold-1'
  /** Hash of the data's content: rows are numbers into them. */
  readonly content: string
  readonly rows: readonly number[]
  readonly baselines: readonly { readonly id: string; readonly title: string; readonly predictions: readonly number[] }[]
}

/** Keeps which rows a fold tested, and what each baseline answered to them. */
export async function writeFold(
  folder: string,
  { dataset, split }: Pick<PreparedRun, 'dataset' | 'split'>,
  baselines: readonly Baseline[]
): Promise<void> {
  const stored: StoredFold = {
    format: 'attune-fold-1',
    content: dataset.contentHash,
    rows: [...split.test],
    baselines: baselines.map(({ id, title, predictions }) => ({ id, title, predictions: [...predictions] }))
  }
  await writeFileAtomic(join(folder, FOLD_FILE), JSON.stringify(stored))
}

interface Fold {
  readonly rows: readonly number[]
  readonly answers: readonly number[]
  readonly baselines: StoredFold['baselines']
}

/** Throws an InputError where the data of a fold are not those at hand. */
export function requireSameData(stored: string, content: string): void {
  if (stored === content) return
  throw new InputError(
    'folds-data-changed',
    'The data changed between two folds, so that their answers do not belong together. Start the run again.'
  )
}

async function readFold(folder: string, content: string): Promise<Fold> {
  const stored = JSON.parse(await readFile(join(folder, FOLD_FILE), 'utf8')) as StoredFold // Written by writeFold.
  requireSameData(stored.content, content)
  const { answers }: StoredPredictions = defined(await readPredictions(folder, 'test'), 'what a fold answered')
  return { rows: stored.rows, answers, baselines: stored.baselines }
}

/** Answers of all folds in the order of the rows. */
interface PooledAnswers {
  readonly rows: Int32Array
  readonly answers: Float64Array
  readonly baselines: Baseline[]
}

/** Where each row was tested, in the order of the rows: `which` fold, and `at` what place in it. */
export const placesOf = (folds: readonly { readonly rows: readonly number[] }[]) =>
  folds.flatMap(({ rows }, which) => rows.map((row, at) => ({ row, which, at }))).sort((a, b) => a.row - b.row)

function pool(folds: readonly Fold[], width: number): PooledAnswers {
  const places = placesOf(folds)
  const gathered = (of: (fold: Fold) => readonly number[]): Float64Array => {
    const columns = folds.map(of)
    return Float64Array.from(places.flatMap(({ which, at }) => columns[which]?.slice(at * width, (at + 1) * width) ?? []))
  }
  const named = folds[0]?.baselines ?? []
  return {
    rows: Int32Array.from(places, ({ row }) => row),
    answers: gathered((fold) => fold.answers),
    baselines: named.map(({ id, title }, each) => ({
      id,
      title,
      predictions: gathered((fold) => fold.baselines[each]?.predictions ?? [])
    }))
  }
}

/** Tells one division into folds from another. */
export function hashOfFolds({ contentHash }: Dataset, folds: readonly { readonly rows: readonly number[] }[]): string {
  const hash = createHash('sha256').update(`${contentHash} folds`)
  for (const { rows } of folds) hash.update(`\n${rows.join()}`)
  return hash.digest('hex')
}

export interface FoldedRun {
  readonly config: RunConfig
  /** The run's folder, and those of its folds in their order. */
  readonly folder: string
  readonly folders: readonly string[]
  readonly reports: readonly RunReport[]
  readonly signal: AbortSignal
}

/**
 * Judges the answers of all folds as those of one test: every row was answered once, by a model that had not learned from it. Keeps the answers
 * beside the report. Throws an InputError where the data changed in the meantime.
 */
export async function poolFolds({ config, folder, folders, reports, signal }: FoldedRun): Promise<RunReport> {
  const dataset = await loadDataset(datasetSpec(config), signal)
  const targets = defined(targetsOf(dataset), 'what the folds were trained on')
  const folds = await Promise.all(folders.map((each) => readFold(each, dataset.contentHash)))
  const { rows, answers, baselines } = pool(folds, targets.classes)
  // The thresholds of several labels are a half everywhere: each fold would have fitted others.
  const answered = evaluationInput(targets, dataset.classNames, rows, answers, neutral(targets))
  const splitHash = hashOfFolds(dataset, folds)
  await writePredictions(folder, 'test', { dataset, split: { splitHash } }, rows, answered, baselines)
  const { seed, bootstrap_resamples: resamples } = config.training
  const units = groupNumbers(dataset, rows)
  const evaluation = evaluate(answered, {
    seed,
    rowIds: Array.from(rows, (row) => dataset.lines[row] ?? row),
    groups: units,
    baselines,
    resamples
  })
  const texts = Array.from(rows, (row) => textOf(dataset, row))
  const subgroups = subgroupsOf({ answered, texts, units, seed, resamples })
  return foldSummary(reports, { folder, evaluation, subgroups, rows: rows.length })
}
