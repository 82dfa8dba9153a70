import { count, plural } from '../format.ts'

export const dividing = {
  way: 'How the test is found',
  ways: {
    draw: 'Drawn once',
    folds: 'In folds: every row once',
    date: 'By date: the newest rows',
    column: 'Told by a column',
    file: 'Another file is the test'
  },
  about: {
    draw: 'Rows are drawn, so that classes keep their shares.',
    folds: 'Trains once for each fold and tests on it: the surest number that few rows can give. It takes as many times as long.',
    date: 'Learns from the oldest rows and tests on the newest, as in use. Rows that belong together go with their newest.',
    column: 'Its cells say train, validation or test; rows with an empty cell are drawn.',
    file: 'Its rows join these as the test, in a new version; rows here that repeat one of them are left out. Open it in Data first.'
  },
  choose: 'choose a column',
  chooseFile: 'choose a data set',
  file: 'The data set with the test',
  version: (name: string, version: number) => (version === 1 ? name : `${name} (version ${version})`),
  folds: 'Number of folds',
  foldTest: 'Not used: the fold, %',
  date: 'The column with the date',
  sharesOf: {
    draw: 'Another number draws other rows.',
    folds: 'The first two divide what is left beside each fold. Another number draws other folds.',
    date: 'Rows of one date stay together, so that the parts may be a little larger or smaller.',
    column: 'Shares are for rows that the column leaves open.',
    file: 'The first two divide the rows that are here now.'
  },
  balance: 'Between classes, while training',
  balances: { none: 'As they are', weights: 'Rare classes count more', repeat: 'Rows of rare classes are repeated' },
  cap: 'Rows of a class, at most',
  all: 'all',
  balanceHelp: 'Touches the rows to learn from alone: those to choose by and to test on stay as they came.',
  noModel: (folds: number) =>
    `Measured by ${folds} folds: none of its ${folds} models learned from all rows. Divide the rows once, then train the model to use.`,
  once: 'Divide the rows once',
  inFolds: (folds: number, rows: number) =>
    `Trained ${folds} times and tested on each of ${count(folds)} folds, so that all ${plural(rows, 'row is', 'rows are')} tested once. Shown is the first.`
}
