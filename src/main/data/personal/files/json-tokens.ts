/** A value of a line of JSON that may hold text. */
export interface JsonToken {
  readonly start: number
  readonly end: number
  /** Decoded. */
  readonly text: string
  /** The key of the outermost object below which it stands. */
  readonly key: string
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]/gu

/**
 * The strings and numbers of a line of JSON with where they stand, keys left out: so they can be replaced with all else, the writing of numbers
 * too, as it was. The line must be valid JSON.
 */
export function jsonTokens(line: string): readonly JsonToken[] {
  const tokens: JsonToken[] = []
  const open: string[] = []
  let [key, pending] = ['', null as { start: number; end: number; text: string } | null]
  const settle = (): void => {
    if (pending) tokens.push({ ...pending, key })
    pending = null
  }
  for (const { 0: token, index } of line.matchAll(TOKEN)) {
    if (token === ':') {
      if (open.length === 1 && pending) key = pending.text
      pending = null
      continue
    }
    settle()
    if (token === '{' || token === '[') open.push(token)
    else if (token === '}' || token === ']') open.pop()
    else if (token.startsWith('"')) pending = { start: index, end: index + token.length, text: String(JSON.parse(token)) }
    else if (token !== ',') pending = { start: index, end: index + token.length, text: token }
  }
  settle()
  return tokens
}
