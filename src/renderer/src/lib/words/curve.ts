/** Learning curves: what more labels would buy. */
export const curve = {
  tab: 'More labels',
  ask: 'Would more labels help?',
  repeat: 'On shares of the rows',
  why: 'Trains on an eighth, a quarter and a half of the rows too, and says what more labels would likely buy. The model is that of all rows.',
  title: 'Would more labels help?',
  rows: 'Labelled rows to learn from',
  ends: ['95 % from', '95 % to'],
  point: 'Point',
  measured: 'measured',
  model: 'this model',
  doubled: 'carried on',
  how: 'Each share lies in the next, is trained with the same number of steps, and is measured on the same validation rows; the test rows are not used. The last point carries the curve on by an inverse power law; its interval does not hold the chance of another seed.',
  drawn: (metric: string) => `${metric} on validation by labelled rows, with 95 % intervals; the last point is carried on.`
}
