/** Scores of going from one tag to another, [from · tags + to], of starting and of ending with one; −Infinity where that may not be. */
export interface Transitions {
  readonly tags: number
  readonly between: Float64Array
  readonly start: Float64Array
  readonly end: Float64Array
}

/** The sum of scores of a sequence of tags; without transitions, that of its emissions alone. */
export function pathScore(
  emissions: ArrayLike<number>,
  path: ArrayLike<number>,
  width: number,
  learned: Transitions | null
): number {
  let score = 0
  for (let step = 0; step < path.length; step++) {
    const tag = path[step] ?? 0
    const before = step === 0 ? learned?.start[tag] : learned?.between[(path[step - 1] ?? 0) * width + tag]
    score += (emissions[step * width + tag] ?? 0) + (before ?? 0)
  }
  return path.length === 0 ? score : score + (learned?.end[path[path.length - 1] ?? 0] ?? 0)
}

/**
 * The sequence of tags with the highest sum of scores (Viterbi 1967). `emissions`: [steps, tags], logits or log-probabilities. Of equal sums the
 * lower tag number wins, so that a result does not depend on the machine.
 */
export function viterbi(emissions: ArrayLike<number>, { tags, between, start, end }: Transitions): Int32Array {
  const steps = emissions.length / tags
  const path = new Int32Array(steps)
  if (steps === 0) return path
  const from = new Int32Array(steps * tags)
  let best = Float64Array.from({ length: tags }, (_, tag) => (start[tag] ?? 0) + (emissions[tag] ?? 0))
  for (let step = 1; step < steps; step++) {
    const next = new Float64Array(tags)
    for (let to = 0; to < tags; to++) {
      let [most, chosen] = [-Infinity, 0]
      for (let tag = 0; tag < tags; tag++) {
        const score = (best[tag] ?? 0) + (between[tag * tags + to] ?? 0)
        if (score > most) [most, chosen] = [score, tag]
      }
      next[to] = most + (emissions[step * tags + to] ?? 0)
      from[step * tags + to] = chosen
    }
    best = next
  }
  let [most, last] = [-Infinity, 0]
  for (let tag = 0; tag < tags; tag++) {
    const score = (best[tag] ?? 0) + (end[tag] ?? 0)
    if (score > most) [most, last] = [score, tag]
  }
  for (let step = steps - 1; step >= 0; step--) {
    path[step] = last
    last = from[step * tags + last] ?? 0
  }
  return path
}
