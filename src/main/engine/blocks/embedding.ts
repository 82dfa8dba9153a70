import { productOf } from '../graph/shapes.ts'
import type { Value } from '../graph/types.ts'
import type { Scope, Site } from './scope.ts'

/** Rows of a [count, width] table picked by `ids` [rows, time]: [tokens, width]. */
export function embedding(s: Scope, ids: Value, { count, width }: { readonly count: number; readonly width: number }): Value {
  return s.run(() => {
    const flat = s.g.reshape(ids, [productOf(ids.shape)])
    const rows = s.g.gather(s.param('weight', [count, width]), flat)
    const site: Site = { kind: 'embedding', path: s.path, in: count, out: width, layer: null }
    return s.adapter?.embedding?.({ g: s.g, site, rows, ids: flat }) ?? rows
  })
}
