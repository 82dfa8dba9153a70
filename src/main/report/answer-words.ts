import { many } from './words.ts'

/** What a report says of answers found in texts. */
export const answers = {
  right: (right: number, rows: number, documents: number, share: string, interval: string, range: string) =>
    `Answered ${right} of ${many(rows, 'question')} exactly right on ${many(documents, 'unseen document')} (${share}, ${interval} ${range}).`,
  rightRange: (right: number, rows: number, documents: number, interval: string, range: string) =>
    `Answers ${range} of questions exactly right (${interval}; ${right} of ${rows} on ${many(documents, 'unseen document')} here).`,
  has: (right: number, answered: number) =>
    `Of the ${many(answered, 'question')} whose document has an answer, it gets ${right}.`,
  none: (right: number, none: number) => `Of the ${many(none, 'question')} without an answer, it says so for ${right}.`,
  f1: (own: string) => `F1 over all questions: ${own}`,
  fewDocuments: (documents: number) =>
    `The test has only ${many(documents, 'document')}: look at the intervals before the numbers.`,
  exactNote:
    'An answer is right where it says the same words as one of the right answers, as SQuAD counts: without capitals, punctuation and English articles. Other languages keep their articles; where no spaces divide words, F1 is all or nothing.',
  threshold: (gap: string) =>
    `None is said where the score of “no answer”, less that of the best answer, is above ${gap} (logits); this was fitted on validation questions alone.`,
  thresholds: (least: string, most: string, always: number) =>
    `Each fold says none where the score of “no answer”, less that of the best answer, is above a threshold that it fitted on its own validation questions: ${least === most ? least : `${least} to ${most}`} (logits).${always > 0 ? ` In ${many(always, 'fold')} every training question has an answer, and one is always given.` : ''}`,
  alwaysInFolds: 'In each fold every training question has an answer: one is always given.',
  always: 'Every training question has an answer: this model always gives one.',
  noErrors: 'Every question was answered exactly right.',
  errorsNote:
    'Rows are lines of the data file, or questions in the order of a SQuAD file. Places are characters of the text from 0, as the app counts them (UTF-16); the last is not part of the answer.',
  place: (start: number, end: number) => `${start}–${end}`,
  errorCounts: (missed: number, invented: number, partly: number, wrong: number) =>
    `Missed: ${missed}. Invented: ${invented}. Partly right: ${partly}. Wrong: ${wrong}.`,
  kinds: { missed: 'missed', invented: 'invented', partly: 'partly right', wrong: 'wrong' },
  noAnswer: 'no answer',
  /** Baselines at the head of a column. */
  short: { nearest: 'Nearest sentence', known: 'Known answer' },
  headings: { questions: 'Each question' },
  columns: {
    question: 'Question',
    documents: 'Documents',
    answered: 'With an answer',
    exact: 'Exactly right',
    f1: 'F1',
    score: 'Score'
  }
} as const
