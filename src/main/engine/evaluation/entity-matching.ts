import type { Mark } from '../../base/mark.ts'

/**
 * When a found passage counts as right (SemEval-2013 task 9.1). `strict`: same stretch, same type. `exact`: same stretch. `partial`: same stretch, and
 * half for one that overlaps. `type`: overlaps, same type.
 */
export type Matching = 'strict' | 'exact' | 'partial' | 'type'

export interface MatchCounts {
  correct: number
  partial: number
  incorrect: number
  /** Said where nothing is. */
  spurious: number
  /** There and not said. */
  missed: number
}

const overlaps = (a: Mark, b: Mark): boolean => a.start < b.end && b.start < a.end
const isSameStretch = (a: Mark, b: Mark): boolean => a.start === b.start && a.end === b.end
const distance = (a: Mark, b: Mark): number => Math.abs(a.start - b.start) + Math.abs(a.end - b.end)

/**
 * Counts as nervaluate 1.2 does: each found passage in turn takes the first true one, not yet taken, that it matches, else the first that it overlaps.
 * Where types decide it takes the nearest of its type. Any overlap will do; nervaluate wants one part in a hundred of the true passage.
 */
export function matchMarks(truth: readonly Mark[], said: readonly Mark[], matching: Matching): MatchCounts {
  const counts = { correct: 0, partial: 0, incorrect: 0, spurious: 0, missed: 0 }
  const taken = new Set<Mark>()
  for (const mark of said) {
    const free = truth.filter((each) => !taken.has(each))
    const right = rightOne(free, mark, matching)
    const found = right ?? free.find((each) => overlaps(each, mark))
    if (found === undefined) counts.spurious++
    else {
      taken.add(found)
      counts[right ? 'correct' : matching === 'partial' ? 'partial' : 'incorrect']++
    }
  }
  counts.missed = truth.length - taken.size
  return counts
}

function rightOne(free: readonly Mark[], mark: Mark, matching: Matching): Mark | undefined {
  if (matching === 'strict') return free.find((each) => isSameStretch(each, mark) && each.label === mark.label)
  if (matching !== 'type') return free.find((each) => isSameStretch(each, mark))
  const ofType = free.filter((each) => each.label === mark.label && overlaps(each, mark))
  return ofType.reduce<Mark | undefined>(
    (best, each) => (best && distance(best, mark) <= distance(each, mark) ? best : each),
    undefined
  )
}
