import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'

/** What `--folds` says; undefined where it was left out. @throws InputError for anything but a whole number from 2 to 20 */
export function foldsOf(values: ReadonlyMap<string, string>): number | undefined {
  const named = values.get('folds')
  if (named === undefined) return undefined
  const folds = Number(named)
  if (Number.isInteger(folds) && folds >= 2 && folds <= 20) return folds
  throw new InputError('usage', `--folds cannot be ${shown(named)}. It is a whole number from 2 to 20.`)
}
