import { allOps } from '../ops/index.ts'
import type { OpDefinition } from '../define-op.ts'
import type { Attributes, Graph, Node, Value } from '../types.ts'
import { eliminateDead } from './eliminate-dead.ts'
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
  if (each <= mostRows) return 1
  for (let blocks = threads; rows / blocks >= fewestRows; blocks += threads)
    if (rows % blocks === 0 && rows / blocks <= mostRows) return blocks
  return 1
}

interface Rows {
  readonly count: number
  readonly blocks: number
}

const isPlain = ({ transA, alpha }: Attributes): boolean =>
  transA !== 1 && (alpha === undefined || (typeof alpha === 'object' && 'float' in alpha && alpha.float === 1))

/** The rows of a product that is worth cutting; null for any other. What has a third operand is left as it is: its sums would begin elsewhere. */
function rowsOf({ inputs, attributes }: Node, threads: number): Rows | null {
  const [a, b, c] = inputs
  const [count] = a?.shape ?? []
  const columns = b?.shape.at(attributes['transB'] === 1 ? 0 : 1)
  if (!a || !b || c || a.shape.length !== 2 || b.shape.length !== 2 || !isPlain(attributes)) return null
  if (typeof count !== 'number' || typeof columns !== 'number') return null
  const blocks = blocksOf(count, columns, threads)
  return blocks > 1 ? { count, blocks } : null
}

/**
 * The same graph with products of many rows (the gradient of a wide layer's weights) cut into blocks of rows: [m, k] · [k, n] as [b, m/b, k] · [1, 1, k, n].
 * The other matrix has more axes than the first, since the library would put the blocks together again otherwise. Each number of the result is the same
 * sum in the same order, so that not a bit changes. An output that is such a product has the shape [1, b, m/b, n]: nothing has to be copied.
 */
export function blockProducts(graph: Graph, threads: number): Graph {
  const places = new Map(graph.nodes.map((node, index) => [node, index]))
  const placeOf = (value: Value | null | undefined): number =>
    value?.source.kind === 'node' ? (places.get(value.source.node) ?? 0) : -1
  const product: Lowering = (g, node, inputs) => {
    const rows = rowsOf(node, threads)
    const [a, b] = inputs
    if (!rows || !a || !b) return g.apply(node.op, inputs, node.attributes)
    const { count, blocks } = rows
    const cutLeft = (): Value => g.reshape(a, [blocks, count / blocks, a.shape[1] ?? 1])
    const liftRight = (): Value => g.reshape(b, [1, 1, ...b.shape])
    // What the runtime makes first depends on what stands later in the file (runtime-order.ts): as before.
    const isLeftFirst = placeOf(node.inputs[0]) < placeOf(node.inputs[1])
    const early = isLeftFirst ? cutLeft() : liftRight()
    const late = isLeftFirst ? liftRight() : cutLeft()
    const [left, right] = isLeftFirst ? [early, late] : [late, early]
    const cut = g.fusedMatMul(left, right, { transB: node.attributes['transB'] === 1 })
    return [g.reshape(cut, [count, cut.shape.at(-1) ?? 1])]
  }
  if (!graph.nodes.some((node) => isProduct(node.op) && rowsOf(node, threads))) return graph
  const { nodes, outputs } = rebuildGraph(graph, (op) => (isProduct(op) ? product : undefined))
  return eliminateDead({ nodes, outputs: new Map([...outputs].map(([name, value]) => [name, uncopied(value)])) })
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
