import { createHash } from 'node:crypto'
import type { RunConfig } from '../config/config-types.ts'
import { InputError } from '../base/errors.ts'
import { loadDataset } from '../data/dataset.ts'
import type { Dataset } from '../data/dataset-types.ts'
import { splitDataset, type Split } from '../data/split.ts'
import { nearDuplicates } from '../data/near-duplicates.ts'
import { classLosses, labelLosses, squaredErrors, type EvaluationInput } from '../engine/evaluation/index.ts'
import type { Targets } from '../engine/training/targets.ts'
import type { PredictedPart } from '../report/predictions.ts'
import { pick, pickRows } from './baselines.ts'
import { groupNumbers } from './group-numbers.ts'
import { evaluationInput, type Calibration } from './judge.ts'
import { datasetSpec, targetsOf, textOf } from './prepare.ts'

/** Most rows that an export replays: minutes on a laptop, and a drop of one point of accuracy still shows. */
const MOST_ROWS = 2000
/** Training rows that a membership test answers, at least and at most: no more of them than tested rows would make it any sharper. */
const LEAST_TRAINED = 200
const MOST_TRAINED = 1000
/** Most training rows that tested rows are compared with. */
const MOST_COMPARED = 20_000
/** Most validation rows that ranges are measured on. */
const MOST_CALIBRATING = 512

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
  /** The loss of each of these rows; `logits` of a regression are answers in the data's own unit. */
  readonly losses: (logits: Float32Array) => Float64Array
}

/** Rows that a run was trained on, or an even sample of them. */
export interface TrainedRows extends Pick<TestedRows, 'texts' | 'pairs' | 'losses'> {
  /** Training rows in all. */
  readonly of: number
}

/** Rows that were neither trained nor tested on. */
export interface CalibratingRows extends Pick<TestedRows, 'texts' | 'pairs' | 'hash'> {
  /** Validation rows in all. */
  readonly of: number
}

/** The rows of a run's own data, tested and trained on. */
export interface OwnRows extends TestedRows {
  readonly learned: TrainedRows
  /** Validation rows, or an even sample of them, to measure ranges on; null where there are none, or where they are what the run was tested on. */
  readonly calibrating: CalibratingRows | null
  /** SHA-256 over the used texts, pairs, labels and groups of all rows. */
  readonly content: string
  /** A group number per row, those of `learned` first; null where the data name none. */
  readonly groups: Int32Array | null
  /** Which of the tested rows nearly repeat one of the training rows that they are compared with. */
  readonly findNear: () => { readonly isNear: readonly boolean[]; readonly compared: number }
  /** Texts of tested rows by their line in the file. */
  readonly textsByLine: () => ReadonlyMap<number, string>
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
): Promise<OwnRows> {
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
  const tested = rowsOf(dataset, split[part], part)
  const trained = evenly(split.train, Math.min(MOST_TRAINED, Math.max(LEAST_TRAINED, tested.places.length)))
  return {
    ...tested,
    learned: { ...contentOf(dataset, trained), of: split.train.length },
    calibrating: part === 'test' && split.validation.length > 0 ? calibratingOf(dataset, split.validation) : null,
    content: dataset.contentHash,
    groups: groupNumbers(dataset, Int32Array.from([...trained, ...tested.places.map((place) => split[part][place] ?? 0)])),
    findNear() {
      const others = evenly(split.train, MOST_COMPARED)
      const rows = tested.places.map((place) => textOf(dataset, split[part][place] ?? 0))
      return {
        isNear: nearDuplicates(
          rows,
          Array.from(others, (row) => textOf(dataset, row))
        ),
        compared: others.length
      }
    },
    textsByLine: () => new Map(Array.from(split[part], (row) => [dataset.lines[row] ?? 0, textOf(dataset, row)]))
  }
}

function calibratingOf(dataset: Dataset, validation: Int32Array): CalibratingRows {
  const rows = evenly(validation, MOST_CALIBRATING)
  const { texts, pairs } = contentOf(dataset, rows)
  return { texts, pairs, hash: hashOf(texts, pairs, rows, targetsIn(dataset)), of: validation.length }
}

/** `most` of the rows, evenly spaced. */
function evenly(rows: Int32Array, most: number): Int32Array {
  const count = Math.min(rows.length, most)
  return Int32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)] ?? 0)
}

function targetsIn(dataset: Dataset): Targets {
  const targets = targetsOf(dataset)
  if (targets) return targets
  throw new Error('a run without targets cannot be exported')
}

/** Texts of rows, and the function that measures a model's loss on them. */
function contentOf(dataset: Dataset, rows: Int32Array): Pick<TestedRows, 'texts' | 'pairs' | 'losses'> {
  const targets = targetsIn(dataset)
  return {
    texts: Array.from(rows, (row) => dataset.texts[row] ?? ''),
    pairs: dataset.pairs && Array.from(rows, (row) => dataset.pairs?.[row] ?? ''),
    losses: (logits) => {
      if (targets.kind === 'regression')
        return squaredErrors(
          logits,
          Float64Array.from(rows, (row) => targets.values[row] ?? 0)
        )
      if (targets.kind === 'single-label') return classLosses(logits, pick(targets.labels, rows), targets.classes)
      return labelLosses(logits, pickRows(targets.labels, rows, targets.classes), targets.classes)
    }
  }
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
  const targets = targetsIn(dataset)
  const count = Math.min(all.length, MOST_ROWS)
  const places = Array.from({ length: count }, (_, i) => Math.floor((i * all.length) / count))
  const rows = Int32Array.from(places, (place) => all[place] ?? 0)
  const { texts, pairs, losses } = contentOf(dataset, rows)
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
    losses,
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
