import type { KnownModel } from '../../preload/contract/models.ts'

const files = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']

/**
 * Well-known open models of the families that Attune reads. Names, licences and sizes are those of their cards; what is brought here is checked
 * from its own files.
 */
export const knownModels: readonly KnownModel[] = [
  {
    name: 'all-MiniLM-L6-v2',
    publisher: 'sentence-transformers',
    about: 'Small and fast: a good first try on a laptop.',
    languages: ['en'],
    parameters: 22_700_000,
    licence: 'Apache-2.0',
    files
  },
  {
    name: 'distilbert-base-uncased',
    publisher: 'distilbert',
    about: 'Half the size of BERT, nearly as good. Does not tell capitals from small letters.',
    languages: ['en'],
    parameters: 67_000_000,
    licence: 'Apache-2.0',
    files
  },
  {
    name: 'bert-base-uncased',
    publisher: 'google-bert',
    about: 'The model that most results are compared with.',
    languages: ['en'],
    parameters: 110_000_000,
    licence: 'Apache-2.0',
    files
  },
  {
    name: 'roberta-base',
    publisher: 'FacebookAI',
    about: 'Often better than BERT of the same size; tells capitals apart.',
    languages: ['en'],
    parameters: 125_000_000,
    licence: 'MIT',
    files
  },
  {
    name: 'distilbert-base-multilingual-cased',
    publisher: 'distilbert',
    about: 'Reads 104 languages, and fits a small machine.',
    languages: ['multilingual'],
    parameters: 135_000_000,
    licence: 'Apache-2.0',
    files
  },
  {
    name: 'bert-base-german-cased',
    publisher: 'google-bert',
    about: 'BERT trained on German texts.',
    languages: ['de'],
    parameters: 110_000_000,
    licence: 'MIT',
    files
  },
  {
    name: 'xlm-roberta-base',
    publisher: 'FacebookAI',
    about: 'Reads a hundred languages. Needs more memory than the others.',
    languages: ['multilingual'],
    parameters: 278_000_000,
    licence: 'MIT',
    files
  }
]
