import { many } from './words.ts'

/** What a threshold is chosen for; said on the screen and in the report. */
export const thresholdGoals = {
  balance: 'Best balance of misses and false alarms (F1)',
  missAtMost: (n: number) => `Miss at most 1 in ${n}`,
  missNone: 'Miss none',
  alarmsRight: (n: number) => `At least ${n} of 100 alarms right`,
  alarmsAtMost: (n: number) => `At most ${n} alarms in 100 texts`,
  rightAtLeast: (n: number) => `Right in at least ${n} of 100 that it answers itself`
}

/** How rows are grouped and measured group by group. */
export const groupWords = {
  right: 'Answered right',
  allRight: 'Every label right',
  error: 'Mean absolute error (less is better)',
  found: (name: string) => `Found of ${name} (recall)`,
  falseAlarm: (name: string) => `Wrongly called ${name} (false alarms, less is better)`,
  passagesFound: 'Passages found (recall)',
  passagesRight: 'Marked passages that are right (precision)',
  flawless: 'Documents wholly right',
  answersExact: 'Answered exactly right',
  answersF1: 'F1 of answers',
  answersHas: 'Exactly right, where there is an answer',
  answersNone: 'Told so, where there is none',
  answersOf: (name: string) => `Answered exactly right: ${name}`,
  merged: (n: number) => `${many(n, 'group')} under 20 rows, merged`,
  others: (n: number) => `${many(n, 'group')} together`,
  empty: '(empty)',
  length: 'Length of the text',
  shorter: (n: number) => `under ${n} characters`,
  between: (low: number, high: number) => `${low} to ${high - 1} characters`,
  longer: (n: number) => `${n} characters or more`,
  heading: (column: string) => `By ${column}`,
  note: 'Tested rows by the values of this column, as whoever exported the model wished. Beside all others: the difference with its interval; by chance: how often chance alone would give one as large (corrected for the number of groups).',
  together: (n: number) => `So that no group has fewer than 20 rows, ${many(n, 'group')} were put together.`,
  tooFew: 'Not shown: there are no two groups with 20 tested rows each.'
}

/** What a report says of the time after its test. */
export const afterTest = {
  changedAfter: (n: number) =>
    `${many(n, 'test label was', 'test labels were')} changed after the test; the numbers above are those of the labels as they were.`,
  changedBefore: (n: number) =>
    `${many(n, 'test label was', 'test labels were')} changed after an earlier run was tested on them: this test is kinder than an untouched one.`,
  alarm: (name: string, threshold: string, goal: string, hits: number, positives: number, alarms: number) =>
    `${name} is called out from ${threshold} on (${goal}): on the test that found ${hits} of ${positives}, and ${hits} of ${many(alarms, 'alarm')} were right.`,
  person: (share: string) => `Answers less than ${share} sure are left to a person.`,
  verdicts: (labels: number, model: number, unclear: number) =>
    `Looked at one by one: ${many(labels, 'label')} called wrong, ${many(model, 'answer')} of the model, ${unclear} unclear.`,
  follows: (thresholds: string) => `Answers are read as was fixed for this run: ${thresholds}.`,
  from: (name: string, threshold: string) => `${name} from ${threshold} on`,
  looks: (n: number) => `The test rows have been consulted ${many(n, 'time')}.`
}
