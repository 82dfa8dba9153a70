import type { DatasetId, ModelId, ProjectId } from '../../../src/preload/contract/common.ts'
import type { DatasetReport, DatasetSummary, Roles } from '../../../src/preload/contract/data.ts'
import type { KnownModel, ModelSummary } from '../../../src/preload/contract/models.ts'
import { CLASSES, classOf, drawn, letter, patient } from './letters.ts'

export const ROWS = 1051
export const LETTERS = 'letters' as DatasetId
export const PRACTICE = 'practice' as ModelId

export const SAMPLES = [
  {
    id: 'letters',
    title: 'Clinical letters by urgency',
    about: '1,051 invented referral letters; predict how soon the writer wants an answer.',
    task: 'text-classification' as const
  },
  {
    id: 'clauses',
    title: 'Contract clauses by type',
    about: '1,004 invented clauses; predict under which heading each stands.',
    task: 'text-classification' as const
  },
  {
    id: 'satisfaction',
    title: 'Remarks by satisfaction',
    about: '800 invented remarks; predict a score from 0 to 10.',
    task: 'regression' as const
  },
  {
    id: 'marked-letters',
    title: 'Letters with marked passages',
    about: '400 invented letters: names, dates, places, identifiers, drugs and doses.',
    task: 'token-classification' as const
  },
  {
    id: 'marked-contracts',
    title: 'Contracts with marked passages',
    about: '200 invented contracts: parties, amounts, governing law and terms.',
    task: 'token-classification' as const
  },
  {
    id: 'contract-questions',
    title: 'Questions about contracts',
    about: '1,300 questions about extracts of invented contracts; a third has no answer there.',
    task: 'question-answering' as const
  }
]

const letterRoles: Roles = {
  task: 'text-classification',
  text: 'letter',
  textPair: null,
  answer: 'urgency',
  separator: null,
  group: 'patient_id',
  belonging: 'column'
}

export const letters: DatasetSummary = {
  id: LETTERS,
  project: 'p-letters' as ProjectId,
  name: 'clinical-letters.csv',
  sample: 'letters',
  columns: [
    { name: 'patient_id', looksLike: 'id', distinct: 402, empty: 0 },
    { name: 'letter', looksLike: 'text', distinct: null, empty: 0 },
    { name: 'urgency', looksLike: 'classes', distinct: 4, empty: 14 }
  ],
  rows: ROWS,
  readAs: { encoding: 'UTF-8', delimiter: ',' },
  roles: letterRoles,
  split: {
    train: 0.7,
    validation: 0.15,
    test: 0.15,
    seed: 42,
    column: null,
    date: null,
    folds: null,
    balance: 'none',
    cap: null
  },
  root: LETTERS,
  parent: null,
  version: 1,
  note: null,
  addedAt: '2026-11-25T09:12:00Z'
}

/** The person's own file: nobody has yet said whether its rows belong together. */
export const own: DatasetSummary = {
  ...letters,
  id: 'own' as DatasetId,
  project: 'p-own' as ProjectId,
  root: 'own' as DatasetId,
  name: 'referrals-2026.csv',
  sample: null,
  readAs: { encoding: 'Windows-1252', delimiter: ';' },
  roles: { ...letterRoles, group: null, belonging: null },
  addedAt: '2026-11-24T15:40:00Z'
}

/** Documents that were dropped: a name and a text, and nobody has labelled them. */
export const documents: DatasetSummary = {
  ...letters,
  id: 'files' as DatasetId,
  root: 'files' as DatasetId,
  name: '1,051 documents',
  sample: null,
  readAs: { encoding: 'UTF-8', delimiter: null },
  columns: [
    { name: 'patient_id', looksLike: 'id', distinct: null, empty: 0 },
    { name: 'letter', looksLike: 'text', distinct: null, empty: 0 }
  ],
  roles: { ...letterRoles, answer: null, group: null, belonging: 'unknown' },
  addedAt: '2026-11-25T09:30:00Z'
}

export const rowAt = (n: number): readonly string[] => [patient(n), letter(n), n % 75 === 3 ? '' : classOf(n)]

const lengths = Array.from({ length: 16 }, (_, i) => ({
  from: i * 20,
  to: (i + 1) * 20,
  count: Math.round(260 * Math.exp(-((i - 5) ** 2) / 9) + 6 * drawn(i))
}))

export function reportOf(summary: DatasetSummary, roles: Roles): DatasetReport {
  const counts = CLASSES.map((name) => ({
    name,
    count: Array.from({ length: ROWS }, (_, n) => classOf(n)).filter((c) => c === name).length
  }))
  const isReady = roles.text !== null && roles.answer !== null && roles.text !== roles.answer
  return {
    id: summary.id,
    roles,
    rows: { total: ROWS, usable: isReady ? ROWS - 14 : 0 },
    classes: isReady && roles.task === 'text-classification' ? counts.toSorted((a, b) => b.count - a.count) : null,
    kinds: null,
    questions: null,
    scores:
      roles.task === 'regression'
        ? Array.from({ length: 10 }, (_, i) => ({ from: i, to: i + 1, count: Math.round(20 + 90 * drawn(i + 3)) }))
        : null,
    lengths: isReady ? lengths : [],
    split: isReady
      ? {
          train: 727,
          validation: 152,
          test: 158,
          by: roles.group,
          from: summary.version > 1 ? 'version' : 'draw',
          folds: summary.split.folds
        }
      : null,
    findings: isReady
      ? [
          {
            code: 'unlabelled',
            sentence: '14 rows have no answer and are left out.',
            rows: 14,
            weight: 'look',
            hasRows: true,
            fixes: ['drop']
          },
          {
            code: 'duplicates',
            sentence: '9 texts occur twice; both copies stay in the same part of the split.',
            rows: 18,
            weight: 'look',
            hasRows: true,
            fixes: ['drop']
          },
          {
            code: 'rare-classes',
            sentence: '“emergency” has only 93 rows: its result will have a wide interval.',
            rows: 93,
            weight: 'fyi',
            hasRows: true,
            fixes: ['drop']
          }
        ]
      : [
          {
            code: 'same',
            sentence: 'The text and the answer are the same column.',
            rows: ROWS,
            weight: 'stops',
            hasRows: false,
            fixes: []
          }
        ],
    blocked: isReady ? null : 'Choose one column with the text and another with the answer.'
  }
}

export const models: readonly ModelSummary[] = [
  {
    id: PRACTICE,
    name: 'Practice encoder',
    family: 'BERT',
    parameters: 1_330_000,
    bytes: 5_347_656,
    maxTokens: 256,
    licence: 'Apache-2.0',
    languages: ['English'],
    bundled: true,
    state: 'ready',
    problem: null
  },
  {
    id: 'minilm' as ModelId,
    name: 'MiniLM-L6-H384-uncased',
    family: 'BERT',
    parameters: 22_700_000,
    bytes: 90_900_000,
    maxTokens: 512,
    licence: 'MIT',
    languages: ['English'],
    bundled: false,
    state: 'ready',
    problem: null
  },
  {
    id: 'gptj' as ModelId,
    name: 'gpt-j-6b',
    family: null,
    parameters: null,
    bytes: 24_200_000_000,
    maxTokens: null,
    licence: 'Apache-2.0',
    languages: [],
    bundled: false,
    state: 'unusable',
    problem: 'This is GPT-J; Attune reads BERT, RoBERTa, DistilBERT.'
  },
  {
    id: 'stick' as ModelId,
    name: 'clinic-base',
    family: 'RoBERTa',
    parameters: 124_600_000,
    bytes: 498_000_000,
    maxTokens: 512,
    licence: 'Apache-2.0',
    languages: ['English', 'German'],
    bundled: false,
    state: 'disconnected',
    problem: 'Its drive is not connected. Connect it and this entry comes back to life.'
  }
]

const FILES = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']

export const known: readonly KnownModel[] = [
  {
    task: 'any',
    name: 'MiniLM-L6-H384-uncased',
    publisher: 'nreimers',
    about: 'Small and quick; a good first model on a laptop.',
    languages: ['English'],
    parameters: 22_700_000,
    licence: 'MIT',
    files: FILES
  },
  {
    task: 'any',
    name: 'distilbert-base-uncased',
    publisher: 'distilbert',
    about: 'Half of BERT at nearly its quality.',
    languages: ['English'],
    parameters: 66_400_000,
    licence: 'Apache-2.0',
    files: FILES
  },
  {
    task: 'any',
    name: 'roberta-base',
    publisher: 'FacebookAI',
    about: 'Strong on English prose.',
    languages: ['English'],
    parameters: 124_600_000,
    licence: 'MIT',
    files: FILES
  },
  {
    task: 'clinical',
    name: 'xlm-roberta-base',
    publisher: 'FacebookAI',
    about: 'One model for a hundred languages.',
    languages: ['English', 'German', 'French', 'Spanish'],
    parameters: 278_000_000,
    licence: 'MIT',
    files: FILES
  }
]
