import { count, list, plural } from '../format.ts'

/** `p = 0.41`, kept on one line. */
const pValue = (p: number): string => (p < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${p.toFixed(p < 0.1 ? 3 : 2)}`)

const reach = (p: number, shared: string): string => `(${pValue(p)}, Holm, ${shared})`

export const compare = {
  title: 'Compare',
  metrics: 'Metrics',
  tests: 'Tests',
  settings: 'Settings',
  curves: 'Curves',
  views: 'Parts of the comparison',
  metric: 'Metric',
  setting: 'Setting',
  hideEqual: 'Hide equal settings',
  unset: 'unset',
  unsetAbout: '“unset” means that the run uses the standard value; false and 0 are values of their own.',
  allEqual: 'All settings are the same.',
  testing: 'Testing the runs against each other…',
  shared: (rows: number, areQuestions: boolean) => `${count(rows)} shared ${areQuestions ? 'questions' : 'rows'}`,
  apart: (a: string, b: string, p: number, shared: string) => `${a} and ${b} cannot be told apart ${reach(p, shared)}.`,
  noneApart: (n: number, p: number, shared: string) =>
    `None of the ${count(n)} runs can be told apart (smallest ${pValue(p)}, Holm, ${shared}).`,
  better: (a: string, others: readonly string[], p: number, shared: string) =>
    `${a} is better than ${list(others)} ${reach(p, shared)}.`,
  restApart: (n: number) => `The other ${plural(n, 'pair', 'pairs')} cannot be told apart.`,
  otherRows: (run: string, shared: number, rows: number) =>
    `${run} was tested on other rows (${count(shared)} of ${count(rows)} are shared), so it is not tested against the others.`,
  otherSplit: 'Its data were split differently.',
  otherData: 'It was trained on other data.',
  otherLabels: (run: string, changed: number) =>
    `The labels of ${plural(changed, 'test row', 'test rows')} of ${run} are not those of the others, so it is not tested against them.`,
  otherTask: (run: string) => `${run} answers another kind of question, so it is not tested against the others.`,
  marksNotTexts: (run: string) =>
    `${run} marks passages and the others answer whole texts: F1 over passages and F1 over texts count different things, so it is not tested against them.`,
  textsNotMarks: (run: string) =>
    `${run} answers whole texts and the others mark passages: F1 over texts and F1 over passages count different things, so it is not tested against them.`,
  questionsNotThat: (run: string) =>
    `${run} answers questions about texts and the others do not: F1 of answers and theirs count different things, so it is not tested against them.`,
  thatNotQuestions: (run: string) =>
    `${run} answers no questions and the others do: its F1 and F1 of answers count different things, so it is not tested against them.`,
  otherClasses: (run: string) => `${run} knows other classes, so it is not tested against the others.`,
  noAnswers: (run: string) =>
    `${run} kept no answers to its test rows: it was tested by an earlier version of Attune. Train it again to compare it.`,
  notTestedYet: (run: string) => `${run} was not tested, so there is nothing to compare.`,
  notBeside: 'Numbers from different test rows must not be set side by side.',
  pair: 'Runs',
  versus: (a: string, b: string) => `${a} against ${b}`,
  difference: (metric: string) => `Difference in ${metric}`,
  differenceAbout: 'first minus second, with its 95 % interval',
  test: 'Test',
  p: 'p',
  adjusted: 'p after Holm',
  verdict: 'Verdict',
  isBetter: (run: string) => `${run} is better`,
  notApart: 'cannot be told apart',
  testedAbout: (rows: number, pairs: number, areQuestions: boolean) =>
    `On ${areQuestions ? plural(rows, 'test question', 'test questions') : plural(rows, 'test row', 'test rows')} that the runs share, from the answers stored when each was tested. ${pairs === 1 ? 'One pair needs no correction.' : `p is corrected by Holm's method for ${plural(pairs, 'pair', 'pairs')}.`} At 5 %.`,
  noTests: 'No two of these runs were tested on the same rows.',
  methods: {
    'mcnemar-exact': "McNemar's exact test",
    'sign-flip': 'paired permutation test',
    randomisation: 'paired randomisation test',
    'paired-bootstrap': 'paired bootstrap'
  },
  seeds: (runs: readonly string[]) => `${list(runs)}: mean ± sd`,
  seedsAbout: (runs: readonly string[]) => `${list(runs)} differ by their seed only: the spread is what chance in training does.`,
  spread: (mean: string, deviation: string) => `${mean} ± ${deviation}`,
  lossTitle: 'Training loss',
  lossAbout: (n: number) => `Training loss of ${plural(n, 'run', 'runs')} by step.`,
  metricTitle: (metric: string) => `${metric} on validation`,
  metricAbout: (metric: string, n: number) => `${metric} on validation of ${plural(n, 'run', 'runs')} by step.`,
  tooFew: 'Two finished runs are needed',
  tooFewText: 'Only runs with a result can be compared.'
}
