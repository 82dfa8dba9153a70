/** The level at which differences are called shown; every report states it. */
export const SIGNIFICANCE = 0.05

const USUAL_LEVEL = 1 - SIGNIFICANCE

/** The standard normal quantile that cuts off (1 − level)/2 on either side, by bisection of the error integral. */
export function twoSidedZ(level: number): number {
  if (level === USUAL_LEVEL) return 1.959963984540054
  let low = 0
  let high = 40
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (centralNormal(middle) < level) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(|Z| < z): erf(z/√2) by its everywhere convergent series Σ 2ⁿ x^(2n+1) / (2n+1)!!. */
function centralNormal(z: number): number {
  if (z > 20) return 1
  const x = z / Math.SQRT2
  let term = x
  let sum = x
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * sum * Math.exp(-x * x)
}
