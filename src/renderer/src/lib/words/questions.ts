import type { QuestionErrorKind, QuestionReview } from '../../../../preload/contract/questions.ts'
import type { MarkState } from '../marked-text.ts'
import { count, decimal, plural } from '../format.ts'

const gapOf = (gap: number): string => decimal(gap, 2)

/** When none is said: by one threshold, or by one for each fold. */
function noneSentence(threshold: QuestionReview['threshold']): string {
  if (threshold === null) return 'Every training question has an answer: this model always gives one.'
  if (typeof threshold === 'number')
    return `“No answer” is said where its score, less that of the best answer, is above ${gapOf(threshold)} (logits). That was fitted on validation questions; the test played no part in it.`
  const gaps = threshold.filter((gap) => gap !== null)
  if (gaps.length === 0) return 'In each fold every training question has an answer: one is always given.'
  const each = threshold.map((gap) => (gap === null ? 'always answers' : gapOf(gap))).join(', ')
  return `“No answer” is said where its score, less that of the best answer, is above a threshold that each fold fitted on its own validation questions, fold by fold: ${each} (logits).`
}

/** The result of a run that answers questions. */
export const questions = {
  tab: 'Questions',
  noneTab: 'No answer',
  question: 'Question',
  documents: 'Documents',
  answered: 'With an answer',
  exact: 'Exactly right',
  f1: 'F1',
  asked: (wordings: readonly string[]) => wordings.map((words) => `“${words}”`).join(' · '),
  fixedAbout:
    'The same questions are asked of every document. Exactly right: the same words as a right answer, or none where there is none. Intervals are drawn over documents.',
  errors: {
    missed: 'Answer missed',
    invented: 'Answer invented',
    partly: 'Partly right',
    wrong: 'Wrong answer'
  } satisfies Readonly<Record<QuestionErrorKind, string>>,
  named: (name: string, error: string) => `${name}: ${error.toLowerCase()}`,
  /** What the data say and what the model says, in one line of a list. */
  saidNone: 'says there is none',
  hasNone: 'there is none',
  said: 'Model',
  right: 'Data',
  more: (n: number) => `and ${plural(n, 'other place', 'other places')}`,
  wordsGone: 'The words of this question are no longer here.',
  all: (n: number) => `All errors (${count(n)})`,
  only: (error: string, n: number) => `${error} (${count(n)})`,
  judged: (n: number) => `Errors with a verdict (${count(n)})`,
  any: 'Every question',
  noneText: 'Choose another question above, or all errors.',
  noErrors: 'No errors in the test questions',
  noErrorsText: 'Every question was answered exactly right.',
  tags: {
    true: 'right answer',
    found: 'model’s answer',
    right: 'answer ✓',
    suggested: 'answer?'
  } satisfies Readonly<Record<MarkState, string>>,
  states: {
    true: 'what the data say',
    found: 'what the model says',
    right: 'both say this',
    suggested: 'less sure than asked for'
  } satisfies Readonly<Record<MarkState, string>>,
  corrects: {
    missed: 'The data are wrong: there is no answer.',
    invented: 'The data are wrong: this is the answer.',
    partly: 'The data are wrong: the answer is as the model says.',
    wrong: 'The data are wrong: the answer is what the model says.'
  } satisfies Readonly<Record<QuestionErrorKind, string>>,
  revise: (n: number) => `Correct ${plural(n, 'row', 'rows')} in a new version`,
  noneTitle: 'What there is, and what was said',
  noneRow: 'In the document',
  there: 'There is an answer',
  notThere: 'There is none',
  saysExact: 'Says it exactly',
  saysPartly: 'Says part of it',
  saysWrong: 'Says something else',
  saysNone: 'Says there is none',
  impossible: '–',
  whenNone: noneSentence,
  noneAbout: 'Counted over the test questions. A row adds up to all questions of its kind.',
  testQuestions: (n: number) => plural(n, 'test question', 'test questions'),
  groupRows: 'Questions',
  /** Documents and tables that questions are asked of. */
  use: {
    asked: 'Questions, one a line',
    hint: 'Which law governs the contract?',
    about: (n: number) =>
      n === 0 ? 'Each is asked of every text.' : `${plural(n, 'question is', 'questions are')} asked of every text.`,
    unasked: 'Write at least one question.',
    column: 'and ask',
    same: 'the same of every text, below',
    none: 'no answer',
    tag: 'answer',
    answeredText: 'The text with its answers',
    answers: (n: number) => plural(n, 'question', 'questions'),
    count: (given: number, none: number, texts: number, all: number) =>
      `${plural(given, 'question', 'questions')} asked, ${count(none)} without an answer; ${count(texts)} of ${plural(all, 'text needs', 'texts need')} a person`
  },
  few: (n: number) => `Only ${plural(n, 'test document', 'test documents')}: read the interval first, the point second.`,
  measured: (n: number, documents: number, looks: number) =>
    `Measured on ${plural(n, 'question', 'questions')} about ${plural(documents, 'document', 'documents')} that training never saw; the test set was consulted ${count(looks)}×.`
}
