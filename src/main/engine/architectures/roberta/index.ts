import { defineArchitecture } from '../define-architecture.ts'
import { buildEncoder, encoderSites, encoderTensors } from '../encoder.ts'
import { readConfig, type RobertaConfig } from './config.ts'
import { classification, maskedLm } from './heads.ts'
import { answerHead } from '../answer-head.ts'
import { tokenHead } from '../token-head.ts'
import { names } from './tensors.ts'

/** RoBERTa (arXiv:1907.11692), and the families that only retrained it: XLM-RoBERTa and CamemBERT. */
export const roberta = defineArchitecture<RobertaConfig>({
  id: 'roberta',
  title: 'RoBERTa',
  modelTypes: ['roberta', 'xlm-roberta', 'camembert'],
  prefix: 'roberta',
  renames: [
    [/\.gamma$/, '.weight'],
    [/\.beta$/, '.bias'],
    [/^lm_head\.decoder\.bias$/, 'lm_head.bias']
  ],
  tied: ['lm_head.decoder.weight', 'roberta.embeddings.word_embeddings.weight'],
  ignored: [/position_ids$/, /^roberta\.pooler\./, /^lm_head\.decoder\.weight$/],
  readConfig,
  tensors: (config) => encoderTensors(config, names),
  sites: (config) => encoderSites(config, names),
  positionOffset: (config) => config.padId + 1,
  build: (s, config, inputs) => buildEncoder(s, config, names, inputs),
  heads: {
    'sequence-classification': classification,
    'token-classification': tokenHead,
    'question-answering': answerHead,
    'masked-lm': maskedLm
  }
})
