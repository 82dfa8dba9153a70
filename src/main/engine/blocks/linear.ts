import { lazy } from '../../base/lazy.ts'
import { sizeAt } from '../graph/shapes.ts'
import type { Value } from '../graph/types.ts'
import type { Scope, Site } from './scope.ts'

export interface LinearOptions {
  readonly out: number
  readonly bias?: boolean
  readonly layer?: number | null
}

/**
 * y = x·Wᵀ + b with W [out, in] and b [out]; x is [tokens, in]. The one place that asks the scope for an adapter on a linear layer.
 */
export function linear(s: Scope, x: Value, { out, bias = true, layer = null }: LinearOptions): Value {
  return s.run(() => {
    const width = sizeAt(x.shape, -1)
    const weight = s.param('weight', [out, width])
    const offset = bias ? s.param('bias', [out]) : null
    const base = lazy(() => s.g.gemm(x, weight, { transB: true, c: offset }))
    const site: Site = { kind: 'linear', path: s.path, in: width, out, layer }
    return s.adapter?.linear?.({ g: s.g, site, x, weight, bias: offset, base }) ?? base()
  })
}
