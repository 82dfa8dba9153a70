import { plural } from '../format.ts'

/** What can be chosen for an export beyond its form. */
export const exportChoices = {
  variants: { static: 'int8, ranges measured' },
  quantizations: {
    dynamic:
      'Ranges of what is multiplied are worked out as it runs: an answer depends a little on what stands beside a text in its batch.',
    static:
      'Ranges of what is multiplied are measured beforehand on validation rows: each text is answered on its own, and other runtimes read the form too. Texts unlike those rows may be answered worse.',
    none: 'They cannot be measured beforehand: this run has no validation rows that it was not tested on.'
  },
  groups: (n: number) => (n === 0 ? 'Group the report by columns' : `Group the report by ${plural(n, 'column', 'columns')}`),
  columns: 'Columns of the data',
  groupsAbout: 'Shares and errors of the tested rows by each value. Groups under 20 rows are put together, and no row is shown.',
  groupsLeave: 'The values that name these groups leave with the report. They are content of your data.'
}
