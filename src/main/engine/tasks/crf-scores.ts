import type { Transitions } from './viterbi.ts'

/** log Σ exp of values. */
function logSumExp(values: Float64Array): number {
  const most = values.reduce((top, value) => Math.max(top, value), -Infinity)
  return most === -Infinity ? most : most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0))
}

type Emissions = ArrayLike<number>

/** Sums over all beginnings up to each word: forward[t, tag], [steps, tags]. */
function forward(emissions: Emissions, { tags, between, start }: Transitions): Float64Array {
  const scores = new Float64Array(emissions.length)
  const into = new Float64Array(tags)
  for (let at = 0; at < emissions.length; at += tags) {
    for (let tag = 0; tag < tags; tag++) {
      if (at > 0)
        for (let from = 0; from < tags; from++) into[from] = (scores[at - tags + from] ?? 0) + (between[from * tags + tag] ?? 0)
      scores[at + tag] = (emissions[at + tag] ?? 0) + (at === 0 ? (start[tag] ?? 0) : logSumExp(into))
    }
  }
  return scores
}

/** Sums over all ends after each word: backward[t, tag], [steps, tags]. */
function backward(emissions: Emissions, { tags, between, end }: Transitions): Float64Array {
  const scores = new Float64Array(emissions.length)
  const out = new Float64Array(tags)
  for (let at = emissions.length - tags; at >= 0; at -= tags) {
    for (let tag = 0; tag < tags; tag++) {
      if (at + tags === emissions.length) scores[at + tag] = end[tag] ?? 0
      else {
        for (let to = 0; to < tags; to++)
          out[to] = (between[tag * tags + to] ?? 0) + (emissions[at + tags + to] ?? 0) + (scores[at + tags + to] ?? 0)
        scores[at + tag] = logSumExp(out)
      }
    }
  }
  return scores
}

/** log Z: the logarithm of the summed exponentials of all tag sequences' scores. 0 for a text without words. */
export function logPartition(emissions: Emissions, transitions: Transitions): number {
  if (emissions.length === 0) return 0
  const { tags, end } = transitions
  const last = forward(emissions, transitions).slice(-tags)
  return logSumExp(last.map((score, tag) => score + (end[tag] ?? 0)))
}

/** Logarithms of the probabilities of each word's tags, all sequences considered, [steps, tags]. */
export function logMarginals(emissions: Emissions, transitions: Transitions): Float64Array {
  const [ahead, behind] = [forward(emissions, transitions), backward(emissions, transitions)]
  const total = logPartition(emissions, transitions)
  return ahead.map((score, at) => score + (behind[at] ?? 0) - total)
}

/** −log of the probability of these tags. */
export function crfSurprise(emissions: Emissions, path: ArrayLike<number>, transitions: Transitions): number {
  const { tags, between, start, end } = transitions
  let score = 0
  for (let step = 0; step < path.length; step++) {
    const tag = path[step] ?? 0
    score += (emissions[step * tags + tag] ?? 0) + ((step === 0 ? start[tag] : between[(path[step - 1] ?? 0) * tags + tag]) ?? 0)
  }
  if (path.length > 0) score += end[path[path.length - 1] ?? 0] ?? 0
  return logPartition(emissions, transitions) - score
}
