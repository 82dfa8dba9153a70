import { GraphError } from '../../base/errors.ts'
import type { Dim, Shape } from './types.ts'

/** `tokens` cut into blocks (passes/block-products.ts): how many, and how many tokens each has. */
export const tokenBlocks = ['blocks', 'block'] as const

/** The factors of a dim: its names, sorted, and the product of its numbers. `rows*time*3` → (['rows','time'], 3). */
function factorsOf(dims: Shape): { names: string[]; number: number } {
  const names: string[] = []
  let number = 1
  for (const dim of dims) {
    if (typeof dim === 'number') number *= dim
    else {
      for (const factor of dim.split('*')) {
        if (factor === 'tokens') names.push('rows', 'time')
        else if (/^\d+$/.test(factor)) number *= Number(factor)
        else names.push(factor)
      }
    }
  }
  if (tokenBlocks.every((name) => names.includes(name))) {
    for (const name of tokenBlocks) names.splice(names.indexOf(name), 1)
    names.push('rows', 'time')
  }
  return { names: names.sort(), number }
}

/** Whether two shapes hold the same number of elements, with `tokens` = `rows`·`time`. */
export function sameSize(a: Shape, b: Shape): boolean {
  const left = factorsOf(a)
  const right = factorsOf(b)
  return left.number === right.number && left.names.join() === right.names.join()
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i])
}

/** The product of dims as one dim: a number where all are numbers, else names joined by `*` (rows·time becomes `tokens`). */
export function productOf(dims: Shape): Dim {
  const { names, number } = factorsOf(dims)
  if (names.length === 0) return number
  if (names.join() === 'rows,time' && number === 1) return 'tokens'
  return number === 1 ? names.join('*') : [...names, number].join('*')
}

/** The dim that `part` lacks to hold as many elements as `whole`, or undefined where `part` does not divide it. */
export function quotientOf(whole: Shape, part: Shape): Dim | undefined {
  const left = factorsOf(whole)
  const right = factorsOf(part)
  for (const name of right.names) {
    const at = left.names.indexOf(name)
    if (at < 0) return undefined
    left.names.splice(at, 1)
  }
  const number = left.number / right.number
  return Number.isInteger(number) ? productOf([...left.names, number]) : undefined
}

/** NumPy broadcasting over named dims. Throws a GraphError that shows both shapes. */
export function broadcast(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  const out: Dim[] = []
  for (let i = 0; i < rank; i++) {
    const left = a[a.length - rank + i] ?? 1
    const right = b[b.length - rank + i] ?? 1
    if (left !== right && left !== 1 && right !== 1) {
      throw new GraphError(
        `${op}: shapes [${a.join(',')}] and [${b.join(',')}] do not broadcast (axis ${i}: ${left} against ${right})`
      )
    }
    out.push(left === 1 ? right : left)
  }
  return out
}

/** Turns a possibly negative axis into one in [0, rank). */
export function axisOf(op: string, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis
  if (positive < 0 || positive >= rank) throw new GraphError(`${op}: axis ${axis} is outside rank ${rank}`)
  return positive
}

/** The dim at `axis` (negative counts from the end). */
export function dimAt(shape: Shape, axis: number): Dim {
  const dim = shape.at(axis)
  if (dim === undefined) throw new GraphError(`axis ${axis} is outside shape [${shape.join(',')}]`)
  return dim
}

/** The dim at `axis`, which must be a number. */
export function sizeAt(shape: Shape, axis: number): number {
  const dim = dimAt(shape, axis)
  if (typeof dim !== 'number') throw new GraphError(`axis ${axis} of [${shape.join(',')}] must be a number here`)
  return dim
}

/** Puts numbers in for names: sizes of one batch. */
export function bindShape(shape: Shape, sizes: Readonly<Record<string, number>>): number[] {
  const sizeOf = (term: string): number =>
    term.split('*').reduce((product, factor) => {
      const size = /^\d+$/.test(factor) ? Number(factor) : sizes[factor]
      if (size === undefined) throw new GraphError(`the batch does not say how large "${factor}" is`)
      return product * size
    }, 1)
  return shape.map((dim) => (typeof dim === 'number' ? dim : dim.split('+').reduce((sum, term) => sum + sizeOf(term), 0)))
}

/** A dim that Concat made of a number and a name, `8+time`, taken apart; undefined for any other. */
export function numberAndName(dim: Dim): { readonly number: number; readonly name: string } | undefined {
  const [, number, name] = /^(\d+)\+([^+]+)$/.exec(String(dim)) ?? []
  return number === undefined || name === undefined ? undefined : { number: Number(number), name }
}
