import { words } from './words/index.ts'

/** The words of a cell that holds answers as SQuAD has them; null where it is no such list, or was cut for the page. */
export function answersIn(cell: string): string | null {
  let json: unknown
  try {
    json = JSON.parse(cell)
  } catch {
    return null
  }
  const given: unknown = Array.isArray(json) ? json.map(textOf) : textOf(json)
  if (!Array.isArray(given) || !given.every((each) => typeof each === 'string')) return null
  // People who answered alike are one answer.
  return given.length === 0 ? words.asking.noAnswer : [...new Set(given)].join(' · ')
}

function textOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'text' in value ? value.text : undefined
}
