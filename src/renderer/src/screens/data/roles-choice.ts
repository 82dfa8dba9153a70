import type { DatasetSummary, Roles } from '../../../../preload/contract/data.ts'

/** Any number of classes for each text: the same task as one class. */
export const SEVERAL = 'several'

/** Whether what is learned stands in a column of marks. */
export const isOfMarks = ({ task, questions }: Roles): boolean =>
  task === 'token-classification' || (task === 'question-answering' && questions != null)

/** What is predicted, as the sentence's list has it. */
export const taskChosen = ({ task, separator }: Roles): string => (separator === null ? task : SEVERAL)

/** What a column holds decides what can be learned of it: marks and answers are found, nothing else is. */
export function rolesByAnswer(answer: string | null, { columns }: DatasetSummary, roles: Roles): Partial<Roles> {
  const kind = columns.find(({ name }) => name === answer)?.looksLike
  if (kind === 'marks') return { answer, task: 'token-classification', questions: null, separator: null }
  if (kind === 'answers') return { answer, task: 'question-answering', questions: null, separator: null }
  const holdsWords = roles.task === 'question-answering' && !isOfMarks(roles) && (kind === 'text' || kind === 'other')
  const isPlain = roles.task === 'text-classification' || roles.task === 'regression'
  if (answer === null || holdsWords || isPlain) return { answer }
  return { answer, task: kind === 'number' ? 'regression' : 'text-classification', questions: null, ...withoutQuestion(roles) }
}

/** A choice from the list of what is predicted. */
export function rolesByTask(value: string, roles: Roles): Partial<Roles> {
  if (value === 'question-answering') return { task: value, questions: null, separator: null }
  const plain = withoutQuestion(roles)
  if (value === 'token-classification') return { task: value, separator: null, questions: null, ...plain }
  if (value === 'regression') return { task: value, separator: null, ...plain }
  return { task: 'text-classification', separator: value === SEVERAL ? (roles.separator ?? ';') : null, ...plain }
}

/** A question is no second text that is read. */
const withoutQuestion = ({ task }: Roles): Partial<Roles> => (task === 'question-answering' ? { textPair: null } : {})
