import { activate } from '../../engine/blocks/activation.ts'
import type { Value } from '../../engine/graph/types.ts'
import { maskedScore } from '../../engine/training/batches.ts'
import type { Family } from './families.ts'
import type { GraphTensors } from './graph-tensors.ts'
import {
  BiasFastGelu,
  BiasGelu,
  CumSum,
  firstRows,
  firstSteps,
  LayerNormalizationOutput,
  MultiHeadAttention,
  ShapeOf
} from './ops.ts'

/** The inputs of an exported encoder, [batch_size, sequence_length] int64, as transformers' tokenizers name them. */
export interface EncoderInputs {
  readonly inputIds: Value
  readonly attentionMask: Value
  /** Null where the model has one type of token or none. */
  readonly tokenTypeIds: Value | null
}

const BATCH = 'batch_size'
const LENGTH = 'sequence_length'

/** Declares the inputs. */
export function declareInputs({ g }: GraphTensors, { config }: Family): EncoderInputs {
  const ids = (name: string): Value => g.input(name, 'int64', [BATCH, LENGTH])
  return {
    inputIds: ids('input_ids'),
    attentionMask: ids('attention_mask'),
    tokenTypeIds: config.tokenTypes > 1 ? ids('token_type_ids') : null
  }
}

/**
 * A post-norm encoder in ONNX Runtime's fused operators: hidden states [batch_size, sequence_length, width], or with `onlyFirst` those of the first
 * token, [batch_size, 1, width]. Of the last layer only that token's row is then computed; its keys and values are those of all tokens.
 */
export function buildInferenceEncoder(t: GraphTensors, family: Family, inputs: EncoderInputs, onlyFirst: boolean): Value {
  const { names, config } = family
  const mask = t.g.cast(inputs.attentionMask, 'int32')
  let h = embed(t, family, inputs)
  for (let layer = 0; layer < config.layers; layer++) {
    const isShort = onlyFirst && layer === config.layers - 1
    h = encoderLayer(t, family, `${names.prefix}.${names.layers}.${layer}`, h, mask, isShort)
  }
  return h
}

function encoderLayer(t: GraphTensors, { names, config }: Family, path: string, h: Value, mask: Value, isShort: boolean): Value {
  const { g } = t
  const { layer: own } = names
  const at = (name: string): string => `${path}.${name}`
  const residual = isShort ? g.within(path, () => firstStep(t, h)) : h
  const attended = g.within(at(own.attention), () => {
    const projections = [own.query, own.key, own.value].map((name) => at(`${own.attention}.${name}`))
    const [query = h, key = h, value = h] = projections.map((projection, i) => t.linear(i === 0 ? residual : h, projection))
    const bias = t.together(
      at(`${own.attention}.qkv.bias`),
      projections.map((projection) => `${projection}.bias`)
    )
    const attributes = { num_heads: config.heads, mask_filter_value: { float: maskedScore } }
    return g.one(MultiHeadAttention, [query, key, value, bias, mask], attributes)
  })
  const join = (name: string, norm: string, x: Value, skip: Value): Value =>
    g.within(at(name), () => {
      const sum = g.add(g.add(t.linear(x, at(name)), t.param(at(`${name}.bias`))), skip)
      return normalised(t, config, at(norm), sum)
    })
  const a = join(own.attentionOutput, own.attentionNorm, attended, residual)
  const active = g.within(at(own.up), () =>
    activated(t, config.activation, t.linear(a, at(own.up)), t.param(at(`${own.up}.bias`)))
  )
  return join(own.down, own.outputNorm, active, a)
}

function activated(t: GraphTensors, name: Family['config']['activation'], x: Value, bias: Value): Value {
  if (name === 'gelu' || name === 'gelu_python') return t.g.one(BiasGelu, [x, bias], {})
  if (name === 'gelu_new' || name === 'gelu_fast' || name === 'gelu_pytorch_tanh') return t.g.one(BiasFastGelu, [x, bias], {})
  return activate(t.g, name, t.g.add(x, bias))
}

function firstStep({ g }: GraphTensors, h: Value): Value {
  return g.one(firstSteps(1), [h, g.ints([0]), g.ints([1]), g.ints([1])], {})
}

/** Sum and norm are operators of their own: the SkipLayerNormalization of ONNX Runtime has no vector code for CPUs and costs a tenth of a text's time. */
function normalised(t: GraphTensors, { epsilon }: Family['config'], path: string, x: Value): Value {
  const norm = [t.param(`${path}.weight`), t.param(`${path}.bias`)]
  return t.g.one(LayerNormalizationOutput, [x, ...norm], { axis: -1, epsilon: { float: epsilon } })
}

/** norm(word + position + token type), [batch_size, sequence_length, width] */
function embed(t: GraphTensors, family: Family, { inputIds, tokenTypeIds }: EncoderInputs): Value {
  const { g } = t
  const { config, names } = family
  const path = `${names.prefix}.embeddings`
  return g.within(path, () => {
    const words = t.table(`${path}.word_embeddings.weight`, (table) => g.gather(table, inputIds))
    const types = `${path}.token_type_embeddings.weight`
    const typed = tokenTypeIds
      ? g.add(
          words,
          t.table(types, (table) => g.gather(table, tokenTypeIds))
        )
      : config.tokenTypes === 1
        ? g.add(words, t.param(types))
        : words
    const positions = t.table(`${path}.position_embeddings.weight`, (table) => positionsOf(t, family, inputIds, table))
    return normalised(t, config, `${path}.LayerNorm`, g.add(typed, positions))
  })
}

/** Rows of the table of positions: 0, 1, … of each text; in RoBERTa's family padding has the row of padId and all else is counted from padId + 1. */
function positionsOf({ g }: GraphTensors, { names, config }: Family, inputIds: Value, table: Value): Value {
  if (names.prefix !== 'roberta') {
    const length = g.one(ShapeOf, [inputIds], { start: 1, end: 2 })
    return g.one(firstRows(LENGTH), [table, g.ints([0]), length, g.ints([0])], {})
  }
  // Counted in float32, which is exact to 2²⁴: all of it stays in operators that every provider has.
  const isToken = g.cast(g.not(g.equal(inputIds, g.constant([config.padId], [], 'int64'))), 'float32')
  const counted = g.mul(g.one(CumSum, [isToken, g.constant([1], [], 'int64')], {}), isToken)
  return g.gather(table, g.cast(g.add(counted, g.scalar(config.padId)), 'int64'))
}
