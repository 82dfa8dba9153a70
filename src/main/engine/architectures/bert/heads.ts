import { activate } from '../../blocks/activation.ts'
import { layerNorm } from '../../blocks/layer-norm.ts'
import { linear } from '../../blocks/linear.ts'
import type { Head } from '../define-architecture.ts'
import { linearSite, linearTensors, normTensors } from '../tensor-lists.ts'
import type { BertConfig } from './config.ts'

const placement = { layer: null, role: 'head' } as const

/** BertForSequenceClassification: classifier(dropout(tanh(pooler(first token)))). */
export const classification: Head<BertConfig> = {
  tensors: ({ width, initializerRange: std }, labels) => [
    ...linearTensors('bert.pooler.dense', { in: width, out: width }, std, placement),
    ...linearTensors('classifier', { in: width, out: labels }, std, placement)
  ],
  sites: ({ width }) => [linearSite('bert.pooler.dense', { in: width, out: width }, null)],
  build(s, config, { hidden, firstTokens, labels }) {
    const pooled = s.surroundings.mark('pooled', firstTokens ? s.g.gather(hidden, firstTokens) : hidden)
    const pooler = s.at('bert.pooler.dense')
    const projected = linear(pooler, pooled, { out: config.width })
    const dropped = pooler.run(() => s.g.dropout(s.g.tanh(projected), config.classifierDropout))
    return linear(s.at('classifier'), dropped, { out: labels })
  }
}

/** BertForMaskedLM: decoder(norm(act(dense(h)))), the decoder tied to the word embeddings. */
export const maskedLm: Head<BertConfig> = {
  tensors: ({ width, vocabularySize, initializerRange: std }) => [
    ...linearTensors('cls.predictions.transform.dense', { in: width, out: width }, std, placement),
    ...normTensors('cls.predictions.transform.LayerNorm', width, placement),
    { name: 'cls.predictions.bias', shape: [vocabularySize], init: { kind: 'zeros' }, ...placement }
  ],
  sites: ({ width }) => [linearSite('cls.predictions.transform.dense', { in: width, out: width }, null)],
  build(s, config, { hidden }) {
    const transform = s.at('cls.predictions.transform')
    const dense = linear(transform.at('dense'), hidden, { out: config.width })
    const active = transform.run(() => activate(s.g, config.activation, dense))
    const normal = layerNorm(transform.at('LayerNorm'), active, config.epsilon)
    const words = s.at('bert.embeddings.word_embeddings').param('weight', [config.vocabularySize, config.width])
    const predictions = s.at('cls.predictions')
    return predictions.run(() => s.g.gemm(normal, words, { transB: true, c: predictions.param('bias', [config.vocabularySize]) }))
  }
}
