import { InputError } from '../base/errors.ts'
import { Random } from '../base/random.ts'
import { counted } from '../base/wording.ts'
import type { Dataset } from './dataset-types.ts'
import { duplicateSets, withSameTexts } from './duplicates.ts'
import { assignUnits, strataOf } from './stratify.ts'
import { unitsOf } from './units.ts'

/** Fewer independent texts than this leave the smallest share with next to nothing to learn from. */
const LEAST_UNITS = 32

/** The training rows halved so many times; 0 is all of them. */
export interface ShareChoice {
  readonly halvings: number
}

/**
 * Training rows of a share, ascending: half of the rows of the share above it, so that each lies in the next. Stratified, with groups and equal
 * texts kept together. The same seed gives the same rows. Throws an `InputError` where there are too few independent texts.
 */
export function shareOf(dataset: Dataset, train: Int32Array, { halvings }: ShareChoice, seed: number): Int32Array {
  if (halvings === 0) return train
  const trained = new Set(train)
  const together = withSameTexts(dataset, duplicateSets(dataset))
  let units = unitsOf(dataset, together, true).filter(([row = 0]) => trained.has(row))
  if (units.length < LEAST_UNITS) {
    const has = `a learning curve needs at least ${LEAST_UNITS} independent texts to train on, and these data have ${counted(units.length, 'such text')}`
    throw new InputError('data_split_too_small', `Nothing can be said of more labels yet: ${has}. Label more first.`)
  }
  const strata = strataOf(dataset)
  for (let step = 1; step <= halvings; step++) {
    const half = assignUnits(units, strata, [0.5, 0.5], new Random(seed, `data/share/${step}`))
    units = units.filter((_, unit) => half[unit] === 0)
  }
  return Int32Array.from(units.flat()).sort()
}
