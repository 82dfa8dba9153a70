import type { KnownModel } from '../../preload/contract/models.ts'

const own = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const vocabulary = ['config.json', 'model.safetensors', 'tokenizer_config.json', 'vocab.txt']
/** Without a configuration of their tokenizer, which then takes lower-case letters only, as Hugging Face's does. */
const bareVocabulary = ['config.json', 'model.safetensors', 'vocab.txt']
const converted = 'Often offered as a pickle (.bin) only: then it has to be converted to model.safetensors before it comes here.'

const row = (
  task: KnownModel['task'],
  repository: string,
  languages: readonly string[],
  millions: number,
  licence: string | null,
  about: string,
  files: readonly string[] = own
): KnownModel => {
  const [publisher = '', name = ''] = repository.split('/')
  return { task, name, publisher, languages, parameters: millions * 1e6, licence, about, files }
}

/**
 * Well-known open models of the families that Attune reads, by what they are good for and by language. Where each fact was read stands in
 * docs/get-a-model.md; parameters are worked out from config.json. What is brought here is checked and hashed from its own files, so that no hash
 * stands here from memory.
 */
export const knownModels: readonly KnownModel[] = [
  row(
    'any',
    'sentence-transformers/all-MiniLM-L6-v2',
    ['en'],
    22.7,
    'Apache-2.0',
    'Small and fast: a good first try on a laptop.'
  ),
  row(
    'any',
    'distilbert/distilbert-base-uncased',
    ['en'],
    66,
    'Apache-2.0',
    'Half the size of BERT, nearly as good. Does not tell capitals apart.'
  ),
  row('any', 'distilbert/distilroberta-base', ['en'], 82, 'Apache-2.0', 'A smaller RoBERTa; tells capitals apart.'),
  row('any', 'google-bert/bert-base-uncased', ['en'], 110, 'Apache-2.0', 'The model that most results are compared with.'),
  row(
    'any',
    'google-bert/bert-base-cased',
    ['en'],
    108,
    'Apache-2.0',
    'The same, but it tells capitals apart: better for names.'
  ),
  row('any', 'FacebookAI/roberta-base', ['en'], 125, 'MIT', 'Often better than BERT of the same size.'),
  row(
    'any',
    'google-bert/bert-large-uncased',
    ['en'],
    335,
    'Apache-2.0',
    'Three times the size of BERT base; for a machine with memory and time.'
  ),
  row('any', 'FacebookAI/roberta-large', ['en'], 355, 'MIT', 'The strongest of the English ones here, and the slowest.'),
  row('any', 'google-bert/bert-base-german-cased', ['de'], 109, 'MIT', 'BERT trained on German texts.'),
  row('any', 'deepset/gbert-base', ['de'], 110, 'MIT', 'A newer German BERT, trained on more texts.'),
  row('any', 'almanach/camembert-base', ['fr'], 111, 'MIT', 'RoBERTa trained on French texts.'),
  row('any', 'google-bert/bert-base-chinese', ['zh'], 102, null, 'BERT for Chinese, character by character.'),
  row(
    'any',
    'distilbert/distilbert-base-multilingual-cased',
    ['mul'],
    135,
    'Apache-2.0',
    'Reads 104 languages, and fits a small machine.'
  ),
  row('any', 'google-bert/bert-base-multilingual-cased', ['mul'], 178, null, 'Reads 104 languages.'),
  row('any', 'FacebookAI/xlm-roberta-base', ['mul'], 278, 'MIT', 'Reads a hundred languages, and better than multilingual BERT.'),
  row(
    'any',
    'FacebookAI/xlm-roberta-large',
    ['mul'],
    560,
    'MIT',
    'The same, twice as large; for a machine with memory and time.'
  ),
  row(
    'clinical',
    'emilyalsentzer/Bio_ClinicalBERT',
    ['en'],
    108,
    'MIT',
    `Trained on hospital notes. ${converted}`,
    bareVocabulary
  ),
  row(
    'clinical',
    'microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract-fulltext',
    ['en'],
    109,
    'MIT',
    `Trained on medical research papers. ${converted}`,
    bareVocabulary
  ),
  row(
    'legal',
    'nlpaueb/legal-bert-base-uncased',
    ['en'],
    110,
    'CC-BY-SA-4.0',
    `Trained on laws, court cases and contracts. ${converted}`,
    vocabulary
  )
]
