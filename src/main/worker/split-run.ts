import { hash } from 'node:crypto'
import type { RunConfig } from '../config/config-types.ts'
import { Random } from '../base/random.ts'
import { balanceTraining, repeated, type BalancedRows } from '../data/balance.ts'
import type { Dataset } from '../data/dataset-types.ts'
import type { FoldChoice } from '../data/folds.ts'
import { shareOf, type ShareChoice } from '../data/shares.ts'
import { countClasses, splitDataset, type Split } from '../data/split.ts'
import { strataOf } from '../data/stratify.ts'

/** Which part of the data a training sees, where it is not all of them. */
export interface PartChoice {
  readonly fold?: FoldChoice | null
  readonly share?: ShareChoice | null
}

/**
 * The rows of a run's parts, those of training evened out between classes as the configuration says. A share of the training rows is repeated
 * until it has as many as all of them: each training then takes the same steps, and what differs is how many texts were labelled.
 */
export function splitFor(
  { data }: Pick<RunConfig, 'data'>,
  dataset: Dataset,
  seed: number,
  { fold = null, share = null }: PartChoice = {}
): Split {
  const draw = data.split_seed ?? seed
  const split = splitDataset(dataset, data.split, draw, fold ? { fold } : {})
  const whole = balanced(data, dataset, split.train, draw)
  if (!share || share.halvings === 0) return withTraining(split, dataset, whole)
  const some = balanced(data, dataset, shareOf(dataset, split.train, share, draw), draw)
  const rows = repeated([...some.rows], whole.rows.length, new Random(draw, 'data/share/repeated'))
  const told = withTraining(split, dataset, { rows: Int32Array.from(rows).sort(), notes: some.notes })
  const splitHash = hash('sha256', `${split.splitHash} share ${told.train.join()}`, 'hex')
  return { ...told, splitHash }
}

function balanced(data: RunConfig['data'], dataset: Dataset, train: Int32Array, draw: number): BalancedRows {
  if (!('oversample' in data)) return { rows: train, notes: [] }
  return balanceTraining(dataset, train, { cap: data.cap_per_class, oversample: data.oversample === 'balanced' }, draw)
}

function withTraining(split: Split, dataset: Dataset, { rows, notes }: BalancedRows): Split {
  if (rows === split.train) return split
  const train = countClasses(strataOf(dataset), rows)
  return { ...split, train: rows, classCounts: { ...split.classCounts, train }, notes: [...split.notes, ...notes] }
}
