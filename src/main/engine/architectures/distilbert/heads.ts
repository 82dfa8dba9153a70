import { activate } from '../../blocks/activation.ts'
import { layerNorm } from '../../blocks/layer-norm.ts'
import { linear } from '../../blocks/linear.ts'
import type { Head } from '../define-architecture.ts'
import { linearSite, linearTensors, normTensors } from '../tensor-lists.ts'
import type { DistilBertConfig } from './config.ts'

const placement = { layer: null, role: 'head' } as const

/** DistilBertForSequenceClassification: classifier(dropout(relu(pre_classifier(first token)))). */
export const classification: Head<DistilBertConfig> = {
  tensors: ({ width, initializerRange: std }, labels) => [
    ...linearTensors('pre_classifier', { in: width, out: width }, std, placement),
    ...linearTensors('classifier', { in: width, out: labels }, std, placement)
  ],
  sites: ({ width }) => [linearSite('pre_classifier', { in: width, out: width }, null)],
  build(s, config, { hidden, firstTokens, labels }) {
    const pooled = s.surroundings.mark('pooled', firstTokens ? s.g.gather(hidden, firstTokens) : hidden)
    const head = s.at('pre_classifier')
    const dense = linear(head, pooled, { out: config.width })
    const dropped = head.run(() => s.g.dropout(s.g.relu(dense), config.classifierDropout))
    return linear(s.at('classifier'), dropped, { out: labels })
  }
}

/** DistilBertForMaskedLM: vocab_projector(norm(act(vocab_transform(h)))), the projector tied to the word embeddings. */
export const maskedLm: Head<DistilBertConfig> = {
  tensors: ({ width, vocabularySize, initializerRange: std }) => [
    ...linearTensors('vocab_transform', { in: width, out: width }, std, placement),
    ...normTensors('vocab_layer_norm', width, placement),
    { name: 'vocab_projector.bias', shape: [vocabularySize], init: { kind: 'zeros' }, ...placement }
  ],
  sites: ({ width }) => [linearSite('vocab_transform', { in: width, out: width }, null)],
  build(s, config, { hidden }) {
    const transform = s.at('vocab_transform')
    const dense = linear(transform, hidden, { out: config.width })
    const active = transform.run(() => activate(s.g, config.activation, dense))
    const normal = layerNorm(s.at('vocab_layer_norm'), active, config.epsilon)
    const words = s.at('distilbert.embeddings.word_embeddings').param('weight', [config.vocabularySize, config.width])
    const projector = s.at('vocab_projector')
    return projector.run(() => s.g.gemm(normal, words, { transB: true, c: projector.param('bias', [config.vocabularySize]) }))
  }
}
