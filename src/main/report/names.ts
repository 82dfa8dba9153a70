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

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], limit = 4): string {
  const left = names.length - limit
  if (left > 0) return `${names.slice(0, limit).join(', ')} and ${left} more`
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}
