import { linear } from '../blocks/linear.ts'
import type { EncoderConfig, Head } from './define-architecture.ts'
import { linearTensors } from './tensor-lists.ts'

/** transformers' `*ForTokenClassification`, the same in every family here: classifier(dropout(hidden state)). */
export const tokenHead: Head<EncoderConfig> = {
  tensors: ({ width, initializerRange: std }, labels) =>
    linearTensors('classifier', { in: width, out: labels }, std, { layer: null, role: 'head' }),
  sites: () => [],
  build(s, { classifierDropout }, { hidden, labels }) {
    const classifier = s.at('classifier')
    const dropped = classifier.run(() => s.g.dropout(hidden, classifierDropout))
    return linear(classifier, dropped, { out: labels })
  }
}
