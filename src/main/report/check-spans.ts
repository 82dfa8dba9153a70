import type { EntityError, EntityResult, EntityRow, Estimate, MatchCounts, SoftRow } from '../engine/evaluation/index.ts'
import { count, isRecord, list, number, object, oneOf, orNull, text } from './shape.ts'
import type { Check, ChecksOf } from './shape.ts'

const estimate = orNull(object<Estimate>({ value: number, low: number, high: number }))

const soft = object<SoftRow>({ precision: estimate, recall: estimate, f1: estimate })
const softer = object<NonNullable<EntityRow['softer']>>({ partial: soft, type: soft })
const entityRow = object<EntityRow>({
  name: text,
  support: count,
  predicted: count,
  found: count,
  precision: estimate,
  recall: estimate,
  f1: estimate,
  softer: (value) => (value === undefined ? null : softer(value))
})
const matching = object<MatchCounts>({ correct: count, partial: count, incorrect: count, spurious: count, missed: count })
const mark = orNull(object<NonNullable<EntityError['truth']>>({ start: count, end: count, type: count }))
const error = object<EntityError>({
  row: count,
  kind: oneOf('missed', 'invented', 'boundary', 'type'),
  truth: mark,
  said: mark,
  confidence: number
})

type Common = Pick<ChecksOf<EntityResult>, 'rows' | 'intervals' | 'primary' | 'metrics' | 'baselines'>

/** Checks the result of a run that marks passages; `common`: what it shares with other results. */
export const checkSpans =
  (common: Common): Check =>
  (value) => {
    const types = isRecord(value) && Array.isArray(value['classNames']) ? value['classNames'].length : 0
    return object<EntityResult>({
      ...common,
      kind: oneOf('spans'),
      classNames: list(text),
      perType: list(entityRow, types),
      matching: object<EntityResult['matching']>({ strict: matching, exact: matching, partial: matching, type: matching }),
      errors: object<EntityResult['errors']>({ missed: count, invented: count, boundary: count, type: count }),
      flawless: count,
      worstErrors: list(error)
    })(value)
  }
