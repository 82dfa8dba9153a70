import type { Activation } from '../blocks/activation.ts'
import { embedding } from '../blocks/embedding.ts'
import { encoderLayer, type EncoderLayerNames } from '../blocks/encoder-layer.ts'
import { layerNorm } from '../blocks/layer-norm.ts'
import type { Scope, Site } from '../blocks/scope.ts'
import type { Value } from '../graph/types.ts'
import type { TensorSpec } from '../blocks/tensor-spec.ts'
import type { EncoderConfig, TextInputs } from './define-architecture.ts'
import { embeddingTensor, linearSite, linearTensors, normTensors } from './tensor-lists.ts'

/** A post-norm encoder's arithmetic: what BERT, RoBERTa and DistilBERT have in common. */
export interface PostNormConfig extends EncoderConfig {
  readonly activation: Activation
  readonly epsilon: number
  /** Dropout on what attention gives to the residual stream; DistilBERT has none there. */
  readonly attentionOutputDropout: number
}

/** How one family names the modules of such an encoder. */
export interface PostNormNames {
  readonly prefix: string
  /** Path of the layer list below the prefix, e.g. `encoder.layer`. */
  readonly layers: string
  readonly layer: EncoderLayerNames
}

const layerNumbers = (config: EncoderConfig): number[] => Array.from({ length: config.layers }, (_, layer) => layer)

function layerLinears(
  { width, intermediate }: EncoderConfig,
  names: EncoderLayerNames
): { path: string; in: number; out: number }[] {
  const inner = (name: string): string => `${names.attention}.${name}`
  return [
    ...[names.query, names.key, names.value].map((name) => ({ path: inner(name), in: width, out: width })),
    { path: names.attentionOutput, in: width, out: width },
    { path: names.up, in: width, out: intermediate },
    { path: names.down, in: intermediate, out: width }
  ]
}

/** Every weight of the bare encoder. The token-type table is left out where the family has none. */
export function encoderTensors(config: PostNormConfig, { prefix, layers, layer: names }: PostNormNames): TensorSpec[] {
  const { width, initializerRange: std } = config
  const init = { kind: 'normal', std } as const
  const table = (name: string, count: number): TensorSpec => embeddingTensor(`${prefix}.embeddings.${name}`, count, width, init)
  return [
    table('word_embeddings', config.vocabularySize),
    table('position_embeddings', config.maxPositions),
    ...(config.tokenTypes === 0 ? [] : [table('token_type_embeddings', config.tokenTypes)]),
    ...normTensors(`${prefix}.embeddings.LayerNorm`, width, { layer: null, role: 'embedding' }),
    ...layerNumbers(config).flatMap((layer) => {
      const placement = { layer, role: 'layer' } as const
      const path = `${prefix}.${layers}.${layer}`
      return [
        ...layerLinears(config, names).flatMap((size) => linearTensors(`${path}.${size.path}`, size, std, placement)),
        ...normTensors(`${path}.${names.attentionNorm}`, width, placement),
        ...normTensors(`${path}.${names.outputNorm}`, width, placement)
      ]
    })
  ]
}

/** Where adapters may attach: every linear layer, each layer's keys and values, both sublayer outputs, the word embeddings. */
export function encoderSites(config: PostNormConfig, { prefix, layers, layer: names }: PostNormNames): Site[] {
  const { width, heads } = config
  return [
    { kind: 'embedding', path: `${prefix}.embeddings.word_embeddings`, in: config.vocabularySize, out: width, layer: null },
    ...layerNumbers(config).flatMap((layer): Site[] => {
      const path = `${prefix}.${layers}.${layer}`
      return [
        ...layerLinears(config, names).map((size) => linearSite(`${path}.${size.path}`, { in: size.in, out: size.out }, layer)),
        { kind: 'attention-kv', path: `${path}.${names.attention}`, in: width / heads, out: heads, layer },
        { kind: 'sublayer', path: `${path}.${names.attentionOutput}`, in: width, out: width, layer },
        { kind: 'sublayer', path: `${path}.${names.down}`, in: width, out: width, layer }
      ]
    })
  ]
}

/** Token ids to final hidden states, [tokens, width]. The scope is the top of the checkpoint. */
export function buildEncoder(
  s: Scope,
  config: PostNormConfig,
  { prefix, layers, layer: names }: PostNormNames,
  inputs: TextInputs
): Value {
  const model = s.at(prefix)
  let h = s.surroundings.mark('embeddings', embed(model.at('embeddings'), config, inputs))
  for (let layer = 0; layer < config.layers; layer++) {
    const made = encoderLayer(model.at(`${layers}.${layer}`), h, {
      names,
      layer,
      heads: config.heads,
      intermediate: config.intermediate,
      activation: config.activation,
      epsilon: config.epsilon,
      attentionOutputDropout: config.attentionOutputDropout,
      hiddenDropout: config.hiddenDropout,
      attentionDropout: config.attentionDropout,
      attentionBias: inputs.attentionBias
    })
    h = s.surroundings.mark(`layer.${layer}`, made)
  }
  return h
}

/** dropout(norm(word + position (+ token type))), [tokens, width] */
function embed(s: Scope, config: PostNormConfig, { inputIds, tokenTypeIds, positionIds }: TextInputs): Value {
  const { width } = config
  const looked = embedding(s.at('word_embeddings'), inputIds, { count: config.vocabularySize, width })
  const words = s.surroundings.mark('words', looked)
  const typed =
    config.tokenTypes === 0
      ? words
      : s.g.add(words, embedding(s.at('token_type_embeddings'), tokenTypeIds, { count: config.tokenTypes, width }))
  const positions = embedding(s.at('position_embeddings'), positionIds, { count: config.maxPositions, width })
  const sum = s.run(() => s.g.add(typed, positions))
  const normal = layerNorm(s.at('LayerNorm'), sum, config.epsilon)
  return s.run(() => s.g.dropout(normal, config.hiddenDropout))
}
