const SHOWN_CHARACTERS = 40

/** Control characters, line separators and direction overrides: they could rewrite a terminal or disguise a sentence. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text from a person's own files or folders made harmless: one line, well formed, nothing that steers a terminal. */
export function harmless(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\r\n]+/g, ' ')
    .replace(UNSAFE, '\ufffd')
}

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
