/** Throws when `condition` does not hold. For our own bugs only; a person's mistakes are `InputError`s. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${message}`)
}

/** Returns `value`, or throws when it is null or undefined. */
export function defined<T>(value: T | null | undefined, what: string): T {
  assert(value !== null && value !== undefined, `${what} is missing`)
  return value
}
