import { readActivation } from '../blocks/activation.ts'
import {
  checkHeads,
  layersField,
  mustBe,
  numberField,
  rateField,
  refuseDecoderSwitches,
  wholeField,
  type ConfigJson
} from './config-fields.ts'
import type { DropoutOverrides } from './define-architecture.ts'
import type { PostNormConfig } from './encoder.ts'

/** Reads config.json as BERT and RoBERTa write it; names as in transformers' BertConfig. `padId` is the family's default. */
export function readBertConfig(json: ConfigJson, overrides: DropoutOverrides, padId: number): PostNormConfig {
  refuseDecoderSwitches(json)
  mustBe(json, 'tie_word_embeddings', [true], 'Attune ties the word embeddings to the masked-language head')
  const width = wholeField(json, 'hidden_size')
  const heads = wholeField(json, 'num_attention_heads')
  checkHeads(width, heads, 'hidden_size', 'num_attention_heads')
  const checkpointHidden = rateField(json, 'hidden_dropout_prob', 0.1)
  const hasClassifierDropout = json['classifier_dropout'] !== null && json['classifier_dropout'] !== undefined
  return {
    vocabularySize: wholeField(json, 'vocab_size'),
    width,
    layers: layersField(json, 'num_hidden_layers'),
    heads,
    intermediate: wholeField(json, 'intermediate_size'),
    maxPositions: wholeField(json, 'max_position_embeddings'),
    tokenTypes: wholeField(json, 'type_vocab_size', 1, 2),
    padId: wholeField(json, 'pad_token_id', 0, padId),
    hiddenDropout: overrides.hidden ?? checkpointHidden,
    attentionOutputDropout: overrides.hidden ?? checkpointHidden,
    attentionDropout: overrides.attention ?? rateField(json, 'attention_probs_dropout_prob', 0.1),
    classifierDropout:
      overrides.classifier ??
      // Neither BERT's nor RoBERTa's head of answers drops out.
      (overrides.answerHead
        ? 0
        : hasClassifierDropout
          ? rateField(json, 'classifier_dropout', 0)
          : (overrides.hidden ?? checkpointHidden)),
    initializerRange: numberField(json, 'initializer_range', { min: 0, max: 10, fallback: 0.02 }),
    activation: readActivation(json['hidden_act'] ?? 'gelu', 'hidden_act'),
    epsilon: numberField(json, 'layer_norm_eps', { min: 0, max: 1, fallback: 1e-12 })
  }
}

/** Module names of BERT's encoder, which RoBERTa kept. */
export const bertLayerNames = {
  attention: 'attention.self',
  query: 'query',
  key: 'key',
  value: 'value',
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  up: 'intermediate.dense',
  down: 'output.dense',
  outputNorm: 'output.LayerNorm'
} as const
