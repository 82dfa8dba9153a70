import { createHash } from 'node:crypto'
import type { RunConfig } from '../config/config-types.ts'
import { InputError } from '../base/errors.ts'
import { loadDataset } from '../data/dataset.ts'
import type { Dataset } from '../data/dataset-types.ts'
import { splitDataset, type Split } from '../data/split.ts'
import type { EvaluationInput } from '../engine/evaluation/index.ts'
import type { Targets } from '../engine/training/targets.ts'
import type { PredictedPart } from '../report/predictions.ts'
import { evaluationInput, type Calibration } from './judge.ts'
import { datasetSpec, targetsOf } from './prepare.ts'

/** Most rows that an export replays: minutes on a laptop, and a drop of one point of accuracy still shows. */
const MOST_ROWS = 2000

/** Rows that a run was tested on, or an even sample of them. */
export interface TestedRows {
  readonly part: PredictedPart
  /** Rows of the whole part. */
  readonly of: number
  /** Where each of these rows stands in the part. */
  readonly places: readonly number[]
  readonly texts: readonly string[]
  readonly pairs: readonly string[] | null
  /** SHA-256 over texts, pairs and true answers of these rows. */
  readonly hash: string
  readonly kind: Targets['kind']
  readonly classes: number
  /** Answers to these rows, ready to be judged. */
  readonly judged: (answers: Float64Array, calibration: Calibration) => EvaluationInput
}

/** What decides a split, as an export's manifest keeps it. */
export type DataConfig = Pick<RunConfig, 'task' | 'data'> & {
  readonly training: { readonly seed: number; readonly seeds: readonly number[] }
}

/** The split of the run's own data; null where the data now give another one. */
export function splitAgain(config: RunConfig, dataset: Dataset, splitHash: string): Split | null {
  const split = splitOf(config, dataset)
  return split.splitHash === splitHash ? split : null
}

/** With several seeds the first of them drew the split. */
function splitOf({ data, training: { seed, seeds } }: RunConfig, dataset: Dataset): Split {
  return splitDataset(dataset, data.split, data.split_seed ?? seeds[0] ?? seed)
}

/** Reads the rows of a part from the files that the run was made from. @throws InputError where these changed since */
export async function ownRows(
  config: RunConfig,
  classNames: readonly string[],
  splitHash: string,
  signal: AbortSignal
): Promise<TestedRows> {
  const dataset = await loadDataset(datasetSpec(config), signal)
  const split = dataset.classNames.join('\n') === classNames.join('\n') ? splitAgain(config, dataset, splitHash) : null
  if (!split) {
    const sentence =
      'The data of this run changed since it was tested, so that its export cannot be checked. Put the original file back.'
    throw new InputError('export-data-changed', sentence)
  }
  const part = split.test.length > 0 ? 'test' : 'validation'
  if (split[part].length === 0) {
    throw new InputError(
      'export-untested',
      'This run has neither test nor validation rows, so that its export cannot be checked. Train it with a split.'
    )
  }
  return rowsOf(dataset, split[part], part)
}

/** Reads the same rows from a file that a person names: the whole table, or the test file where the run had one of its own. */
export async function namedRows(
  config: RunConfig,
  classNames: readonly string[],
  file: string,
  part: PredictedPart,
  signal: AbortSignal
): Promise<TestedRows> {
  const { train: _train, validation: _validation, test: _test, ...rest } = datasetSpec(config, classNames)
  const isSplitByFile = rest.file === undefined
  const dataset = await loadDataset({ ...rest, file }, signal) // One file stands for all of them.
  const rows = isSplitByFile ? Int32Array.from(dataset.texts, (_, i) => i) : splitOf(config, dataset)[part]
  return rowsOf(dataset, rows, part)
}

function rowsOf(dataset: Dataset, all: Int32Array, part: PredictedPart): TestedRows {
  const targets = targetsOf(dataset)
  if (!targets) throw new Error('a run without targets cannot be exported')
  const count = Math.min(all.length, MOST_ROWS)
  const places = Array.from({ length: count }, (_, i) => Math.floor((i * all.length) / count))
  const rows = Int32Array.from(places, (place) => all[place] ?? 0)
  const texts = Array.from(rows, (row) => dataset.texts[row] ?? '')
  const pairs = dataset.pairs && Array.from(rows, (row) => dataset.pairs?.[row] ?? '')
  const { classNames } = dataset
  return {
    part,
    of: all.length,
    places,
    texts,
    pairs,
    hash: hashOf(texts, pairs, rows, targets),
    kind: targets.kind,
    classes: targets.classes,
    judged: (answers, calibration) => evaluationInput(targets, classNames, rows, answers, calibration)
  }
}

function hashOf(texts: readonly string[], pairs: readonly string[] | null, rows: Int32Array, targets: Targets): string {
  const hash = createHash('sha256')
  const truth = targets.kind === 'regression' ? targets.values : targets.labels
  for (const [i, row] of rows.entries()) {
    const own = truth.subarray(row * targets.classes, (row + 1) * targets.classes)
    const single = targets.kind === 'single-label' ? [truth[row]] : [...own]
    hash.update(JSON.stringify([texts[i], pairs?.[i] ?? null, single]))
  }
  return hash.digest('hex')
}
