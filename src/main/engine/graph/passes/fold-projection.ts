import type { Ops } from '../operations.ts'
import type { Dim, Node, Value } from '../types.ts'
import { floatOf } from './float-of.ts'

/** alpha · Y·Wᵀ with Y [tokens, in] and W [out, in], or a vector [out] that each token gets; in both, each column times `columns`. */
type Term = { readonly columns: readonly Value[] } & (
  { readonly rows: Value; readonly weight: Value; readonly alpha: number } | { readonly vector: Value }
)

/**
 * Keys or values of which each row is read once a head, so that they need not be worked out: what reads them is moved to the other side of the projection
 * P = Σ alpha · Y·Wᵀ + b, at a cost of two products a row instead of one for each of its tokens.
 */
export interface Projection {
  /** factor · q·Pᵀ = factor · (q·W)·Yᵀ + factor · q·b, [rows, heads, time], from q [rows, heads, width of a head]. */
  readonly scores: (g: Ops, queries: Value, factor: number) => Value
  /** w·P = (w·Y)·Wᵀ + (Σ w)·b, [rows, heads, width of a head], from w [rows, heads, time]. */
  readonly sums: (g: Ops, weights: Value) => Value
}

/** The projection whose heads `split`, [rows, heads, time, width of a head], holds as `blocks/attention.ts` makes them; null where something else is in between. */
export function projectionOf(split: Value): Projection | null {
  const turned = made(split, 'Transpose')
  const whole = turned && isHeadsFirst(turned) ? made(turned.inputs[0], 'Reshape')?.inputs[0] : null
  const terms = whole && termsOf(whole, [])
  const [rows = 0, heads = 0, time = 0, headWidth = 0] = split.shape
  if (!terms) return null
  const byHead = (g: Ops, value: Value): Value => g.reshape(value, [heads, headWidth, ...value.shape.slice(1)])
  const byRow = (g: Ops, value: Value): Value => g.reshape(value, [rows, time, ...value.shape.slice(1)])
  const scaled = (g: Ops, value: Value, columns: readonly Value[]): Value =>
    columns.reduce((product, each) => g.mul(product, byHead(g, each)), value)
  return {
    scores: (g, queries, factor) =>
      sum(g, terms, (term) => {
        const query = scaled(g, queries, term.columns)
        if ('vector' in term) return g.scale(g.reduceSum(g.mul(query, byHead(g, term.vector)), [2], true), factor)
        const read = g.fusedMatMul(swap(g, query), byHead(g, term.weight), { alpha: term.alpha * factor })
        return g.fusedMatMul(swap(g, read), byRow(g, term.rows), { transB: true })
      }),
    sums: (g, weights) =>
      sum(g, terms, (term) => {
        if ('vector' in term) return scaled(g, g.mul(g.reduceSum(weights, [2], true), byHead(g, term.vector)), term.columns)
        const read = g.matMul(weights, byRow(g, term.rows))
        const product = g.fusedMatMul(swap(g, read), byHead(g, term.weight), { transB: true, alpha: term.alpha })
        return scaled(g, swap(g, product), term.columns)
      })
  }
}

/** What `value`, [tokens, out], is the sum of; null where it is not made of products with weights, vectors and their sums alone. */
function termsOf(value: Value, columns: readonly Value[]): readonly Term[] | null {
  const node = value.source.kind === 'node' ? value.source.node : null
  const isVector = (each: Value): boolean => each.shape.length === 1 && each.shape[0] === value.shape[1]
  const all = (parts: readonly (Value | null | undefined)[]): readonly Term[] | null => {
    const found = parts.map((each) => (each ? (isVector(each) ? [{ vector: each, columns }] : termsOf(each, columns)) : []))
    return found.every((each) => each !== null) ? found.flat() : null
  }
  switch (node?.op.type) {
    case 'Gemm': {
      const [rows, weight, added] = node.inputs
      const { transA, transB, alpha, beta } = node.attributes
      const isProjection = transA === 0 && transB === 1 && floatOf(beta) === 1 && weight?.shape.every(isKnown) === true
      const rest = all([added])
      return rows && weight && isProjection && rest ? [{ rows, weight, alpha: floatOf(alpha), columns }, ...rest] : null
    }
    case 'Add':
      return all(node.inputs)
    case 'Mul': {
      const [a, b] = node.inputs
      if (a && b && isVector(b)) return termsOf(a, [...columns, b])
      return a && b && isVector(a) ? termsOf(b, [...columns, a]) : null
    }
    default:
      return null
  }
}

function sum(g: Ops, terms: readonly Term[], of: (term: Term) => Value): Value {
  const [first, ...others] = terms.map(of)
  if (!first) throw new Error('a projection has no term')
  return others.reduce((total, each) => g.add(total, each), first)
}

/** Swaps the first two of three axes. */
const swap = (g: Ops, value: Value): Value => g.transpose(value, [1, 0, 2])

export function made(value: Value | null | undefined, type: string): Node | null {
  return value?.source.kind === 'node' && value.source.node.op.type === type ? value.source.node : null
}

const isKnown = (dim: Dim): boolean => typeof dim === 'number'

export const isHeadsFirst = ({ attributes: { perm } }: Node): boolean => Array.isArray(perm) && perm.join() === '0,2,1,3'
