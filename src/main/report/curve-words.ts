interface CurveNumbers {
  readonly metric: string
  readonly rows: string
  readonly now: string
  readonly then: string
  readonly low: string
  readonly high: string
  readonly gain: string
}

/** Of runs with a learning curve. */
export const curveWords = {
  title: 'Would more labels help?',
  rows: 'Labelled rows to learn from',
  estimated: ' (carried on)',
  tooFew: 'What more labels would buy cannot be told: too few shares of the rows could be measured.',
  how: 'Each share lies in the next, is trained with the same number of steps, and is measured on the same validation rows; the test rows are not used. The curve is an inverse power law, carried on to twice the rows. The interval holds for what the validation rows and the scatter of the points leave open, and for more rows like these; another seed, or labels of another kind, may do otherwise.',
  verdicts: {
    more: ({ metric, rows, now, then, low, high }) =>
      `Twice the labels (${rows} rows to learn from) would likely help: ${metric} on validation would go from ${now} to about ${then} (95 % interval ${low} to ${high}).`,
    flat: ({ rows, gain }) =>
      `The curve is flat: twice the labels (${rows} rows to learn from) would likely change little, by ${gain} at most. Look at the errors and at other settings first.`,
    unclear: ({ metric, rows, now, low, high }) =>
      `Whether more labels would help cannot be told from these rows: with twice the labels (${rows} rows to learn from) ${metric} on validation, now ${now}, may lie anywhere from ${low} to ${high}. More validation rows would tell more.`
  } satisfies Record<string, (numbers: CurveNumbers) => string>
}
