import { harmless } from '../base/wording.ts'

const SHOWN_CHARACTERS = 40

/** A class's name for a table: harmless, at most `limit` characters of it, and never nothing. */
export function className(name: string, limit = SHOWN_CHARACTERS): string {
  const characters = Array.from(harmless(name).trim())
  if (characters.length === 0) return '(empty)'
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : characters.join('')
}

/** A class's name inside a sentence. */
export function quoted(name: string): string {
  return `'${className(name)}'`
}
