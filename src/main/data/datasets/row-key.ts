import { hash } from 'node:crypto'
import { normalised } from '../duplicates.ts'

/** A key that two rows share only where a reader would call their texts (and pairs) the same. */
export function keyOf(text: string, pair: string): string {
  const first = normalised(text)
  return hash('sha256', `${first.length} ${first} ${normalised(pair)}`, 'base64')
}
