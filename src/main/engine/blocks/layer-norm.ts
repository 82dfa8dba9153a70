import { sizeAt } from '../graph/shapes.ts'
import type { Value } from '../graph/types.ts'
import type { Scope } from './scope.ts'

/** Layer normalisation over the last axis with trainable `weight` and `bias` (arXiv:1607.06450). */
export function layerNorm(s: Scope, x: Value, epsilon: number): Value {
  return s.run(() => {
    const width = sizeAt(x.shape, -1)
    const [y] = s.g.layerNormalization(x, s.param('weight', [width]), s.param('bias', [width]), epsilon)
    return y
  })
}
