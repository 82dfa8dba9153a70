import type { RunConfig } from '../config/config-types.ts'
import type { FoldChoice } from '../data/folds.ts'

/** How many folds test a run; null for a run that is tested once. */
export const foldsOf = ({ data }: Pick<RunConfig, 'data'>): number | null => ('folds' in data ? data.folds : null)

/** One training of a run: most runs have one, others one for each seed or fold. */
export interface TrainedPart {
  readonly seed: number
  readonly fold: FoldChoice | null
  /** Its folder inside of the run's; empty where it is the run's own. */
  readonly folder: string
}

/** The trainings of a run, in their order. */
export function partsOf(config: RunConfig): readonly TrainedPart[] {
  const { seed, seeds } = config.training
  const of = foldsOf(config)
  if (of !== null) {
    return Array.from({ length: of }, (_, index) => ({ seed, fold: { of, index }, folder: `fold-${index + 1}` }))
  }
  if (seeds.length < 2) return [{ seed: seeds[0] ?? seed, fold: null, folder: '' }]
  return seeds.map((each) => ({ seed: each, fold: null, folder: `seed-${each}` }))
}
