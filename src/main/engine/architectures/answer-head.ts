import { linear } from '../blocks/linear.ts'
import type { EncoderConfig, Head } from './define-architecture.ts'
import { linearTensors } from './tensor-lists.ts'

/** Scores of a token as the first and as the last of an answer. */
const outputs = 2

/**
 * transformers' `*ForQuestionAnswering`: qa_outputs(hidden state), for DistilBERT with dropout before it. The families without have a rate of 0 there
 * (`DropoutOverrides.answerHead`).
 */
export const answerHead: Head<EncoderConfig> = {
  tensors: ({ width, initializerRange: std }) =>
    linearTensors('qa_outputs', { in: width, out: outputs }, std, { layer: null, role: 'head' }),
  sites: () => [],
  build(s, { classifierDropout }, { hidden }) {
    const scores = s.at('qa_outputs')
    const dropped = scores.run(() => s.g.dropout(hidden, classifierDropout))
    return linear(scores, dropped, { out: outputs })
  }
}
