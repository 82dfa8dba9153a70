import { readActivation } from '../../blocks/activation.ts'
import {
  checkHeads,
  layersField,
  mustBe,
  numberField,
  rateField,
  refuseDecoderSwitches,
  wholeField,
  type ConfigJson
} from '../config-fields.ts'
import type { DropoutOverrides } from '../define-architecture.ts'
import type { PostNormConfig } from '../encoder.ts'

export type DistilBertConfig = PostNormConfig

/** DistilBERT's normalisation epsilon is fixed in its code. */
const epsilon = 1e-12

/** transformers takes BERT's names for DistilBERT's (`attribute_map`). */
const aliases = { hidden_size: 'dim', num_attention_heads: 'n_heads', num_hidden_layers: 'n_layers' } as const

function withOwnNames(json: ConfigJson): ConfigJson {
  const given = Object.entries(aliases).filter(([alias, name]) => json[alias] !== undefined && json[name] === undefined)
  return { ...json, ...Object.fromEntries(given.map(([alias, name]) => [name, json[alias]])) }
}

/** DistilBertForTokenClassification drops out at the rate of the layers, the heads of texts and of answers at rates of their own. */
function headDropout(json: ConfigJson, { tokenHead, answerHead, hidden }: DropoutOverrides): number {
  if (tokenHead) return hidden ?? rateField(json, 'dropout', 0.1)
  return answerHead ? rateField(json, 'qa_dropout', 0.1) : rateField(json, 'seq_classif_dropout', 0.2)
}

/** Reads DistilBERT's config.json; names as in transformers' DistilBertConfig. Sinusoidal positions are stored tensors: they are read like any others. */
export function readConfig(written: ConfigJson, overrides: DropoutOverrides): DistilBertConfig {
  const json = withOwnNames(written)
  refuseDecoderSwitches(json)
  mustBe(json, 'tie_word_embeddings', [true], 'Attune ties the word embeddings to the masked-language head')
  const width = wholeField(json, 'dim', 1, 768)
  const heads = wholeField(json, 'n_heads', 1, 12)
  checkHeads(width, heads, 'dim', 'n_heads')
  return {
    vocabularySize: wholeField(json, 'vocab_size'),
    width,
    layers: layersField(json, 'n_layers', 6),
    heads,
    intermediate: wholeField(json, 'hidden_dim', 1, 3072),
    maxPositions: wholeField(json, 'max_position_embeddings', 1, 512),
    tokenTypes: 0,
    padId: wholeField(json, 'pad_token_id', 0, 0),
    hiddenDropout: overrides.hidden ?? rateField(json, 'dropout', 0.1),
    attentionOutputDropout: 0,
    attentionDropout: overrides.attention ?? rateField(json, 'attention_dropout', 0.1),
    classifierDropout: overrides.classifier ?? headDropout(json, overrides),
    initializerRange: numberField(json, 'initializer_range', { min: 0, max: 10, fallback: 0.02 }),
    activation: readActivation(json['activation'] ?? 'gelu', 'activation'),
    epsilon
  }
}
