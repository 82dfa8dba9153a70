import type { PassageErrorKind } from '../../../../preload/contract/passages.ts'
import { count, decimal, plural } from '../format.ts'

/** The result of a run that marks passages. */
export const passages = {
  kinds: 'Kinds',
  kind: 'Kind',
  there: 'Marked in the data',
  found: 'Found exactly',
  said: 'Marked by the model',
  rule: 'What counts as right',
  rules: {
    strict: 'The whole passage and its kind (strict)',
    partial: 'An overlap of the same kind counts half (partial)',
    overlap: 'Any overlap of the same kind (type)'
  },
  ruleAbout: {
    strict: 'First and last character and the kind must be right, as seqeval counts.',
    partial: 'A passage cut wrongly counts half, as SemEval-2013 has it; each kind is measured among its own passages.',
    overlap: 'Where a passage begins and ends does not matter; each kind is measured among its own passages.'
  },
  unmeasured: 'This run was tested before this was measured. Train it again to see it.',
  kindsAbout:
    'Intervals are drawn over documents, or over what belongs together: passages of one document are no independent tries.',
  errorsTitle: (n: number) => plural(n, 'error', 'errors'),
  errors: { missed: 'Missed', invented: 'Invented', boundary: 'Cut wrongly', type: 'Wrong kind' } satisfies Readonly<
    Record<PassageErrorKind, string>
  >,
  errorOf: (error: PassageErrorKind, truth: string, said: string): string =>
    ({
      missed: `${truth} missed`,
      invented: `${said} invented`,
      boundary: truth === said ? `${truth} cut wrongly` : `${truth} cut wrongly, as ${said}`,
      type: `${truth} taken for ${said}`
    })[error],
  all: (n: number) => `All errors (${count(n)})`,
  only: (error: string, n: number) => `${error} (${count(n)})`,
  judged: (n: number) => `Errors with a verdict (${count(n)})`,
  truthAny: 'Data: any kind',
  saidAny: 'Model: any kind',
  none: 'No such errors',
  noneText: 'Choose other kinds above, or all errors.',
  noErrors: 'No errors in the test documents',
  noErrorsText: 'Every passage was found, and none invented.',
  pick: 'Choose an error on the left to read the document.',
  previous: 'Previous error',
  next: 'Next error',
  gone: 'The text of this document is no longer here: its data set was removed or changed.',
  document: (line: number) => `document at line ${count(line)}`,
  corrects: {
    missed: 'The data are wrong: the mark is to go.',
    invented: 'The data are wrong: this passage is to be marked.',
    boundary: 'The data are wrong: the passage is as the model cut it.',
    type: 'The data are wrong: the passage is of the kind that the model says.'
  } satisfies Readonly<Record<PassageErrorKind, string>>,
  revise: (n: number) => `Correct ${plural(n, 'document', 'documents')} in a new version`,
  confusionAbout:
    'Rows are what the data say, columns what the model says of the same place, wherever it begins and ends. Shaded by the share of the row.',
  nothing: 'nothing',
  groupRows: 'Passages or documents',
  few: (name: string, half: number) => `Few ${name}: ±${decimal(100 * half, 0)} points.`,
  fewDocuments: (n: number) => `Only ${plural(n, 'test document', 'test documents')}: read the interval first, the point second.`,
  measured: (n: number, flawless: number, looks: number) =>
    `Measured on ${plural(n, 'document', 'documents')} that training never saw, ${count(flawless)} of them wholly right; the test set was consulted ${count(looks)}×.`
}
