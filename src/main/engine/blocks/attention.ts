import { sizeAt } from '../graph/shapes.ts'
import type { Value } from '../graph/types.ts'
import { linear } from './linear.ts'
import type { Scope, Site } from './scope.ts'

export interface AttentionOptions {
  readonly heads: number
  readonly layer: number
  /** Dropout on the attention probabilities. */
  readonly dropout: number
  /** Module names of the projections below the scope. */
  readonly names: { readonly query: string; readonly key: string; readonly value: string }
  /** Added to the scores: [rows, 1, 1, time], or [rows, 1, time, time]. */
  readonly bias: Value
}

/**
 * Multi-head self-attention before its output projection (arXiv:1706.03762): softmax(Q·Kᵀ/√d + bias)·V, d the width of a head.
 * h is [tokens, width]; the result too.
 */
export function selfAttention(s: Scope, h: Value, { heads, layer, dropout, names, bias }: AttentionOptions): Value {
  const { g } = s
  const width = sizeAt(h.shape, -1)
  const headWidth = width / heads
  const project = (name: string): Value => {
    const y = linear(s.at(name), h, { out: width, layer })
    return s.run(() => g.transpose(g.reshape(y, ['rows', 'time', heads, headWidth]), [0, 2, 1, 3]))
  }
  const query = project(names.query)
  const plain = { keys: project(names.key), values: project(names.value), bias }
  return s.run(() => {
    const site: Site = { kind: 'attention-kv', path: s.path, in: headWidth, out: heads, layer }
    const { keys, values, bias: scoreBias } = s.adapter?.keyValue?.({ g, site, ...plain }) ?? plain
    const scores = g.fusedMatMul(query, keys, { transB: true, alpha: 1 / Math.sqrt(headWidth) })
    const probabilities = g.dropout(g.softmax(g.add(scores, scoreBias)), dropout)
    return g.reshape(g.transpose(g.matMul(probabilities, values), [0, 2, 1, 3]), ['tokens', width])
  })
}
