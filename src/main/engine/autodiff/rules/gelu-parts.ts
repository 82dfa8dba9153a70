import { phiOf, reducedOf } from '../../graph/gelu-phi.ts'
import type { Ops } from '../../graph/operations.ts'
import type { Value } from '../../graph/types.ts'

/** Of GELU, X·Φ(X), elementwise: Φ(X) = ½ + ½·erf(X/√2), and the slope Φ(X) + X·φ(X). */
export interface GeluParts {
  readonly phi: Value
  readonly slope: Value
}

/**
 * What the backward pass makes of GELU's input, once for each. φ(X) = e^(−X²/2)/√(2π), so with u = X/√2: X·φ(X) = (u / e^(u²))/√π. Where e^(u²) is infinite,
 * the quotient is the zero that it tends to.
 */
export function geluParts(g: Ops, X: Value): GeluParts {
  const known = parts.get(X)
  if (known) return known
  const u = reducedOf(g, X)
  const phi = phiOf(g, u)
  // The later of two summands is worked out first (runtime-order.ts): then neither u nor X is held any longer than a part needs it.
  const density = g.div(u, g.exp(g.mul(u, u)))
  const made = { phi, slope: g.add(phi, g.scale(density, 1 / Math.sqrt(Math.PI))) }
  parts.set(X, made)
  return made
}

/**
 * GELU itself in the backward pass, from the Φ(X) that its slope needs, too. It waits for the slope, so that Φ(X) and X need not be kept for that. Where
 * layers are made again (recomputation.ts) memory is short: there nothing is shared, and the slope not made before it is needed. The bits are the same.
 */
export function geluAgain(g: Ops, X: Value, isShort: boolean): Value {
  if (isShort) return g.mul(X, phiOf(g, reducedOf(g, X)))
  const { phi, slope } = geluParts(g, X)
  return g.mul(g.after(X, slope), phi)
}

const parts = new WeakMap<Value, GeluParts>()
