import { decimal, plural } from '../format.ts'

/** The rows of a test, looked at one by one. */
export const review = {
  show: 'Show',
  allErrors: 'All errors',
  allRows: 'All test rows',
  worstOnly: 'This run kept its worst errors only. Train it again to page through every row.',
  dataSay: 'The data say',
  modelSays: 'The model says',
  anyAnswer: 'Data: any class',
  anyPrediction: 'Model: any class',
  rowsTitle: (n: number) => plural(n, 'test row', 'test rows'),
  readRight: (answer: string) => `${answer}, read right`,
  place: (at: string, of: string) => `${at} of ${of}`,
  previous: 'Previous row',
  next: 'Next row',
  nothing: 'nothing',
  noText: 'The text of this row is no longer here: its data set was removed.',
  few: (name: string, half: number) => `Few ${name}: ±${decimal(100 * half, 0)} points.`,
  none: 'No such rows',
  noneText: 'Choose other classes above, or all test rows.'
}
