const SHOWN_CHARACTERS = 40

/** Control characters, line separators and direction overrides: they could rewrite the terminal or disguise the sentence. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A name or label from a person's file for use in a sentence: quoted, harmless, at most 40 characters of it. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 2).toWellFormed())
  const cut = characters.length > SHOWN_CHARACTERS
  const visible = (cut ? characters.slice(0, SHOWN_CHARACTERS) : characters).join('').replace(UNSAFE, '\ufffd')
  return `'${visible}${cut ? '…' : ''}'`
}

/** The first `limit` names, quoted and joined, and how many are left out. */
export function shownList(names: readonly string[], limit = 5): string {
  const left = names.length - limit
  const list = names.slice(0, limit).map(shown).join(', ')
  return left > 0 ? `${list} and ${left} more` : list
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

/** Number of single-character edits between two strings (Levenshtein). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    above = row
  }
  return above[b.length] ?? 0
}

const plain = (name: string): string =>
  name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[\s_-]+/g, '')

/** The name most like `wanted`, ignoring case, spaces and underscores, or `null` when none is close. */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  const target = plain(wanted)
  let best: { readonly name: string; readonly distance: number } | null = null
  for (const name of names) {
    const candidate = plain(name)
    const contains = candidate !== '' && target !== '' && (candidate.includes(target) || target.includes(candidate))
    const distance = contains ? Math.min(1, editDistance(target, candidate)) : editDistance(target, candidate)
    if (distance <= Math.max(1, Math.floor(target.length / 3)) && (best === null || distance < best.distance))
      best = { name, distance }
  }
  return best?.name ?? null
}
