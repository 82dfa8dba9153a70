import { allOps } from '../ops/index.ts'
import type { OpDefinition } from '../define-op.ts'
import type { Attributes, Dim, Graph, Node, Value } from '../types.ts'
import { tokenBlocks } from '../shapes.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { floatOf } from './float-of.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'

/**
 * Most rows of a product that one thread works on at once. The library goes through all of a thread's rows for every panel of 128 × 128 numbers of the other
 * matrix: 512 bytes of each row of both A and Y, which should still lie in the cache of a core (512 KiB and more) when the next panel comes.
 */
const mostRows = 512

/** With fewer rows, the work of packing the other matrix once for each block begins to count. */
const fewestRows = 256

/**
 * Into how many blocks of rows a product is cut so that each of `threads` gets whole ones of a good size: 1 where the library divides it well by itself (a
 * product with more columns than rows it divides by columns, so that each thread goes through all rows), or where the rows cannot be divided so.
 */
export function blocksOf(rows: number, columns: number, threads: number): number {
  const each = columns > rows ? rows : rows / threads
  return each <= mostRows ? 1 : evenBlocks(rows, threads)
}

/** Most tokens of a thread at which nothing is gained by cutting: what a layer reads and writes still lies in the last cache. */
const mostTokens = 1024

/** The narrowest matrix for which tokens are cut: an adapter's low rank takes too little time. */
const narrowest = 256

/** The sizes of a batch and, for products over its tokens, into how many blocks they are cut (1 where that brings nothing or they do not divide) and of how many. */
export function withTokenBlocks(sizes: Readonly<Record<string, number>>, threads: number): Readonly<Record<string, number>> {
  const { tokens } = sizes
  if (tokens === undefined) return sizes
  const blocks = tokens / threads <= mostTokens ? 1 : evenBlocks(tokens, threads)
  return { ...sizes, [tokenBlocks[0]]: blocks, [tokenBlocks[1]]: tokens / blocks }
}

function evenBlocks(rows: number, threads: number): number {
  for (let blocks = threads; rows / blocks >= fewestRows; blocks += threads)
    if (rows % blocks === 0 && rows / blocks <= mostRows) return blocks
  return 1
}

/** A product's rows, and the two axes that they become. */
interface Rows {
  readonly count: Dim
  readonly cut: readonly [Dim, Dim]
}

const isPlain = ({ transA }: Attributes): boolean => transA !== 1

/** What a product multiplies by beside its matrices. */
export const alphaOf = ({ alpha }: Attributes): number => (alpha === undefined ? 1 : floatOf(alpha))

/** Whether a product goes over tokens with a matrix that is worth it, the first operand as it stands. */
export function isOverTokens({ inputs: [a, b], attributes }: Node): boolean {
  const [count, inner] = a?.shape ?? []
  const isWide = b?.shape.length === 2 && b.shape.every((dim) => typeof dim === 'number' && dim >= narrowest)
  return count === 'tokens' && typeof inner === 'number' && isWide && isPlain(attributes)
}

/** The rows of a product that is worth cutting; null for any other. What has a third operand is left as it is: its sums would begin elsewhere. */
function rowsOf(node: Node, threads: number): Rows | null {
  const { inputs, attributes } = node
  const [a, b, c] = inputs
  const [count] = a?.shape ?? []
  const columns = b?.shape.at(attributes['transB'] === 1 ? 0 : 1)
  if (!a || !b || c || a.shape.length !== 2 || b.shape.length !== 2 || !isPlain(attributes)) return null
  if (isOverTokens(node)) return { count: 'tokens', cut: tokenBlocks }
  if (typeof count !== 'number' || typeof columns !== 'number') return null
  const blocks = blocksOf(count, columns, threads)
  return blocks > 1 ? { count, cut: [blocks, count / blocks] } : null
}

/**
 * The same graph with products of many rows (the gradient of a wide layer's weights) cut into blocks of rows: [m, k] · [k, n] as [b, m/b, k] · [1, 1, k, n].
 * The other matrix has more axes than the first, since the library would put the blocks together again otherwise. Each number of the result is the same
 * sum in the same order, so that not a bit changes. An output that is such a product has the shape [1, b, m/b, n]: nothing has to be copied.
 * How many blocks tokens are cut into is known with a batch (`withTokenBlocks`).
 */
export function blockProducts(graph: Graph, threads: number): Graph {
  const places = new Map(graph.nodes.map((node, index) => [node, index]))
  const placeOf = (value: Value | null | undefined): number =>
    value?.source.kind === 'node' ? (places.get(value.source.node) ?? 0) : -1
  const outputs = new Set(graph.outputs.values())
  /** Tokens in blocks would leave an output in another shape, or copied. */
  const cutOf = (node: Node): Rows | null => {
    const rows = isProduct(node.op) ? rowsOf(node, threads) : null
    return rows?.count === 'tokens' && node.outputs.some((value) => outputs.has(value)) ? null : rows
  }
  /** First operands in blocks: a layer's projections read the same. */
  const lefts = new Map<string, Value>()
  const product: Lowering = (g, node, inputs) => {
    const rows = cutOf(node)
    const [a, b] = inputs
    if (!rows || !a || !b) return g.apply(node.op, inputs, node.attributes)
    const cutLeft = (): Value => {
      const key = `${a.name} ${rows.cut.join()}`
      const cut = lefts.get(key) ?? g.reshape(a, [...rows.cut, a.shape[1] ?? 1])
      lefts.set(key, cut)
      return cut
    }
    const liftRight = (): Value => {
      const shape = [1, 1, ...b.shape]
      const isStored = b.source.kind === 'weight' && b.dtype === 'float32'
      return isStored ? g.weightAs(b.source.tensor, shape) : g.reshape(b, shape)
    }
    // What the runtime makes first depends on what stands later in the file (runtime-order.ts): as before.
    const isLeftFirst = placeOf(node.inputs[0]) < placeOf(node.inputs[1])
    const early = isLeftFirst ? cutLeft() : liftRight()
    const late = isLeftFirst ? liftRight() : cutLeft()
    const [left, right] = isLeftFirst ? [early, late] : [late, early]
    const made = g.fusedMatMul(left, right, { transB: node.attributes['transB'] === 1, alpha: alphaOf(node.attributes) })
    return [g.reshape(made, [rows.count, made.shape.at(-1) ?? 1])]
  }
  if (!graph.nodes.some(cutOf)) return graph
  const cut = rebuildGraph(graph, (op) => (isProduct(op) ? product : undefined))
  return eliminateDead({ nodes: cut.nodes, outputs: new Map([...cut.outputs].map(([name, value]) => [name, uncopied(value)])) })
}

const isProduct = ({ type }: Pick<OpDefinition, 'type'>): boolean => type === allOps.Gemm.type || type === allOps.MatMul.type

/** What a product cut into blocks was before it was put into its shape: an output of another shape would be a copy. */
function uncopied(value: Value): Value {
  const { source } = value
  if (source.kind !== 'node' || source.node.op.type !== 'Reshape') return value
  const [cut] = source.node.inputs
  const isCut = cut?.source.kind === 'node' && cut.source.node.op.type === 'FusedMatMul' && cut.shape.length === 4
  return isCut && cut.shape[0] === 1 ? cut : value
}
