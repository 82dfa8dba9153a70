const SHOWN_CHARACTERS = 40

/** Control characters, line separators and direction overrides: they could rewrite the terminal or disguise the sentence. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text from a person's own files or folders made harmless: one line, well formed, nothing that steers a terminal. */
export function harmless(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\r\n]+/g, ' ')
    .replace(UNSAFE, '\ufffd')
}

/** A name or label from a person's file for use in a sentence: quoted, harmless, at most 40 characters of it. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 2).toWellFormed())
  const cut = characters.length > SHOWN_CHARACTERS
  return `'${harmless(characters.slice(0, SHOWN_CHARACTERS).join(''))}${cut ? '…' : ''}'`
}

/** The first `limit` names, quoted and joined, and how many are left out. */
export function shownList(names: readonly string[], limit = 5): string {
  const left = names.length - limit
  const list = names.slice(0, limit).map(shown).join(', ')
  return left > 0 ? `${list} and ${left} more` : list
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], limit = 4): string {
  const left = names.length - limit
  if (left > 0) return `${names.slice(0, limit).join(', ')} and ${left} more`
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

/** `1 row`, `2 rows`, `1,200 rows`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? singular : plural}`
}

/** A size limit in the largest unit that divides it: `16 MiB`, `64 KiB`, `100 characters`. */
export function sizeOf(length: number): string {
  if (length >= 2 ** 20 && length % 2 ** 20 === 0) return `${length / 2 ** 20} MiB`
  if (length >= 1024 && length % 1024 === 0) return `${length / 1024} KiB`
  return `${length} characters`
}
