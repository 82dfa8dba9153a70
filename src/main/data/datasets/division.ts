import type { Roles, SplitSettings } from '../../../preload/contract/data.ts'
import { inTurns } from '../../base/turns.ts'
import { DEFAULT_FRACTIONS, splitting, type Split } from '../split.ts'
import type { Dataset, Fractions } from '../dataset-types.ts'

/** The column of a version's own table in which the parts of the version before are kept. */
export interface KeptParts {
  readonly column: string
  /** The roles under which they were drawn; under others rows belong together differently, and the parts are drawn anew. */
  readonly key: string
}

/** How the rows of a data set are divided. */
export interface Division {
  readonly settings: SplitSettings
  readonly kept: KeptParts | null
  readonly from: 'draw' | 'column' | 'date' | 'version'
}

export const STANDARD_SPLIT: SplitSettings = {
  ...DEFAULT_FRACTIONS,
  seed: 42,
  column: null,
  date: null,
  folds: null,
  balance: 'none',
  cap: null
}

/** As in resources/sample/*.yaml: with fewer test rows the letters cannot be told from what keywords reach. */
export const PRACTICE_SPLIT: SplitSettings = { ...STANDARD_SPLIT, train: 0.6, validation: 0.15, test: 0.25 }

/** Roles that decide which rows must stay together. */
export const keyOfRoles = ({ text, textPair, group, belonging }: Roles): string =>
  JSON.stringify([text, textPair, belonging === 'column' ? group : null])

export function divisionOf(settings: SplitSettings, kept: KeptParts | null, roles: Roles): Division {
  // Folds test every row: no part of the version before has to be kept for results to compare.
  const holds = kept !== null && kept.key === keyOfRoles(roles) && settings.folds === null
  const told = settings.column !== null ? 'column' : settings.date !== null ? 'date' : 'draw'
  return { settings, kept: holds ? kept : null, from: holds ? 'version' : told }
}

/** The keys of a run's data section that say how rows are divided. */
export function divisionKeys({ settings, kept }: Division): {
  readonly split: Fractions
  readonly split_seed: number
  readonly split_column: string | null
  readonly split_date: string | null
  readonly folds: number | null
  readonly cap_per_class: number | null
  readonly oversample: 'none' | 'balanced'
} {
  const { train, validation, test, seed, column, date, folds, balance, cap } = settings
  const split_column = kept?.column ?? column
  return {
    split: { train, validation, test },
    split_seed: seed,
    split_column,
    split_date: split_column === null ? date : null,
    folds: split_column === null && date === null ? folds : null,
    cap_per_class: cap,
    oversample: balance === 'repeat' ? 'balanced' : 'none'
  }
}

/** Divides the rows while the process goes on answering; by folds, as the first of them does. */
export function splitBy(dataset: Dataset, division: Division): Promise<Split> {
  const { split, split_seed, folds } = divisionKeys(division)
  return inTurns(splitting(dataset, split, split_seed, folds === null ? {} : { fold: { of: folds, index: 0 } }))
}
