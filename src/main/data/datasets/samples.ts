import type { Roles } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'

export interface Sample {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly file: string
  readonly roles: Roles
}

const roles = (task: Roles['task'], text: string, answer: string, group: string): Roles => ({
  task,
  text,
  textPair: null,
  answer,
  separator: null,
  group,
  belonging: 'column'
})

/** The bundled practice sets, made by `scripts/sample/`: no real person is in them. */
export const samples: readonly Sample[] = [
  {
    id: 'letters',
    title: 'Clinical letters by urgency',
    about: '645 invented referral letters: routine, soon or urgent.',
    file: 'clinical-letters.csv',
    roles: roles('text-classification', 'letter', 'urgency', 'patient_id')
  },
  {
    id: 'clauses',
    title: 'Contract clauses by type',
    about: '1,604 invented clauses of ten types.',
    file: 'contract-clauses.csv',
    roles: roles('text-classification', 'clause', 'type', 'document_id')
  },
  {
    id: 'satisfaction',
    title: 'Comments with a score',
    about: '900 invented comments on visits, scored from 0 to 10.',
    file: 'satisfaction.csv',
    roles: roles('regression', 'comment', 'score', 'site_id')
  },
  {
    id: 'marked-letters',
    title: 'Letters with marked passages',
    about: '400 invented letters: names, dates, places, identifiers, drugs and doses.',
    file: 'marked-letters.jsonl',
    roles: roles('token-classification', 'text', 'spans', 'patient_id')
  },
  {
    id: 'marked-contracts',
    title: 'Contracts with marked passages',
    about: '200 invented contracts: parties, amounts, governing law and terms.',
    file: 'marked-contracts.jsonl',
    roles: roles('token-classification', 'text', 'spans', 'matter_id')
  },
  {
    id: 'contract-questions',
    title: 'Questions about contracts',
    about: '1,300 invented questions about extracts of contracts; a third has no answer there.',
    file: 'contract-questions.json',
    roles: { ...roles('question-answering', 'context', 'answers', 'title'), textPair: 'question' }
  }
]

export function sampleOf(id: string): Sample {
  const found = samples.find((sample) => sample.id === id)
  if (found) return found
  throw new InputError('sample-unknown', 'There is no such practice set. Choose one from the list.')
}
