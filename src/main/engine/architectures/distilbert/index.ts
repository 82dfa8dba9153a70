import { defineArchitecture } from '../define-architecture.ts'
import { buildEncoder, encoderSites, encoderTensors } from '../encoder.ts'
import { readConfig, type DistilBertConfig } from './config.ts'
import { classification, maskedLm } from './heads.ts'
import { answerHead } from '../answer-head.ts'
import { tokenHead } from '../token-head.ts'
import { names } from './tensors.ts'

/** DistilBERT (arXiv:1910.01108). */
export const distilbert = defineArchitecture<DistilBertConfig>({
  id: 'distilbert',
  title: 'DistilBERT',
  modelTypes: ['distilbert'],
  prefix: 'distilbert',
  renames: [
    [/\.gamma$/, '.weight'],
    [/\.beta$/, '.bias']
  ],
  tied: ['vocab_projector.weight', 'distilbert.embeddings.word_embeddings.weight'],
  ignored: [/position_ids$/, /^vocab_projector\.weight$/],
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
