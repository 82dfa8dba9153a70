import type { Ops } from './operations.ts'
import type { Value } from './types.ts'

/** X / √2, of which `phiOf` makes Φ(X): elementwise, of any shape. */
export const reducedOf = (g: Ops, X: Value): Value => g.scale(X, Math.SQRT1_2)

/** Φ(X) = ½ + ½·erf(X/√2) of GELU, X·Φ(X), from X / √2. */
export const phiOf = (g: Ops, reduced: Value): Value => g.hardSigmoid(g.erf(reduced), 0.5, 0.5)
