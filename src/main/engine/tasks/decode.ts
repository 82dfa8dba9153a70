import type { TagSet } from './tags.ts'
import { viterbi, type Transitions } from './viterbi.ts'

/** `constrained`: the likeliest sequence that keeps to the scheme; `independent`: each word's likeliest tag. */
export type Decoding = 'constrained' | 'independent'

/** Nothing but what a scheme allows: 0 where a step may be, −Infinity where not. */
export function schemeTransitions(tags: TagSet): Transitions {
  const { size } = tags
  const score = (isAllowed: boolean): number => (isAllowed ? 0 : -Infinity)
  return {
    tags: size,
    between: Float64Array.from({ length: size * size }, (_, at) => score(tags.mayFollow(Math.floor(at / size), at % size))),
    start: Float64Array.from({ length: size }, (_, tag) => score(tags.mayStart(tag))),
    end: Float64Array.from({ length: size }, (_, tag) => score(tags.mayEnd(tag)))
  }
}

/** What a conditional random field learned, and beyond it what a scheme allows. */
export function withScheme(learned: Transitions, tags: TagSet): Transitions {
  const allowed = schemeTransitions(tags)
  const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, at) => value + (b[at] ?? 0))
  return {
    tags: tags.size,
    between: sum(learned.between, allowed.between),
    start: sum(learned.start, allowed.start),
    end: sum(learned.end, allowed.end)
  }
}

/** Each step's likeliest tag; the lower of equal ones. */
export function likeliest(emissions: ArrayLike<number>, tags: number): Int32Array {
  return Int32Array.from({ length: emissions.length / tags }, (_, step) => {
    let best = 0
    for (let tag = 1; tag < tags; tag++) {
      if ((emissions[step * tags + tag] ?? 0) > (emissions[step * tags + best] ?? 0)) best = tag
    }
    return best
  })
}

/** The tags of one text from the logarithms of their probabilities, [units, tags]. */
export function decode(logProbabilities: ArrayLike<number>, tags: TagSet, decoding: Decoding): Int32Array {
  if (decoding === 'independent') return likeliest(logProbabilities, tags.size)
  return viterbi(logProbabilities, schemeTransitions(tags))
}
