import { defineArchitecture } from '../define-architecture.ts'
import { buildEncoder, encoderSites, encoderTensors } from '../encoder.ts'
import { readConfig, type BertConfig } from './config.ts'
import { classification, maskedLm } from './heads.ts'
import { answerHead } from '../answer-head.ts'
import { tokenHead } from '../token-head.ts'
import { names } from './tensors.ts'

/** BERT (arXiv:1810.04805). */
export const bert = defineArchitecture<BertConfig>({
  id: 'bert',
  title: 'BERT',
  modelTypes: ['bert'],
  prefix: 'bert',
  renames: [
    [/\.gamma$/, '.weight'],
    [/\.beta$/, '.bias'],
    [/^cls\.predictions\.decoder\.bias$/, 'cls.predictions.bias']
  ],
  tied: ['cls.predictions.decoder.weight', 'bert.embeddings.word_embeddings.weight'],
  ignored: [/position_ids$/, /^cls\.seq_relationship\./, /^cls\.predictions\.decoder\.weight$/],
  readConfig,
  tensors: (config) => encoderTensors(config, names),
  sites: (config) => encoderSites(config, names),
  positionOffset: () => 0,
  build: (s, config, inputs) => buildEncoder(s, config, names, inputs),
  heads: {
    'sequence-classification': classification,
    'token-classification': tokenHead,
    'question-answering': answerHead,
    'masked-lm': maskedLm
  }
})
