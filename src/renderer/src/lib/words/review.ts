import { count, decimal, plural } from '../format.ts'

/** The rows of a test, looked at one by one. */
export const review = {
  show: 'Show',
  allErrors: 'All errors',
  allRows: 'All test rows',
  worstOnly: 'This run kept its worst errors only. Train it again to page through every row.',
  dataSay: 'The data say',
  modelSays: 'The model says',
  anyAnswer: 'Data: any',
  anyPrediction: 'Model: any',
  rowsTitle: (n: number) => plural(n, 'test row', 'test rows'),
  readRight: (answer: string) => `${answer}, read right`,
  place: (at: string, of: string) => `${at} of ${of}`,
  previous: 'Previous row',
  next: 'Next row',
  nothing: 'nothing',
  noText: 'The text of this row is no longer here: its data set was removed.',
  few: (name: string, half: number) => `Few ${name}: ±${decimal(100 * half, 0)} points.`,
  judged: 'Rows with a verdict',
  labelWrong: 'Label wrong',
  modelWrong: 'Model wrong',
  unclear: 'Unclear',
  kinds: { 'label-wrong': 'Label wrong', 'model-wrong': 'Model wrong', unclear: 'Unclear' },
  rightLabel: 'The right label',
  chooseLabel: 'Choose the right label',
  note: 'Note',
  verdicts: (labels: number, model: number, unclear: number) =>
    `${plural(labels, 'label', 'labels')} wrong · model wrong ${count(model)}× · unclear ${count(unclear)}×`,
  revise: (n: number) => `Correct ${plural(n, 'label', 'labels')} in a new version`,
  revised: 'The new version of the data holds the right labels. The old one is untouched.',
  openData: 'Open the data',
  retrain: 'Retrain',
  changedAfter: (n: number) =>
    `${plural(n, 'test label was', 'test labels were')} changed after the test. The numbers here are those of the labels as they were.`,
  changedBefore: (n: number) =>
    `${plural(n, 'test label was', 'test labels were')} changed after an earlier run was tested on them: this test is kinder than an untouched one.`,
  hints: 'Shade the words that mattered',
  hintsWorking: 'Asking the model…',
  hintsCaption: 'Hints, not reasons.',
  hintsFor: (label: string | null) => (label === null ? 'raises the score' : `speaks for ${label}`),
  hintsAgainst: 'speaks against',
  none: 'No such rows',
  noneText: 'Choose other classes above, or all test rows.'
}
