/** Of runs that were tested by folds. */
export const foldWords = {
  title: 'Fold by fold',
  note: (folds: number, fewest: string, most: string) =>
    `Every row was tested once, by a model that had not learned from it. Each of the ${folds} folds by itself (${fewest === most ? `${fewest} rows each` : `${fewest} to ${most} rows`}): how much the rows at hand move the result.`,
  values: (folds: number) => `Folds 1 to ${folds}`,
  sentence: (folds: number) => `Every row was answered by a model that had not learned from it (${folds} folds).`,
  firstOnly: (folds: number) =>
    `Trained ${folds} times, each time tested on another fold. The sizes of training and validation, and the curves, are those of the first; the test is all folds together.`
}
