const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d

export type JsonExcess = { readonly kind: 'deep' | 'many' } | { readonly kind: 'duplicate'; readonly key: string }

/** The index of the quote that ends the string opened at `start`, or the text's length when there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let first = end
    while (text.charCodeAt(first - 1) === backslash && first - 1 > start) first--
    if ((end - first) % 2 === 0) return end
  }
  return text.length
}

/** The string literal between `start` and `end` as a key, when a colon follows it. */
function keyAt(text: string, start: number, end: number): string | undefined {
  let next = end + 1
  while (text.charCodeAt(next) <= 0x20) next++
  if (text.charCodeAt(next) !== colon) return undefined
  const raw = text.slice(start + 1, end)
  if (!raw.includes('\\')) return raw
  try {
    return String(JSON.parse(`"${raw}"`))
  } catch {
    return raw
  }
}

/**
 * Looks over JSON text before it is parsed, for what `JSON.parse` would accept without a word: a key given twice in one object, nesting
 * beyond `depth`, more than `commas` separators (which bounds members and array items together). Text that is not JSON gives any answer.
 */
export function findJsonExcess(
  text: string,
  limits: { readonly depth: number; readonly commas: number }
): JsonExcess | undefined {
  const open: (Set<string> | undefined)[] = []
  let commas = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === comma && ++commas > limits.commas) return { kind: 'many' }
    else if (char === openBrace || char === openBracket) {
      if (open.push(char === openBrace ? new Set() : undefined) > limits.depth) return { kind: 'deep' }
    } else if (char === closeBrace || char === closeBracket) open.pop()
    else if (char === quote) {
      const end = endOfString(text, i)
      const keys = open.at(-1)
      const key = keys === undefined ? undefined : keyAt(text, i, end)
      if (key !== undefined && keys?.has(key)) return { kind: 'duplicate', key }
      if (key !== undefined) keys?.add(key)
      i = end
    }
  }
  return undefined
}
