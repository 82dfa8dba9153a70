import type { RunConfig } from '../config/config-types.ts'
import { InputError } from '../base/errors.ts'
import { loadDataset } from '../data/dataset.ts'
import type { Dataset } from '../data/dataset-types.ts'
import { splitDataset, type Split } from '../data/split.ts'
import { nearDuplicates } from '../data/near-duplicates.ts'
import type { PredictedPart } from '../report/predictions.ts'
import type { Answered } from './opened-export.ts'
import { datasetSpec, textOf } from './prepare.ts'

/** Most rows that an export replays: minutes on a laptop, and a drop of one point of accuracy still shows. */
const MOST_ROWS = 2000
/** Training rows that a membership test answers, at least and at most: no more of them than tested rows would make it any sharper. */
const LEAST_TRAINED = 200
const MOST_TRAINED = 1000
/** Most training rows that tested rows are compared with. */
const MOST_COMPARED = 20_000
/** Most validation rows that ranges are measured on. */
const MOST_CALIBRATING = 512

/** Some rows of the data, and how a model's loss on them is measured. */
export interface RowContent {
  readonly texts: readonly string[]
  readonly pairs: readonly string[] | null
  /** The loss of each of these rows; the logits of a regression are answers in the data's own unit. */
  readonly losses: (answered: Answered) => Float64Array
}

/** Rows that a run was tested on, or an even sample of them. */
export interface ReplayedRows extends RowContent {
  readonly part: PredictedPart
  /** Rows of the whole part. */
  readonly of: number
  /** Where each of these rows stands in the part. */
  readonly places: readonly number[]
  /** SHA-256 over texts, pairs and true answers of these rows. */
  readonly hash: string
}

/** Rows that a run was trained on, or an even sample of them. */
export interface TrainedRows extends RowContent {
  /** Training rows in all. */
  readonly of: number
}

/** Rows that were neither trained nor tested on. */
export interface CalibratingRows extends Pick<ReplayedRows, 'texts' | 'pairs' | 'hash'> {
  /** Validation rows in all. */
  readonly of: number
}

/** What stands beside the tested rows in a run's own data. */
export interface OtherRows {
  readonly learned: TrainedRows
  /** Validation rows, or an even sample of them, to measure ranges on; null where there are none, or where they are what the run was tested on. */
  readonly calibrating: CalibratingRows | null
  /** SHA-256 over the used texts, pairs, labels and groups of all rows. */
  readonly content: string
  /** A group number per row, those of `learned` first; null where rows stand alone. */
  readonly groups: Int32Array | null
  /** Which of the tested rows nearly repeat one of the training rows that they are compared with. */
  readonly findNear: () => { readonly isNear: readonly boolean[]; readonly compared: number }
  /** Texts of tested rows by their line in the file. */
  readonly textsByLine: () => ReadonlyMap<number, string>
}

/** The rows of a run's own data, tested and trained on. */
export type OwnRows = ReplayedRows & OtherRows

/** What is read of rows by the kind of their answers. */
export interface RowReader<T extends ReplayedRows> {
  readonly contentOf: (dataset: Dataset, rows: Int32Array) => RowContent
  /** SHA-256 over texts, pairs and true answers. */
  readonly hashOf: (dataset: Dataset, rows: Int32Array) => string
  /** A number for what each row belongs to, null where rows stand alone. */
  readonly groupsOf: (dataset: Dataset, rows: Int32Array) => Int32Array | null
  /** Adds what answers to tested rows are judged by. */
  readonly tested: (dataset: Dataset, rows: Int32Array, replayed: ReplayedRows) => T
}

/** The split of the run's own data; null where the data now give another one. */
function splitAgain(config: RunConfig, dataset: Dataset, splitHash: string): Split | null {
  const split = splitOf(config, dataset)
  return split.splitHash === splitHash ? split : null
}

/** With several seeds the first of them drew the split. */
function splitOf({ data, training: { seed, seeds } }: RunConfig, dataset: Dataset): Split {
  return splitDataset(dataset, data.split, data.split_seed ?? seeds[0] ?? seed)
}

/** Reads the rows of a part from the files that the run was made from. @throws InputError where these changed since */
export async function ownRows<T extends ReplayedRows>(
  config: RunConfig,
  classNames: readonly string[],
  splitHash: string,
  reader: RowReader<T>,
  signal: AbortSignal
): Promise<T & OtherRows> {
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
  const tested = rowsOf(dataset, split[part], part, reader)
  return { ...tested, ...otherRows(dataset, split, tested, reader) }
}

function otherRows<T extends ReplayedRows>(dataset: Dataset, split: Split, tested: T, reader: RowReader<T>): OtherRows {
  const { part, places } = tested
  const trained = evenly(split.train, Math.min(MOST_TRAINED, Math.max(LEAST_TRAINED, places.length)))
  const isApart = part === 'test' && split.validation.length > 0
  return {
    learned: { ...reader.contentOf(dataset, trained), of: split.train.length },
    calibrating: isApart ? calibratingOf(dataset, split.validation, reader) : null,
    content: dataset.contentHash,
    groups: reader.groupsOf(dataset, Int32Array.from([...trained, ...places.map((place) => split[part][place] ?? 0)])),
    findNear() {
      const others = evenly(split.train, MOST_COMPARED)
      const rows = places.map((place) => textOf(dataset, split[part][place] ?? 0))
      const against = Array.from(others, (row) => textOf(dataset, row))
      return { isNear: nearDuplicates(rows, against), compared: others.length }
    },
    textsByLine: () => new Map(Array.from(split[part], (row) => [dataset.lines[row] ?? 0, textOf(dataset, row)]))
  }
}

function calibratingOf(
  dataset: Dataset,
  validation: Int32Array,
  { contentOf, hashOf }: Pick<RowReader<ReplayedRows>, 'contentOf' | 'hashOf'>
): CalibratingRows {
  const rows = evenly(validation, MOST_CALIBRATING)
  const { texts, pairs } = contentOf(dataset, rows)
  return { texts, pairs, hash: hashOf(dataset, rows), of: validation.length }
}

/** `most` of the rows, evenly spaced. */
function evenly(rows: Int32Array, most: number): Int32Array {
  const count = Math.min(rows.length, most)
  return Int32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)] ?? 0)
}

/** Reads the same rows from a file that a person names: the whole table, or the test file where the run had one of its own. */
export async function namedRows<T extends ReplayedRows>(
  config: RunConfig,
  classNames: readonly string[],
  file: string,
  part: PredictedPart,
  reader: RowReader<T>,
  signal: AbortSignal
): Promise<T> {
  const { train: _train, validation: _validation, test: _test, ...rest } = datasetSpec(config, classNames)
  const isSplitByFile = rest.file === undefined
  const dataset = await loadDataset({ ...rest, file }, signal) // One file stands for all of them.
  const rows = isSplitByFile ? Int32Array.from(dataset.texts, (_, i) => i) : splitOf(config, dataset)[part]
  return rowsOf(dataset, rows, part, reader)
}

function rowsOf<T extends ReplayedRows>(
  dataset: Dataset,
  all: Int32Array,
  part: PredictedPart,
  { contentOf, hashOf, tested }: RowReader<T>
): T {
  const count = Math.min(all.length, MOST_ROWS)
  const places = Array.from({ length: count }, (_, i) => Math.floor((i * all.length) / count))
  const rows = Int32Array.from(places, (place) => all[place] ?? 0)
  return tested(dataset, rows, { ...contentOf(dataset, rows), part, of: all.length, places, hash: hashOf(dataset, rows) })
}
