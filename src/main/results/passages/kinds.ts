import type { PassageKind, PassageRule } from '../../../preload/contract/passages.ts'
import type { EntityRow, SoftRow } from '../../engine/evaluation/index.ts'

const rule = ({ precision, recall, f1 }: SoftRow): PassageRule => ({ precision, recall, f1 })

/** What the report measured of each kind of passage. */
export const kindsOf = (rows: readonly EntityRow[]): readonly PassageKind[] =>
  rows.map(({ name, support, found, predicted, softer, ...strict }) => ({
    name,
    there: support,
    found,
    said: predicted,
    strict: rule(strict),
    partial: softer ? rule(softer.partial) : null,
    overlap: softer ? rule(softer.type) : null
  }))
