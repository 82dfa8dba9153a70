/** A number as people write it in a cell, with a decimal point. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** The value of a cell that is exactly one number (no thousands separators, no units), or `null`. */
export function numberOf(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null
}

function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Digits of any length by value. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, '')
  const right = b.replace(/^0+/, '')
  return left.length - right.length || compareUnits(left, right)
}

const RUNS = /\d+|\D+/g

function compareText(a: string, b: string): number {
  const left = a.match(RUNS) ?? []
  const right = b.match(RUNS) ?? []
  for (const [i, one] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    const isDigits = /^\d/.test(one)
    const order = isDigits && /^\d/.test(other) ? compareDigits(one, other) : compareUnits(one, other)
    if (order !== 0) return order
  }
  return left.length - right.length || compareUnits(a, b)
}

/**
 * Order of class names, the same on every machine (no locale): numbers first, by value; then text by UTF-16 code units with runs
 * of digits compared as numbers, so that `grade 2` comes before `grade 10`.
 */
export function compareLabels(a: string, b: string): number {
  const left = numberOf(a)
  const right = numberOf(b)
  if (left !== null && right !== null) return left - right || compareUnits(a, b)
  if (left !== null || right !== null) return left !== null ? -1 : 1
  return compareText(a, b)
}
