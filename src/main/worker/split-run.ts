import type { RunConfig } from '../config/config-types.ts'
import { balanceTraining } from '../data/balance.ts'
import type { Dataset } from '../data/dataset-types.ts'
import type { FoldChoice } from '../data/folds.ts'
import { splitDataset, type Split } from '../data/split.ts'

/** The rows of a run's parts, those of training evened out between classes as the configuration says. */
export function splitFor({ data }: Pick<RunConfig, 'data'>, dataset: Dataset, seed: number, fold: FoldChoice | null): Split {
  const draw = data.split_seed ?? seed
  const split = splitDataset(dataset, data.split, draw, fold ? { fold } : {})
  if (!('oversample' in data)) return split
  const balance = { cap: data.cap_per_class, oversample: data.oversample === 'balanced' }
  const { rows, notes } = balanceTraining(dataset, split.train, balance, draw)
  if (rows === split.train) return split
  const { labels, classNames } = dataset
  const counts = new Array<number>(classNames.length).fill(0)
  if (labels.kind === 'class')
    for (const row of rows) counts[labels.values[row] ?? 0] = (counts[labels.values[row] ?? 0] ?? 0) + 1
  return { ...split, train: rows, classCounts: { ...split.classCounts, train: counts }, notes: [...split.notes, ...notes] }
}
