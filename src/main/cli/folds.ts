import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'

export const foldsFlag = {
  value: 'N',
  help: 'Trains N times, each time tested on another fold of the rows, and reports all answers together; stands for data.folds.'
}

export const curveFlag = {
  help: 'Trains three times more, on an eighth, a quarter and a half of the training rows, and says whether twice the labels would likely help; stands for data.learning_curve.'
}

/** What `--folds` says; undefined where it was left out. @throws InputError for anything but a whole number from 2 to 20 */
export function foldsOf(values: ReadonlyMap<string, string>): number | undefined {
  const named = values.get('folds')
  if (named === undefined) return undefined
  const folds = Number(named)
  if (Number.isInteger(folds) && folds >= 2 && folds <= 20) return folds
  throw new InputError('usage', `--folds cannot be ${shown(named)}. It is a whole number from 2 to 20.`)
}
