import { count, plural } from '../format.ts'

export const reading = {
  change: 'Change',
  title: 'How the file is read',
  about:
    'The first rows show at once what a change does. A new version is made; corrections stay in the versions that have them.',
  aboutUnread:
    'This file cannot be read as it was recognised. The first rows show at once what another way makes of it; the file itself stays as it is.',
  encoding: 'Characters',
  encodings: {
    '': 'recognised',
    'utf-8': 'UTF-8',
    'windows-1252': 'Windows-1252',
    'utf-16le': 'UTF-16 LE',
    'utf-16be': 'UTF-16 BE'
  },
  delimiter: 'Cells divided by',
  delimiters: { '': 'recognised', ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' },
  header: 'Line with the names',
  headerHelp: 'Empty: the first one with text. 0: the file has none.',
  sheet: 'Sheet',
  preview: 'The first rows',
  looking: 'Looking through the rows',
  counting: (done: number, total: number) => `${count(done)} of ${count(total)} rows looked at.`,
  checking: 'The rows are compared with each other: copies, contradictions, one person in two parts.',
  save: 'Read it so',
  noPreview: 'Nothing can be shown like this.',
  splitEdit: 'Edit',
  splitTitle: 'How the rows are divided',
  splitAbout: 'Classes keep their shares; rows that belong together and equal texts stay in one part.',
  train: 'To learn from, %',
  validation: 'To choose by, %',
  test: 'To test on, %',
  seed: 'Draw',
  column: 'The column that tells',
  sum: (percent: string) => `The parts make ${percent}; they must make 100 %.`,
  looked: (n: number) =>
    `The present test rows were consulted by ${plural(n, 'run', 'runs')}. Divided anew, rows that you have already seen results on may be tested again, and new results do not compare with the former ones.`,
  keeps: 'This version keeps the parts of the version before. Saving lets them go.',
  splitSave: 'Divide the rows',
  from: {
    draw: '',
    column: 'Told by a column.',
    date: 'By date: the newest rows are the test.',
    version: 'Kept from the version before, so that results compare.'
  }
}
