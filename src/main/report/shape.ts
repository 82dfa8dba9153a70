/** Checks one value of a parsed JSON file: returns where and how it is wrong (`.rows must be a number`), or null when it is right. */
export type Check = (value: unknown) => string | null

/** A check that was written for every field of `T`, so that a new field of the type does not compile without its check. */
export type ChecksOf<T> = { readonly [K in keyof T]-?: Check }

const rule =
  (what: string, holds: (value: unknown) => boolean): Check =>
  (value) =>
    holds(value) ? null : ` must be ${what}`

export const text = rule('text', (value) => typeof value === 'string')
export const number = rule('a number', (value) => typeof value === 'number' && Number.isFinite(value))
export const count = rule('a whole number, 0 or more', (value) => Number.isSafeInteger(value) && Number(value) >= 0)
export const truth = rule('true or false', (value) => typeof value === 'boolean')
export const setting = rule('text, a number, true, false or null', (value) => value === null || isPlain(value))

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

export const oneOf = (...values: readonly (string | number)[]): Check =>
  rule(`one of ${values.join(', ')}`, (value) => values.some((each) => each === value))

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value)

/** What older files lack. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value)

/** One value, or a list of such. */
export const orList =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) ? list(check)(value) : check(value)

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The first fault among `fields`, with its key before it. */
function firstFault(fields: Iterable<readonly [string, Check, unknown]>): string | null {
  for (const [key, check, value] of fields) {
    const fault = check(value)
    if (fault !== null) return `${key}${fault}`
  }
  return null
}

/** An object with these fields; others are ignored, so that a newer report can still be read. */
export const object =
  <T>(checks: ChecksOf<T>): Check =>
  (value) =>
    isRecord(value)
      ? firstFault(Object.entries<Check>(checks).map(([key, check]) => [`.${key}`, check, value[key]]))
      : ' must be an object'

export const record =
  (check: Check): Check =>
  (value) =>
    isRecord(value) ? firstFault(Object.entries(value).map(([key, each]) => [`.${key}`, check, each])) : ' must be an object'

export const list =
  (check: Check, length?: number): Check =>
  (value) => {
    if (!Array.isArray(value)) return ' must be a list'
    if (length !== undefined && value.length !== length) return ` must have ${length} entries`
    return firstFault(value.map((each, i) => [`[${i}]`, check, each]))
  }
