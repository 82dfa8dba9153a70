import { InputError } from '../base/errors.ts'
import { isPurpose, purposes, type Purpose } from '../base/licence/purpose.ts'
import { shown } from '../base/wording.ts'

/** What `--purpose` says; nothing was said where it was left out. @throws InputError for a purpose that there is not */
export function purposeOf(values: ReadonlyMap<string, string>): Purpose {
  const named = values.get('purpose')
  if (named === undefined) return 'unsaid'
  if (isPurpose(named) && named !== 'unsaid') return named
  const known = purposes.filter((each) => each !== 'unsaid').join(', ')
  throw new InputError('usage', `--purpose cannot be ${shown(named)}. It is one of ${known}.`)
}
