import { count, plural } from '../format.ts'

/** The test, group by group. */
export const groups = {
  tab: 'Groups',
  title: 'Is it as good for every group?',
  by: 'By',
  metric: 'What is measured',
  group: 'Group',
  rows: 'Test rows',
  value: 'Value and 95 % interval',
  difference: 'Difference from the rest',
  p: 'p (Holm)',
  merged: (n: number) =>
    n === 0
      ? 'No group had to be merged.'
      : `${plural(n, 'group', 'groups')} with fewer than 20 rows ${n === 1 ? 'was' : 'were'} merged.`,
  few: 'few rows',
  nothing: 'no difference shown',
  differs: 'differs',
  about: (n: number) =>
    `Measured on the test. p says how surprising the difference would be if there were none; it is corrected for ${count(n)} groups.`,
  before: 'As the model gave it (validation)',
  after: 'After temperature scaling (validation)',
  test: 'Check on the test',
  temperature: (value: string) => `Temperature ${value}, fitted on validation.`,
  temperatures: (n: number) => `One temperature for each of ${count(n)} labels, fitted on validation.`,
  noTemperature: 'No temperature was fitted: there were no validation rows.',
  ece: (value: string, rows: number) => `off by ${value} on average (ECE), ${plural(rows, 'row', 'rows')}`
}
