import { sizeAt } from '../graph/shapes.ts'
import type { Value } from '../graph/types.ts'
import { activate, type Activation } from './activation.ts'
import { selfAttention } from './attention.ts'
import { layerNorm } from './layer-norm.ts'
import { linear } from './linear.ts'
import type { Scope, Site } from './scope.ts'

/** Module names inside one layer; the families differ in nothing else. */
export interface EncoderLayerNames {
  /** Module that holds the three projections. */
  readonly attention: string
  readonly query: string
  readonly key: string
  readonly value: string
  readonly attentionOutput: string
  readonly attentionNorm: string
  readonly up: string
  readonly down: string
  readonly outputNorm: string
}

export interface EncoderLayerOptions {
  readonly names: EncoderLayerNames
  readonly layer: number
  readonly heads: number
  /** Width between the two feed-forward products. */
  readonly intermediate: number
  readonly activation: Activation
  readonly epsilon: number
  /** Dropout on the attention output and on the feed-forward output. */
  readonly attentionOutputDropout: number
  readonly hiddenDropout: number
  readonly attentionDropout: number
  readonly attentionBias: Value
}

/**
 * One post-norm transformer encoder layer (arXiv:1706.03762), as in BERT:
 * a = norm(h + dropout(attention(h))), out = norm(a + dropout(down(act(up(a)))))
 */
export function encoderLayer(s: Scope, h: Value, options: EncoderLayerOptions): Value {
  const { names, layer, heads, intermediate, activation, epsilon, attentionDropout, attentionBias } = options
  const { g } = s
  const width = sizeAt(h.shape, -1)
  const join = (name: string, normName: string, rate: number, residual: Value, x: Value): Value => {
    const own = s.at(name)
    const site: Site = { kind: 'sublayer', path: own.path, in: width, out: width, layer }
    const dropped = own.run(() => {
      const kept = g.dropout(x, rate)
      const adapter = s.surroundings.adapterAt(`${own.path}#sublayer`)
      return g.add(adapter?.sublayer?.({ g, site, x: kept }) ?? kept, residual)
    })
    return layerNorm(s.at(normName), dropped, epsilon)
  }
  const attended = selfAttention(s.at(names.attention), h, {
    heads,
    layer,
    dropout: attentionDropout,
    names: { query: names.query, key: names.key, value: names.value },
    bias: attentionBias
  })
  const projected = linear(s.at(names.attentionOutput), attended, { out: width, layer })
  const a = join(names.attentionOutput, names.attentionNorm, options.attentionOutputDropout, h, projected)
  const up = linear(s.at(names.up), a, { out: intermediate, layer })
  const active = s.at(names.up).run(() => activate(g, activation, up))
  const down = linear(s.at(names.down), active, { out: width, layer })
  return join(names.down, names.outputNorm, options.hiddenDropout, a, down)
}
