import { countUp } from '../range-op.ts'
import type { Ops } from '../operations.ts'
import { productOf } from '../shapes.ts'
import type { Dim, Graph, Node, Value } from '../types.ts'
import { isHeadsFirst } from './fold-projection.ts'
import { rebuildGraph } from './rebuild.ts'

/** What changes places when attention lays its heads apart or together: [rows, first, second, width] becomes [rows, second, first, width]. */
interface Turn {
  readonly rows: Dim
  readonly first: Dim
  readonly second: Dim
  readonly width: number
}

/**
 * The same graph with attention's heads laid apart and together by Gather, a piece of memory as wide as a head at a time, on all threads: the library's Transpose
 * takes twice the time for it, on one. Only the order changes, no number. In which order the pieces stand is worked out once a run.
 */
export function gatherHeads(graph: Graph): Graph {
  if (!graph.nodes.some(turnIn)) return graph
  const orders = new Map<string, Value>()
  return rebuildGraph(graph, () => (g, node, inputs) => {
    const turn = turnIn(node)
    const [x] = inputs
    if (!turn || !x) return g.apply(node.op, inputs, node.attributes)
    const { rows, first, second, width } = turn
    const key = `${first} ${second}`
    const order = orders.get(key) ?? g.within('heads', () => turned(g, first, second))
    orders.set(key, order)
    const pieces = g.gather(g.reshape(x, [rows, productOf([first, second]), width]), order, 1)
    return [g.reshape(pieces, [rows, second, first, width])]
  })
}

/** Where the piece (i, j) of [second, first] stands among those of [first, second]. */
const turned = (g: Ops, first: Dim, second: Dim): Value => {
  const count = productOf([first, second])
  return g.reshape(g.transpose(g.reshape(countUp(g, count), [first, second]), [1, 0]), [count])
}

/** The turn that a node makes; null for any other node. One of the two axes is the heads, whose number is known. */
function turnIn(node: Node): Turn | null {
  const [x] = node.inputs
  if (node.op.type !== 'Transpose' || !isHeadsFirst(node) || x?.dtype !== 'float32') return null
  const [rows, first, second, width] = x.shape
  const isOfHeads = (typeof first === 'number') !== (typeof second === 'number')
  return rows !== undefined && first !== undefined && second !== undefined && typeof width === 'number' && isOfHeads
    ? { rows, first, second, width }
    : null
}
