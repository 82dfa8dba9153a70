import { PLACE_METRICS } from './place-metrics.ts'

/**
 * Every English string of the report, in one place. Numbers arrive as text that is already rounded and has its unit.
 * Plain words first, the field's exact term beside them (ux.md §5).
 */

export const many = (count: number, singular: string, plural = `${singular}s`): string =>
  `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? singular : plural}`

/** The entry of `name` in a table; names come from files, where `constructor` must not find anything. */
export function ownEntry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** Title and meaning of each metric; `less` marks those where less is better. */
export const METRICS: Readonly<Record<string, { readonly title: string; readonly meaning: string; readonly less?: true }>> = {
  ...PLACE_METRICS,
  accuracy: { title: 'Accuracy', meaning: 'share of rows answered right' },
  balanced_accuracy: { title: 'Balanced accuracy', meaning: 'mean share found over the classes, each class counted alike' },
  macro_precision: { title: 'Macro precision', meaning: 'mean precision over the classes' },
  macro_recall: { title: 'Macro recall', meaning: 'mean recall over the classes' },
  macro_f1: { title: 'Macro-F1', meaning: 'mean F1 over the classes, each class counted alike' },
  micro_precision: { title: 'Micro precision', meaning: 'share of all given labels, or marked passages, that are right' },
  micro_recall: { title: 'Micro recall', meaning: 'share of all true labels, or passages, that were found' },
  micro_f1: { title: 'Micro-F1', meaning: 'F1 over all labels, or passages, together' },
  weighted_precision: { title: 'Weighted precision', meaning: 'precision, classes weighted by their rows' },
  weighted_recall: { title: 'Weighted recall', meaning: 'recall, classes weighted by their rows' },
  weighted_f1: { title: 'Weighted F1', meaning: 'F1, classes weighted by their rows or passages' },
  samples_f1: { title: 'F1 per row', meaning: "mean F1 of each row's labels" },
  subset_accuracy: { title: 'Every label right', meaning: 'share of rows whose labels are all right (subset accuracy)' },
  hamming_loss: { title: 'Wrong decisions', meaning: 'share of label decisions that are wrong (Hamming loss)', less: true },
  mcc: { title: 'MCC', meaning: 'Matthews correlation: 1 is perfect, 0 is chance' },
  auroc: { title: 'AUROC', meaning: 'how well probabilities rank rows: 0.5 is chance' },
  auprc: { title: 'AUPRC', meaning: 'area under the precision-recall curve' },
  log_loss: { title: 'Log loss', meaning: 'punishes confident wrong answers', less: true },
  brier: { title: 'Brier score', meaning: 'squared error of the probabilities', less: true },
  ece: { title: 'Calibration error', meaning: 'mean gap between confidence and being right (ECE)', less: true },
  mae: { title: 'Mean absolute error', meaning: 'how far off an answer is on average', less: true },
  rmse: { title: 'Root mean squared error', meaning: 'as above, large errors weighing more', less: true },
  r2: { title: 'R²', meaning: 'share of the variation that is explained; 0 is guessing the average' },
  pearson: { title: 'Pearson correlation', meaning: 'how straight the relation of answer and truth is' },
  spearman: { title: 'Spearman correlation', meaning: 'how well the order of rows is kept' },
  loss: { title: 'Loss', meaning: 'mean cross-entropy of a hidden token', less: true },
  perplexity: { title: 'Perplexity', meaning: 'among how many equally likely words the model hesitates', less: true }
}

/** A baseline as the subject of a sentence, by id. */
export const BASELINES: Readonly<Record<string, string>> = {
  tfidf: 'the keyword baseline',
  base: 'the base model without training',
  majority: 'always giving the most frequent answer',
  dictionary: 'a dictionary of the marked passages',
  nearest: 'the sentence nearest to the question',
  known: 'the most frequent known answer'
}
export const AVERAGE_BASELINE = 'guessing the average'
export const USUAL_LABELS = 'always giving the usual labels'

export const TASKS = {
  'single-label': 'Text classification, one label per text',
  'multi-label': 'Text classification, several labels per text',
  spans: 'Marking passages in texts (token classification)',
  answers: 'Finding answers in texts (extractive question answering)',
  regression: 'Score (regression)',
  'masked-lm': 'Learning the language of texts without labels (masked language model)'
} as const

/** Reasons for leaving a row out. */
export const SKIPPED: Readonly<Record<string, string>> = {
  empty_text: 'the text is empty',
  empty_text_pair: 'the second text is empty',
  missing_label: 'the label is missing'
}

export const TESTS = {
  'mcnemar-exact': "McNemar's exact test",
  'sign-flip': 'sign-flip test',
  randomisation: 'randomisation test',
  'paired-bootstrap': 'paired bootstrap'
}

/** Whether the model differs from a baseline. */
export const VERDICTS = { better: 'yes, better', worse: 'yes, worse', 'not shown': 'not shown' }

/** What the trainer is busy with, by the phase's name. */
export const PHASES = {
  reading: 'Reading the data',
  tokenising: 'Cutting texts into tokens',
  preparing: 'Preparing the model',
  probing: 'Trying one step',
  prefix: 'Running the frozen layers once',
  training: 'Training',
  validating: 'Validating',
  baselines: 'Fitting the baselines',
  testing: 'Testing',
  predicting: 'Predicting',
  saving: 'Writing',
  checking: 'Checking'
}

const wouldTell = (needed: number, isFirst: boolean): string =>
  isFirst ? `roughly ${many(needed, 'row')} would tell, if the gap stays as it is` : `roughly ${many(needed, 'row')}`

export const headlines = {
  interval: (level: string) => `${level} interval`,
  rightOn: (right: number, rows: number, share: string, interval: string, range: string) =>
    `Right on ${right} of ${rows} unseen rows (${share}, ${interval} ${range}).`,
  rightOnRange: (right: number, rows: number, interval: string, range: string) =>
    `Right on ${range} of unseen rows (${interval}; ${right} of ${rows} here).`,
  gets: (who: string, count: number) => `${who} gets ${count}.`,
  found: (hits: number, support: number, name: string, share: string, interval: string, range: string) =>
    `Found ${hits} of ${support} ${name} rows (${share}, ${interval} ${range}).`,
  foundRange: (hits: number, support: number, name: string, interval: string, range: string) =>
    `Finds ${range} of ${name} rows (${interval}; ${hits} of ${support} here).`,
  alarms: (hits: number, said: number, name: string) =>
    said === 0
      ? `It never answers ${name}.`
      : `Of its ${many(said, 'answer')} ${name}, ${hits} ${hits === 1 ? 'is' : 'are'} right.`,
  foundClass: (hits: number, support: number, name: string, noun: string, share: string, range: string) =>
    `Found ${hits} of ${support} ${name} ${noun} (${share}, ${range}).`,
  foundClassRange: (hits: number, support: number, name: string, noun: string, range: string) =>
    `Finds ${range} of ${name} ${noun} (95\u00a0% interval; ${hits} of ${support} here).`,
  alarmsRight: (hits: number, said: number) => `${hits} of ${many(said, 'alarm')} right.`,
  neverSaid: (name: string) => `It never answers ${name}.`,
  testedOn: (rows: number, noun: string, support: number, name: string, group: string | null) =>
    `${rows} unseen ${noun}, ${support} ${name}${group === null ? '' : `, kept together by ${group}`}.`,
  finds: (who: string, count: number) => `${who} finds ${count}.`,
  always: (name: string, support: number, rows: number) =>
    `Always answering ${name} would be right on ${support} of ${rows} rows.`,
  oneClass: (name: string, rows: number) =>
    `All ${many(rows, 'test row')} are ${name}: the test says nothing about the other classes.`,
  macro: (value: string, interval: string, range: string, classes: number) =>
    `Macro-F1 ${value} (${interval} ${range}), the mean over ${many(classes, 'class', 'classes')} however rare.`,
  macroRange: (value: string, interval: string, range: string, classes: number) =>
    `Macro-F1 ${range} (${interval}; ${value} here), the mean over ${many(classes, 'class', 'classes')} however rare.`,
  mostly: (share: string, rows: number, name: string) => `${share} of the ${rows} unseen rows are ${name}.`,
  has: (who: string, value: string) => `${who} has ${value}.`,
  labels: (hits: number, all: number, rows: number, share: string, interval: string, range: string) =>
    `Found ${hits} of ${all} labels on ${rows} unseen rows (${share}, ${interval} ${range}).`,
  labelsRange: (hits: number, all: number, rows: number, interval: string, range: string) =>
    `Finds ${range} of the labels on unseen rows (${interval}; ${hits} of ${all} on ${rows} rows here).`,
  labelsGiven: (hits: number, said: number) =>
    said === 0
      ? 'It gives no label at all.'
      : `Of the ${many(said, 'label')} it gives, ${hits} ${hits === 1 ? 'is' : 'are'} right.`,
  noLabels: (rows: number) => `None of the ${many(rows, 'test row')} carries a label: there was nothing to find.`,
  microF1: (own: string) => `F1 over all labels: ${own}`,
  within: (value: string, interval: string, range: string, rows: number) =>
    `Usually within ${value} (mean absolute error, ${interval} ${range}, ${rows} unseen rows).`,
  withinRange: (value: string, interval: string, range: string, rows: number) =>
    `Usually within ${range} (mean absolute error, ${interval}; ${value} on ${many(rows, 'unseen row')} here).`,
  perplexity: (value: string, words: string, rows: number) =>
    `Perplexity ${value} on ${many(rows, 'unseen row')}: it guesses a hidden word as if choosing among ${words} equally likely ones.`,
  basePerplexity: (value: string) => `The base model before training: ${value}.`,
  notWorth: (who: string, metric: string, theirs: string, own: string) =>
    `Not worth using: ${who} does better (${metric} ${theirs}, this model ${own}).`,
  notWorthBase: 'Not worth using: the base model before training does better.',
  better: 'It does better than every baseline by more than chance.',
  notShown: (who: string) => `This model cannot be told apart from ${who} on these rows.`,
  tooFew: (rows: number, gaps: string) => `${many(rows, 'test row')} ${rows === 1 ? 'is' : 'are'} too few to be sure: ${gaps}.`,
  aheadOf: (who: string, needed: number, isFirst: boolean) =>
    `this model is ahead of ${who} here (${wouldTell(needed, isFirst)})`,
  behind: (who: string, needed: number, isFirst: boolean) => `${who} is ahead of this model here (${wouldTell(needed, isFirst)})`,
  notMeasured: 'The test rows do not define the metric that this run is judged by.',
  notTested: 'Not tested: no rows were set aside for a test, so nothing is known about unseen rows.'
}

export const findings = {
  overfitting: {
    sentence: 'The model began to learn the training rows by heart (overfitting).',
    evidence: (metric: string, low: string, lowStep: number, end: string, before: string, after: string) =>
      `Validation ${metric} rose from ${low} at step ${lowStep} to ${end} while training loss fell from ${before} to ${after}.`,
    kept: (step: number) => `The weights of step ${step} were kept, not the last ones.`,
    suggestion: 'Fewer epochs, more weight decay or dropout, a smaller adapter, or more rows.'
  },
  underfitting: {
    sentence: 'The model has hardly learned anything (underfitting).',
    evidence: (first: string, last: string) =>
      `Training loss went from ${first} only to ${last}, and the test shows no gain over a model that never reads the text.`,
    suggestion: 'A higher learning rate, more epochs, more layers trained (last-n or full), or a larger base model.'
  },
  diverged: {
    sentence: 'Training drifted away instead of settling (the learning rate is too high).',
    evidence: (first: string, last: string) => `Training loss rose from ${first} at the start to ${last} at the end.`,
    suggestion: 'A third to a tenth of the learning rate, a longer warm-up, or max_grad_norm: 1.0.'
  },
  unstable: {
    sentence: 'Some steps gave numbers that are not finite and were skipped.',
    evidence: (skipped: number, steps: number) => `${many(skipped, 'step')} of ${steps}.`,
    suggestion: 'A lower learning rate or a longer warm-up.'
  },
  longer: {
    sentence: 'The model was still improving when training ended.',
    evidence: (metric: string, values: string) => `Validation ${metric} at the last evaluations: ${values}.`,
    suggestion: (epochs: string) => `More epochs: try num_train_epochs: ${epochs}.`
  },
  gap: {
    sentence: 'The test came out worse than validation promised.',
    evidence: (metric: string, validation: string, test: string) => `${metric}: ${validation} on validation, ${test} on test.`,
    suggestion:
      'Trust the test. More validation rows make the choice of the best step less lucky; if several rows belong to one person or matter, name that column as group.'
  },
  imbalance: {
    sentence: 'Some classes are far rarer than others.',
    evidence: (common: string, most: number, rare: string, fewest: number) =>
      `${common} has ${many(most, 'training row')}, ${rare} has ${fewest}.`,
    suggestion: 'class_weights: balanced, or more rows of the rare classes; judge by macro-F1, not by accuracy.',
    weighted: 'Classes are already weighted; more rows of the rare classes would help most.'
  },
  few: {
    sentence: 'Some classes have very few rows to learn from.',
    evidence: (classes: string) => `Training rows: ${classes}.`,
    suggestion: 'Collect more of them, or merge classes that are handled alike.'
  },
  truncated: {
    sentence: 'Many texts are longer than the model reads.',
    evidence: (rows: string, share: string, limit: number, tokens: string) =>
      `${rows} (${share}) are longer than ${limit} tokens; ${tokens} of all tokens were cut off.`,
    suggestion: 'A larger max_length, or truncation: head_tail or windows.'
  },
  noise: {
    sentence: 'Some labels may be wrong.',
    conflicting: (sets: number, rows: number) =>
      `${many(sets, 'text')} ${sets === 1 ? 'occurs' : 'occur'} with different labels (${many(rows, 'row')}).`,
    confident: (errors: number, share: string, rows: string) =>
      `${many(errors, 'answer')} counted as wrong ${errors === 1 ? 'was' : 'were'} given with more than 95 % confidence, where ${share} of answers are right: see rows ${rows}.`,
    suggestion: 'Read these rows again and correct the labels that are wrong.'
  },
  overconfident: {
    sentence: 'Confidences do not match how often the model is right.',
    evidence: (ece: string, range: string) => `They are off by ${ece} on average (ECE, interval ${range}).`,
    suggestion: 'Use them to order rows rather than as probabilities; more validation rows make the calibration better.'
  }
}

export const limits = {
  fewRows: (rows: number) =>
    `Only ${many(rows, 'row')} were tested. Another such sample could land anywhere inside the intervals.`,
  fewOfClass: (names: string) => `Fewer than 30 test rows of ${names}: their figures are rough.`,
  absent: (names: string, count: number) => `No test row of ${names}: nothing is known about ${count > 1 ? 'them' : 'it'}.`,
  looks: (looks: number) =>
    looks <= 1
      ? 'The test rows were consulted once, after every choice was made on validation.'
      : `The test rows have been consulted ${looks} times. Each further look makes the result look a little better than it is.`,
  byGroups: (column: string) => `Rows of one ${column} are all in one part, and intervals and tests treat them as one unit.`,
  noGroups: 'No group column was named. If several rows belong to one person or matter, the result is too good.',
  skipped: (reasons: string) => `Left out: ${reasons}.`,
  skippedReason: (count: number, reason: string) => `${many(count, 'row')} (${reason})`,
  truncated: (rows: number, limit: number, share: string) =>
    `${many(rows, 'text')} ${rows === 1 ? 'was' : 'were'} cut at ${limit} tokens (${share} of all tokens).`,
  duplicates: (sets: number, extra: number) =>
    `${many(sets, 'text')} ${sets === 1 ? 'occurs' : 'occur'} more than once (${many(extra, 'extra row')}); equal texts were kept in one part.`,
  calibrated: 'Probabilities were calibrated by a temperature fitted on validation.',
  thresholds: 'The threshold of each label was fitted on validation.',
  prefix: (what: string) => `Frozen, and therefore run without dropout: ${what}.`,
  intervals: (level: string, resamples: string, unit: string, seed: number) =>
    `Intervals: ${level}, bootstrap over ${unit} (${resamples} resamples, seed ${seed}); shares of rows by Wilson's method. Differences are corrected for the number of baselines (Holm).`
}

export const page = {
  title: 'Test report',
  headings: {
    findings: 'Worth a look',
    metrics: 'Result on unseen rows',
    baselines: 'Compared with simpler ways',
    classes: 'Class by class',
    labels: 'Label by label',
    confusion: 'What was taken for what',
    confidence: 'Can the confidence be trusted?',
    errors: 'Worst errors',
    subgroups: 'Short and long texts',
    seeds: 'Other seeds',
    training: 'Training',
    data: 'Data',
    limits: 'What this result does not say',
    files: 'Files',
    after: 'Decided after the test'
  },
  columns: {
    metric: 'Metric',
    model: 'This model',
    interval: (level: string) => `${level} interval`,
    meaning: 'Meaning',
    baseline: 'Compared with',
    difference: 'Difference',
    test: 'Test',
    verdict: 'Real difference?',
    className: 'Class',
    label: 'Label',
    rows: 'Test rows',
    allRows: 'Rows',
    recall: 'Found',
    precision: 'Right when said',
    f1: 'F1',
    threshold: 'Threshold',
    row: 'Row',
    text: 'Text',
    truth: 'Labelled',
    answer: 'Answered',
    confidence: 'Confidence',
    probability: 'Probability',
    target: 'True',
    prediction: 'Predicted',
    error: 'Off by',
    mistake: 'Mistake',
    part: 'Part',
    groups: 'Groups',
    step: 'Step',
    trainingLoss: 'Training loss',
    mean: 'Mean',
    deviation: 'Standard deviation',
    values: 'Each seed',
    said: 'Said',
    was: 'Was right',
    count: 'Answers',
    from: 'Labelled as',
    into: 'taken for',
    accuracy: 'Answered right',
    offBy: 'Off by',
    toOthers: 'Beside all others',
    chance: 'By chance',
    times: 'Times'
  },
  baselineTitle: { tfidf: 'Keywords', base: 'Base', majority: 'Most frequent', average: 'Average' },
  notDefined: 'not defined',
  neverSaid: 'never said',
  noRows: 'no rows',
  lessIsBetter: '↓ less is better',
  allMetrics: 'All metrics',
  differenceIn: (metric: string) => `Difference in ${metric}`,
  classesNote:
    'Found: share of the class’s rows that were recognised (recall). Right when said: share of such answers that are right (precision).',
  confusionNote: 'Rows: as labelled. Columns: as answered. The diagonal is right.',
  confusionTop: 'The most frequent confusions:',
  noConfusion: 'No row was taken for another class.',
  errorsNote: 'Row numbers only; the texts stay in your own files.',
  examplesNote: 'With the texts of these rows, as whoever exported the model wished.',
  subgroupsNote:
    'Thirds of the test rows. Beside all others: the difference with its interval; by chance: how often chance alone would give one as large (corrected for the number of groups).',
  noErrors: 'There is not one error to show.',
  carried: 'carried, not found',
  notCarried: 'given, not carried',
  reliability: (rows: string) =>
    `How often answers of each confidence were right (${rows}). On the line, confidence means what it says.`,
  reliabilityMark: 'Bar: how often right. Mark: how confident.',
  curve: (first: string, last: string, steps: number) =>
    `Training loss went from ${first} to ${last} over ${many(steps, 'step')}.`,
  curveBest: (step: number) => `The weights of step ${step} were kept.`,
  validationLoss: 'Validation loss',
  validationOf: (metric: string) => `Validation ${metric}`,
  moreRows: (count: number) => `${count} more in report.html`,
  seedsNote: (seeds: string) => `The same run with seeds ${seeds}: how much chance alone moves the result.`,
  noCurve: 'No training step was taken.',
  facts: {
    task: 'Task',
    model: 'Model',
    method: 'Method',
    trained: 'Trained',
    trainedShare: (trained: string, all: string, share: string) => `${trained} of ${all} parameters (${share})`,
    steps: 'Steps',
    stepsOf: (steps: string, total: string, epochs: string) =>
      `${steps} of ${total} (${epochs} ${epochs === '1' ? 'epoch' : 'epochs'})`,
    stoppedEarly: 'stopped early: validation no longer improved',
    best: 'Kept',
    bestAt: (step: string, metric: string, value: string) => `step ${step}, validation ${metric} ${value}`,
    time: 'Time',
    speed: 'Speed',
    tokens: (rate: string) => `${rate} tokens per second`,
    memory: 'Memory',
    peak: (peak: string) => `${peak} at most`,
    predicted: (predicted: string) => `${predicted} were predicted`,
    energy: 'Electricity',
    rowsPerSecond: (rows: string) => `${rows} rows a second`,
    device: 'Device',
    seed: 'Seed',
    settings: 'Settings',
    weights: 'Weights (SHA-256)',
    created: 'Written',
    folder: 'Folder',
    source: 'Files'
  },
  parts: { train: 'Training', validation: 'Validation', test: 'Test' }
}

/** Axis titles with their units. */
export const charts = { step: 'step', right: '% right', confident: '% confident' }

export const progress = {
  step: (step: string, total: string) => `step ${step}/${total}`,
  loss: (loss: string) => `loss ${loss}`,
  rate: (rate: string) => `lr ${rate}`,
  speed: (tokens: string) => `${tokens} tokens/s`,
  left: (time: string) => `${time} left`,
  validation: (metric: string, value: string) => `${metric} ${value}`,
  of: (done: string, total: string) => `${done}/${total}`
}
