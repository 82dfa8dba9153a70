/** What a row or a question must be kept apart from. */
const learned = { row: 'it', question: 'its document' } as const

/** Of runs that were tested by folds. */
export const foldWords = {
  title: 'Fold by fold',
  note: (folds: number, fewest: string, most: string, tested: 'row' | 'question') =>
    `Every ${tested} was tested once, by a model that had not learned from ${learned[tested]}. Each of the ${folds} folds by itself (${fewest === most ? `${fewest} ${tested}s each` : `${fewest} to ${most} ${tested}s`}): how much the ${tested}s at hand move the result.`,
  values: (folds: number) => `Folds 1 to ${folds}`,
  /** What each fold fitted for itself. */
  noneThreshold: 'Threshold of “no answer” (logits)',
  sentence: (folds: number, tested: 'row' | 'question') =>
    `Every ${tested} was answered by a model that had not learned from ${learned[tested]} (${folds} folds).`,
  firstOnly: (folds: number) =>
    `Trained ${folds} times, each time tested on another fold. The sizes of training and validation, and the curves, are those of the first; the test is all folds together.`
}
