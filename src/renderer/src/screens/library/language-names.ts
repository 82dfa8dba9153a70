import { languageName } from '../../lib/format.ts'

/** More languages than this are counted, not listed. */
const LISTED = 4

/** Languages by their names, as a person reads them; the first few of many. */
export function languageNames(codes: readonly string[]): readonly string[] {
  const names = codes.map(languageName)
  return names.length <= LISTED ? names : [...names.slice(0, LISTED - 1), `+${names.length - LISTED + 1}`]
}
