import { layerNorm } from '../../blocks/layer-norm.ts'
import { linear } from '../../blocks/linear.ts'
import type { Head } from '../define-architecture.ts'
import { linearSite, linearTensors, normTensors } from '../tensor-lists.ts'
import type { RobertaConfig } from './config.ts'

const placement = { layer: null, role: 'head' } as const

/** RobertaForSequenceClassification: out_proj(dropout(tanh(dense(dropout(first token))))). */
export const classification: Head<RobertaConfig> = {
  tensors: ({ width, initializerRange: std }, labels) => [
    ...linearTensors('classifier.dense', { in: width, out: width }, std, placement),
    ...linearTensors('classifier.out_proj', { in: width, out: labels }, std, placement)
  ],
  sites: () => [],
  build(s, config, { hidden, firstTokens, labels }) {
    const head = s.at('classifier')
    const pooled = s.surroundings.mark('pooled', firstTokens ? s.g.gather(hidden, firstTokens) : hidden)
    const first = head.run(() => s.g.dropout(pooled, config.classifierDropout))
    const dense = linear(head.at('dense'), first, { out: config.width })
    const dropped = head.run(() => s.g.dropout(s.g.tanh(dense), config.classifierDropout))
    return linear(head.at('out_proj'), dropped, { out: labels })
  }
}

/** RobertaForMaskedLM: decoder(norm(gelu(dense(h)))), the decoder tied to the word embeddings. */
export const maskedLm: Head<RobertaConfig> = {
  tensors: ({ width, vocabularySize, initializerRange: std }) => [
    ...linearTensors('lm_head.dense', { in: width, out: width }, std, placement),
    ...normTensors('lm_head.layer_norm', width, placement),
    { name: 'lm_head.bias', shape: [vocabularySize], init: { kind: 'zeros' }, ...placement }
  ],
  sites: ({ width }) => [linearSite('lm_head.dense', { in: width, out: width }, null)],
  build(s, config, { hidden }) {
    const head = s.at('lm_head')
    const dense = linear(head.at('dense'), hidden, { out: config.width })
    const normal = layerNorm(
      head.at('layer_norm'),
      head.run(() => s.g.gelu(dense)),
      config.epsilon
    )
    const words = s.at('roberta.embeddings.word_embeddings').param('weight', [config.vocabularySize, config.width])
    return head.run(() => s.g.gemm(normal, words, { transB: true, c: head.param('bias', [config.vocabularySize]) }))
  }
}
