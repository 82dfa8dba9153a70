import type { DecimalShape, Fields, Option, Shape } from '../base/options.ts'
import { parseBytes } from './describe.ts'

export type Path = readonly (string | number)[]

/** One thing that a declaration does not allow. */
export type Problem =
  | { readonly reason: 'unknown'; readonly path: Path; readonly keys: readonly string[] }
  | { readonly reason: 'missing'; readonly path: Path; readonly option: Option<unknown> }
  | { readonly reason: 'value'; readonly path: Path; readonly shape: Shape; readonly value: unknown }
  | { readonly reason: 'repeated'; readonly path: Path; readonly value: unknown }

interface Reader {
  readonly problems: Problem[]
}

/** A value as declared, with every default filled in; and all that is wrong with it, where `value` is then not to be used. */
export function readOption<T>(option: Option<T>, raw: unknown): { readonly value: T; readonly problems: readonly Problem[] } {
  const reader: Reader = { problems: [] }
  // The shape is what the builder of Option<T> made of T, and readShape returns what the shape describes.
  const value = readShape(reader, option.shape, raw, []) as T
  return { value, problems: reader.problems }
}

function readShape(reader: Reader, shape: Shape, raw: unknown, path: Path): unknown {
  switch (shape.kind) {
    case 'list':
      return readList(reader, shape, raw, path)
    case 'map':
      return readMap(reader, shape, raw, path)
    case 'group':
      return isMap(raw) ? readFields(reader, shape.fields, raw, path, []) : refuse(reader, shape, raw, path)
    case 'either':
      return readEither(reader, shape, raw, path)
    case 'variants':
      return readVariants(reader, shape, raw, path)
    case 'bytes': {
      const count = typeof raw === 'string' ? parseBytes(raw) : raw
      return isWhole(count, shape.min, shape.max) ? count : refuse(reader, shape, raw, path)
    }
    default:
      return isScalar(shape, raw) ? raw : refuse(reader, shape, raw, path)
  }
}

type ScalarShape = Extract<Shape, { readonly kind: 'integer' | 'decimal' | 'flag' | 'choice' | 'text' | 'null' }>

function isScalar(shape: ScalarShape, raw: unknown): boolean {
  switch (shape.kind) {
    case 'integer':
      return isWhole(raw, shape.min, shape.max)
    case 'decimal':
      return typeof raw === 'number' && isWithin(raw, shape)
    case 'flag':
      return typeof raw === 'boolean'
    case 'choice':
      return typeof raw === 'string' && shape.values.includes(raw)
    case 'text':
      return typeof raw === 'string' && isText(raw, shape)
    case 'null':
      return raw === null
  }
}

const isWhole = (raw: unknown, min: number, max: number): boolean =>
  Number.isSafeInteger(raw) && Number(raw) >= min && Number(raw) <= max

function isWithin(value: number, { min, max, aboveMin, belowMax }: DecimalShape): boolean {
  return Number.isFinite(value) && (aboveMin ? value > min : value >= min) && (belowMax ? value < max : value <= max)
}

function isText(value: string, { format, maxLength }: Extract<Shape, { readonly kind: 'text' }>): boolean {
  if (value.trim() === '' && format !== 'plain') return false
  if (value === '' || value.length > maxLength || value.includes('\0')) return false
  return format !== 'pattern' || isPattern(value)
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source)
    return true
  } catch {
    return false
  }
}

const isMap = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw)

function refuse(reader: Reader, shape: Shape, value: unknown, path: Path): undefined {
  reader.problems.push({ reason: 'value', path, shape, value })
}

function readFields(
  reader: Reader,
  fields: Fields,
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  also: readonly string[]
): object {
  for (const key of Object.keys(raw)) {
    if (Object.hasOwn(fields, key) || also.includes(key)) continue
    reader.problems.push({ reason: 'unknown', path: [...path, key], keys: [...also, ...Object.keys(fields)] })
  }
  const values: Record<string, unknown> = {}
  for (const [key, option] of Object.entries(fields)) {
    const at = [...path, key]
    if (Object.hasOwn(raw, key)) values[key] = readShape(reader, option.shape, raw[key], at)
    else if (option.fallback) values[key] = readShape(reader, option.shape, option.fallback.value, at)
    else reader.problems.push({ reason: 'missing', path: at, option })
  }
  return values
}

function readVariants(reader: Reader, shape: Extract<Shape, { readonly kind: 'variants' }>, raw: unknown, path: Path): unknown {
  if (!isMap(raw)) return refuse(reader, shape, raw, path)
  const { tag, of } = shape
  const tagShape: Shape = { kind: 'choice', values: Object.keys(of) }
  const name = raw[tag]
  if (!Object.hasOwn(raw, tag)) {
    const help = `It decides which other keys there are: ${Object.keys(of).join(', ')}.`
    reader.problems.push({ reason: 'missing', path: [...path, tag], option: { shape: tagShape, help } })
    return undefined
  }
  const fields = typeof name === 'string' && Object.hasOwn(of, name) ? of[name] : undefined
  if (!fields) return refuse(reader, tagShape, name, [...path, tag])
  return { [tag]: name, ...readFields(reader, fields, raw, path, [tag]) }
}

function readList(reader: Reader, shape: Extract<Shape, { readonly kind: 'list' }>, raw: unknown, path: Path): unknown {
  if (!Array.isArray(raw) || raw.length < shape.min || raw.length > shape.max) return refuse(reader, shape, raw, path)
  const values = raw.map((item: unknown, index) => readShape(reader, shape.item, item, [...path, index]))
  const repeated = shape.unique ? values.findIndex((value, index) => values.indexOf(value) < index) : -1
  if (repeated >= 0) reader.problems.push({ reason: 'repeated', path: [...path, repeated], value: values[repeated] })
  return values
}

function readMap(reader: Reader, shape: Extract<Shape, { readonly kind: 'map' }>, raw: unknown, path: Path): unknown {
  if (!isMap(raw) || Object.keys(raw).length === 0) return refuse(reader, shape, raw, path)
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [key, readShape(reader, shape.value, value, [...path, key])] as const)
  )
}

/** The first alternative that fits. Where none does, what is wrong inside the one that was meant (a map, a list), if one was. */
function readEither(reader: Reader, shape: Extract<Shape, { readonly kind: 'either' }>, raw: unknown, path: Path): unknown {
  let meant: readonly Problem[] | undefined
  for (const alternative of shape.of) {
    const attempt: Reader = { problems: [] }
    const value = readShape(attempt, alternative, raw, path)
    if (attempt.problems.length === 0) return value
    if (attempt.problems.every((problem) => problem.path.length > path.length)) meant ??= attempt.problems
  }
  if (!meant) return refuse(reader, shape, raw, path)
  reader.problems.push(...meant)
  return undefined
}
