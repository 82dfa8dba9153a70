import { defined } from '../../base/assert.ts'
import { ENTITY_KEYS, entityMeasure, type EntityData } from './entities.ts'
import { resample, type ResampleOptions } from './intervals.ts'
import { pairedBootstrap } from './paired.ts'

/** What strict micro-F1 lost between two readings of the same documents. */
export interface LostInMarks {
  /** Before − after, on these documents; NaN where they define neither. */
  readonly lost: number
  /** 95 % interval over resampled documents, or groups of them (paired bootstrap); null where they define none. */
  readonly interval: readonly [low: number, high: number] | null
}

const MICRO_F1 = ENTITY_KEYS.indexOf('micro_f1')

/** Measures it. */
export function lostInMarks(before: EntityData, after: EntityData, options: ResampleOptions): LostInMarks {
  const [was, is] = resample([before, after].map(entityMeasure), options)
  const [own, other] = [defined(was, 'the first reading'), defined(is, 'the second reading')]
  const { difference } = pairedBootstrap(own, other, MICRO_F1)
  const lost = (own.values[MICRO_F1] ?? Number.NaN) - (other.values[MICRO_F1] ?? Number.NaN)
  return { lost, interval: difference && [difference.low, difference.high] }
}
