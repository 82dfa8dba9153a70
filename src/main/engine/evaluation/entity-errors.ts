import type { Mark } from '../../base/mark.ts'
import { isSameMark } from './entities.ts'

/** A found passage, and how sure the model is of it: the least probability of its tags. */
export interface FoundMark extends Mark {
  readonly confidence: number
}

/** `missed` and `invented` have no counterpart; `boundary`: the stretch differs; `type`: the type does. */
export type MarkErrorKind = 'missed' | 'invented' | 'boundary' | 'type'

export interface MarkError {
  readonly kind: MarkErrorKind
  readonly truth: Mark | null
  readonly said: FoundMark | null
}

/**
 * What is wrong with the passages found in one document: each found one that is not so there with its counterpart, the true one in the same place or
 * else the first that it overlaps, and then what was missed.
 */
export function markErrors(truth: readonly Mark[], said: readonly FoundMark[]): readonly MarkError[] {
  const wrong = said.filter((mark) => !truth.some((each) => isSameMark(each, mark)))
  const left = truth.filter((mark) => !said.some((each) => isSameMark(each, mark)))
  const taken = new Set<Mark>()
  const errors = wrong.map((mark): MarkError => {
    const free = left.filter((each) => !taken.has(each))
    const counterpart =
      free.find((each) => each.start === mark.start && each.end === mark.end) ??
      free.find((each) => each.start < mark.end && mark.start < each.end)
    if (!counterpart) return { kind: 'invented', truth: null, said: mark }
    taken.add(counterpart)
    const isSamePlace = counterpart.start === mark.start && counterpart.end === mark.end
    return { kind: isSamePlace ? 'type' : 'boundary', truth: counterpart, said: mark }
  })
  const missed = left.filter((mark) => !taken.has(mark))
  return [...errors, ...missed.map((mark): MarkError => ({ kind: 'missed', truth: mark, said: null }))]
}
