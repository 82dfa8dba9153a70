import type { RunConfig } from '../config/config-types.ts'
import { hasCurve } from '../config/has-curve.ts'
import type { FoldChoice } from '../data/folds.ts'
import type { ShareChoice } from '../data/shares.ts'

/** How many folds test a run; null for a run that is tested once. */
export const foldsOf = ({ data }: Pick<RunConfig, 'data'>): number | null => ('folds' in data ? data.folds : null)

/** Halvings of the training rows for a learning curve, the smallest share first: an eighth, a quarter, a half. */
const HALVINGS = [3, 2, 1]

/** One training of a run: most runs have one, others one for each seed, fold or share. */
export interface TrainedPart {
  readonly seed: number
  readonly fold: FoldChoice | null
  /** The share of the training rows that it learns from; null where nothing is said of shares. */
  readonly share: ShareChoice | null
  /** Its folder inside of the run's; empty where it is the run's own. */
  readonly folder: string
}

/** The trainings of a run, in their order. */
export function partsOf(config: RunConfig): readonly TrainedPart[] {
  const { seed, seeds } = config.training
  const of = foldsOf(config)
  if (of !== null) {
    return Array.from({ length: of }, (_, index) => ({ seed, fold: { of, index }, share: null, folder: `fold-${index + 1}` }))
  }
  const only = seeds[0] ?? seed
  if (hasCurve(config)) {
    const smaller = HALVINGS.map((halvings) => ({
      ...{ seed: only, fold: null, share: { halvings } },
      folder: `share-1-${2 ** halvings}`
    }))
    // The whole comes last and is the run itself.
    return [...smaller, { seed: only, fold: null, share: { halvings: 0 }, folder: '' }]
  }
  if (seeds.length < 2) return [{ seed: only, fold: null, share: null, folder: '' }]
  return seeds.map((each) => ({ seed: each, fold: null, share: null, folder: `seed-${each}` }))
}
