import { count, percent, plural } from '../format.ts'

/** Words of data and runs that answer questions from texts. */
export const asking = {
  tile: 'Answer questions',
  tileTerm: 'extractive question answering',
  tileAbout: 'Which law governs it, when does it end: the passage that answers, or that there is none.',
  listed: 'answers to questions',
  answer: 'answer',
  questionColumn: 'Column with the questions',
  given: 'given in',
  answersColumn: 'Column with the answers',
  asAnswers: 'as answers',
  marksUse: 'What the marks are for',
  withMarks: 'and answer questions with',
  title: 'Questions',
  summary: (asked: number, texts: number) => `${plural(asked, 'question', 'questions')} about ${plural(texts, 'text', 'texts')}`,
  unanswered: (none: number, asked: number) =>
    none === 0 ? 'each has an answer' : `${count(none)} (${percent(none / Math.max(1, asked))}) have no answer there`,
  byKind: 'Texts with an answer, by kind of marks',
  answerLengths: 'Length of answers in words',
  write: 'Write questions',
  dialogTitle: 'The same questions for every text',
  dialogAbout:
    'What is marked as a kind answers its question; a text without such a mark has no answer. Several wordings, each in a line of its own, take turns. A kind without a question is left out.',
  questionFor: (kind: string) => `Question that ${kind} answers`,
  default: (kind: string) => `What is the ${kind.replace(/[_-]+/g, ' ').toLowerCase()}?`,
  ask: 'Ask these questions',
  noAnswer: 'no answer',
  splitSentence: (train: number, validation: number, test: number) =>
    `${count(train)} questions to learn from, ${count(validation)} to choose by, ${count(test)} to test on.`,
  inFolds: (folds: number, questions: number) =>
    `Trained ${folds} times and tested on each of ${count(folds)} folds, so that all ${plural(questions, 'question is', 'questions are')} tested once. Shown is the first.`,
  tryAbout: 'Write a text and a question. The best weights so far mark the answer.',
  question: 'Question about the text',
  questionHint: 'Which law governs this contract?',
  sure: (sure: number) => `answer ${percent(sure)}`,
  none: (sure: number) => `No answer in this text (confidence ${percent(sure)}).`
}
