import { shown } from '../base/wording.ts'
import type { DecimalShape, Shape } from '../base/options.ts'

const units: readonly (readonly [string, number])[] = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['KB', 1e3],
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['B', 1]
]

/** What a size in words looks like, as a regular expression that JSON Schema understands too. */
export const byteSizePattern = '^\\s*(\\d{1,15}(?:\\.\\d{1,15})?) ?((?:[KkMmGgTt][Ii]?)?[Bb])\\s*$'

/** Bytes from `4 GB`, `512 MiB` or `1024 B`; null when the text is no such size. */
export function parseBytes(written: string): number | null {
  const [, number, name] = new RegExp(byteSizePattern).exec(written) ?? []
  const unit = units.find(([each]) => each.toLowerCase() === name?.toLowerCase())
  return unit ? Math.round(Number(number) * unit[1]) : null
}

/** Bytes in the largest unit that needs no decimals. */
export function bytesText(count: number): string {
  const [name, size] = units.toSorted((a, b) => b[1] - a[1]).find(([, size]) => count >= size && count % size === 0) ?? ['B', 1]
  return `${count / size} ${name}`
}

/** A bound for use in a sentence: `1 million` where it is that round. */
function numberText(value: number): string {
  return Math.abs(value) >= 1e6 && value % 1e6 === 0 && value < 1e9 ? `${value / 1e6} million` : String(value)
}

/** What a value of this shape looks like, to follow "must be": `a whole number from 1 to 512`. */
export function describe(shape: Shape): string {
  switch (shape.kind) {
    case 'integer':
      return `a whole number ${integerRange(shape.min, shape.max)}`
    case 'decimal':
      return `a number ${decimalRange(shape)}`.trimEnd()
    case 'flag':
      return 'true or false'
    case 'choice':
      return shape.values.length === 1 ? quoted(shape.values[0] ?? '') : `one of ${shape.values.map(quoted).join(', ')}`
    case 'text':
      return { plain: 'a text', path: 'a path', pattern: 'a regular expression' }[shape.format]
    case 'bytes':
      return shape.min > 0 ? `a size of at least ${bytesText(shape.min)}, such as 4 GB` : 'a size such as 4 GB'
    case 'null':
      return 'null'
    case 'list':
      return `a list${shape.min > 0 ? ` of ${shape.min} or more` : ''}, each ${describe(shape.item)}`
    case 'map':
      return `a map from ${shape.keys} to ${describe(shape.value)}`
    case 'group':
      return `a map with the keys ${Object.keys(shape.fields).join(', ')}`
    case 'either':
      return shape.of.map(describe).join(', or ')
    case 'variants':
      return `a map with the key ${shape.tag} and those that belong to it`
  }
}

/** A choice's value as it is written in YAML; punctuation is quoted so that it can be seen. */
const quoted = (value: string): string => (/^[\w-]+$/.test(value) ? value : JSON.stringify(value))

function integerRange(min: number, max: number): string {
  return max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${numberText(max)}`
}

function decimalRange({ min, max, aboveMin, belowMax }: DecimalShape): string {
  if (max === Infinity) return aboveMin ? `above ${min}` : `of at least ${min}`
  const end = numberText(max)
  if (aboveMin) return belowMax ? `above ${min} and below ${end}` : `above ${min} and at most ${end}`
  return belowMax ? `of at least ${min} and below ${end}` : `from ${min} to ${end}`
}

/** A value from run.yaml for use in a sentence, to follow "is". */
export function shownValue(value: unknown): string {
  if (value === null) return 'empty (null)'
  if (typeof value === 'string') return value === '' ? 'an empty text' : shown(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a map of keys'
}
