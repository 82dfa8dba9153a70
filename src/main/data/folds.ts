import { InputError } from '../base/errors.ts'
import { Random } from '../base/random.ts'
import { counted } from '../base/wording.ts'
import type { Dataset } from './dataset-types.ts'
import { duplicateSets, withSameTexts } from './duplicates.ts'
import { assignUnits, strataOf, type Strata } from './stratify.ts'
import { unitsOf, type Unit } from './units.ts'

/** One of several folds of which each is the test once. */
export interface FoldChoice {
  readonly of: number
  /** From 0. */
  readonly index: number
}

/** The fold of each unit, [units]: stratified, the same for the same seed. Throws an InputError when there are fewer units than folds. */
export function assignFolds(units: readonly Unit[], strata: Strata, folds: number, seed: number): Int32Array {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new InputError('data_folds', 'Cross-validation needs a whole number of folds, at least 2.', { key: 'folds' })
  }
  if (units.length < folds) {
    const message = `The rows form only ${counted(units.length, 'independent unit')} (rows that share a group or a text stay together), too few for ${folds} folds.`
    throw new InputError('data_folds', message, { key: 'folds' })
  }
  const shares = new Array<number>(folds).fill(1 / folds)
  return assignUnits(units, strata, shares, new Random(seed, 'data/folds'))
}

/**
 * The fold (0 … `folds` − 1) of every row for cross-validation, [rows]: stratified, with groups and equal texts kept together.
 * Throws an `InputError` when there are fewer independent units than folds.
 */
export function foldAssignments(
  dataset: Dataset,
  folds: number,
  seed: number,
  { byGroup = true }: { readonly byGroup?: boolean } = {}
): Int32Array {
  const units = unitsOf(dataset, withSameTexts(dataset, duplicateSets(dataset)), byGroup)
  const assigned = assignFolds(units, strataOf(dataset), folds, seed)
  const foldOf = new Int32Array(dataset.count)
  for (const [unit, rows] of units.entries()) for (const row of rows) foldOf[row] = assigned[unit] ?? 0
  return foldOf
}
