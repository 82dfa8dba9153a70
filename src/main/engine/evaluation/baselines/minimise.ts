import type { Turns } from '../../../base/turns.ts'

/**
 * A smooth convex function over flat vectors. The inner product is the problem's own, so that a vector may carry images of itself that
 * would be dear to compute again (see `logistic-regression.ts`).
 */
export interface ConvexProblem {
  readonly size: number
  readonly inner: (a: Float64Array, b: Float64Array) => number
  /** Writes the gradient at `point` to `out` and returns the value. */
  readonly gradient: (point: Float64Array, out: Float64Array) => number
  /** Prepares the line point + t·direction and returns value and slope along it; called many times per step, so it should be cheap. */
  readonly line: (point: Float64Array, direction: Float64Array) => (t: number) => { value: number; slope: number }
}

export interface MinimiseOptions {
  /** Stops when the gradient's norm is at most this. */
  readonly tolerance: number
  readonly maxIterations: number
}

export interface Minimum {
  readonly point: Float64Array
  readonly iterations: number
  readonly converged: boolean
}

interface Pair {
  readonly step: Float64Array
  readonly change: Float64Array
  readonly curvature: number
}

const MEMORY = 8
const MAX_LINE_STEPS = 40
/** The line search ends when the slope has shrunk to this share of its start. */
const SLOPE_SHARE = 0.5

function addScaled(to: Float64Array, by: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + by * (from[i] ?? 0)
}

/** The two-loop recursion (Nocedal & Wright 2006, algorithm 7.4): −H·gradient, written to `direction`. */
function descent(problem: ConvexProblem, pairs: readonly Pair[], gradient: Float64Array, direction: Float64Array): void {
  direction.set(gradient)
  const alphas: number[] = []
  for (const { step, change, curvature } of pairs.toReversed()) {
    const alpha = problem.inner(step, direction) / curvature
    alphas.unshift(alpha)
    addScaled(direction, -alpha, change)
  }
  const last = pairs.at(-1)
  const scale = last ? last.curvature / problem.inner(last.change, last.change) : 1
  for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] ?? 0) * scale
  pairs.forEach(({ step, change, curvature }, i) => {
    addScaled(direction, (alphas[i] ?? 0) - problem.inner(change, direction) / curvature, step)
  })
  for (let i = 0; i < direction.length; i++) direction[i] = -(direction[i] ?? 0)
}

/** A step along a convex line that lowers the value and flattens the slope, by doubling and then bracketing; 0 when there is none. */
function lineStep(line: (t: number) => { value: number; slope: number }): number {
  const start = line(0)
  // Close to the minimum the value's own rounding hides its fall; there the slope alone decides.
  const ceiling = start.value + 1e-13 * Math.abs(start.value)
  let low = 0
  let high = Infinity
  let lowSlope = start.slope
  let highSlope = 0
  let t = 1
  for (let i = 0; i < MAX_LINE_STEPS; i++) {
    const { value, slope } = line(t)
    if (value <= ceiling && Math.abs(slope) <= SLOPE_SHARE * Math.abs(start.slope)) return t
    if (slope < 0 && value <= ceiling) [low, lowSlope] = [t, slope]
    else [high, highSlope] = [t, Math.max(slope, 0)]
    if (high === Infinity) t *= 4
    else {
      // The secant's guess, kept away from the ends so that the bracket always shrinks.
      const guess = low + ((high - low) * -lowSlope) / (highSlope - lowSlope)
      const margin = 0.1 * (high - low)
      t = Math.min(high - margin, Math.max(low + margin, guess))
    }
  }
  return low
}

/** Minimises a convex function from zero with limited-memory BFGS, an iteration at a time. Deterministic. */
export function* minimise(
  problem: ConvexProblem,
  { tolerance, maxIterations }: MinimiseOptions,
  start?: Float64Array
): Turns<Minimum> {
  const point = start?.slice() ?? new Float64Array(problem.size)
  let gradient: Float64Array = new Float64Array(problem.size)
  problem.gradient(point, gradient)
  const pairs: Pair[] = []
  // Vectors that nothing reads any more are written to again: new ones would keep the collector busy.
  const free: Float64Array[] = []
  const room = (): Float64Array => free.pop() ?? new Float64Array(problem.size)
  for (let iterations = 0; iterations < maxIterations; iterations++) {
    if (Math.sqrt(problem.inner(gradient, gradient)) <= tolerance) return { point, iterations, converged: true }
    yield
    const step = room()
    descent(problem, pairs, gradient, step)
    const t = lineStep(problem.line(point, step))
    if (t === 0 && pairs.length === 0) return { point, iterations, converged: false }
    if (t === 0) {
      // Rounding has spoilt the memory; start again from the steepest descent.
      free.push(step, ...pairs.splice(0).flatMap(({ step, change }) => [step, change]))
      continue
    }
    for (let i = 0; i < step.length; i++) step[i] = (step[i] ?? 0) * t
    addScaled(point, 1, step)
    const next = room()
    problem.gradient(point, next)
    for (let i = 0; i < next.length; i++) gradient[i] = (next[i] ?? 0) - (gradient[i] ?? 0)
    const curvature = problem.inner(step, gradient)
    if (curvature > 0) pairs.push({ step, change: gradient, curvature })
    else free.push(step, gradient)
    const dropped = pairs.length > MEMORY ? pairs.shift() : undefined
    if (dropped) free.push(dropped.step, dropped.change)
    gradient = next
  }
  return { point, iterations: maxIterations, converged: false }
}
