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
  readonly from: 'draw' | 'column' | 'version'
}

export const STANDARD_SPLIT: SplitSettings = { ...DEFAULT_FRACTIONS, seed: 42, column: null }

/** As in resources/sample/*.yaml: with fewer test rows the letters cannot be told from what keywords reach. */
export const PRACTICE_SPLIT: SplitSettings = { ...STANDARD_SPLIT, train: 0.6, validation: 0.15, test: 0.25 }

/** Roles that decide which rows must stay together. */
export const keyOfRoles = ({ text, textPair, group, belonging }: Roles): string =>
  JSON.stringify([text, textPair, belonging === 'column' ? group : null])

export function divisionOf(settings: SplitSettings, kept: KeptParts | null, roles: Roles): Division {
  const holds = kept !== null && kept.key === keyOfRoles(roles)
  return { settings, kept: holds ? kept : null, from: holds ? 'version' : settings.column === null ? 'draw' : 'column' }
}

/** The keys of a run's data section that say how rows are divided. */
export function divisionKeys({ settings, kept }: Division): {
  readonly split: Fractions
  readonly split_seed: number
  readonly split_column: string | null
} {
  const { train, validation, test, seed } = settings
  return { split: { train, validation, test }, split_seed: seed, split_column: kept?.column ?? settings.column }
}

/** Divides the rows while the process goes on answering. */
export const splitBy = (dataset: Dataset, { settings: { train, validation, test, seed } }: Division): Promise<Split> =>
  inTurns(splitting(dataset, { train, validation, test }, seed))
