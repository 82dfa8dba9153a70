import { phiOf, reducedOf } from '../gelu-phi.ts'
import { recomputedScope } from '../scopes.ts'
import type { Graph, Node, Value } from '../types.ts'
import { Factors, Ways } from './factors.ts'
import { rebuildGraph } from './rebuild.ts'

/** The slope of a GELU, Φ(X) + X·φ(X), as autodiff/rules/gelu-parts.ts makes it. */
interface Slope {
  readonly X: Value
  /** Makes X / √2, the first of `nodes`. */
  readonly reduced: Node
  readonly phi: Value
  readonly slope: Value
  /** What comes between X and the slope. */
  readonly nodes: readonly Node[]
}

/**
 * The same graph with the slope of a GELU made in the forward pass where the backward pass needs nothing else of its input (the layers behind it are
 * frozen): the slope is kept in X's place, and GELU is X · Φ(X) with the slope's own Φ. The library's Gelu, which works Φ out once more, is not needed, and the
 * factors of X / √2 go into the products before and behind where they can. Equal memory; the last bits differ. Where X is made again for the backward pass
 * (autodiff/recomputation.ts), both are written so, too: the bits are those of a layer that is kept.
 */
export function geluOnce(graph: Graph): Graph {
  const ways = new Ways(graph)
  const factors = new Factors()
  const slopes = graph.nodes.flatMap((node) => slopeOf(graph, ways, node) ?? [])
  const kept = new Map<Node, Slope>()
  const plain = new Set<Node>()
  /** Makes X / √2 of an X that is that already. */
  const passed = new Set<Node>()
  for (const node of graph.nodes) {
    const [X] = node.inputs
    const [y] = node.outputs
    if (node.op.type !== 'Gelu' || !X || !y) continue
    const slope = slopes.find((each) => each.X === X) ?? slopes.find((each) => isAgain(each.X, X))
    const isKept = slope?.X === X
    if (!slope || ways.readersOf(X).length !== (isKept ? 2 : 1) || ways.readersOf(slope.X).length !== (isKept ? 2 : 1)) continue
    if (isKept) kept.set(node, slope)
    else plain.add(node)
    const before = ways.before(X, isKept ? 2 : 1)
    const again = isKept ? [] : ways.before(slope.X)
    const behind = ways.behind(y)
    if (!before || !again || !behind) continue
    factors.add([...before, ...again], Math.SQRT1_2)
    factors.add(behind, Math.SQRT2)
    passed.add(slope.reduced)
    if (!isKept) passed.add(node)
  }
  if (kept.size + plain.size === 0) return graph
  const early = new Set([...kept.values()].flatMap(({ nodes }) => nodes))
  const nodes = graph.nodes.flatMap((node) => (early.has(node) ? [] : [...(kept.get(node)?.nodes ?? []), node]))
  return rebuildGraph({ ...graph, nodes }, () => (g, node, inputs, now) => {
    const [x] = inputs
    const slope = kept.get(node)
    if (x && slope) return [g.mul(g.after(x, now(slope.slope)), now(slope.phi))]
    if (x && plain.has(node)) return [g.mul(x, phiOf(g, passed.has(node) ? x : reducedOf(g, x)))]
    return x && passed.has(node) ? [x] : factors.apply(g, node, inputs)
  })
}

/** Whether `again` is what a layer's values made again have in the place of `value`. */
const isAgain = (again: Value, value: Value): boolean =>
  again.source.kind === 'node' &&
  value.source.kind === 'node' &&
  again.source.node.scope === recomputedScope(value.source.node.scope)

/** The slope that begins with `node`; null for any other node. */
function slopeOf(graph: Graph, ways: Ways, node: Node): Slope | null {
  const [X, factor] = node.inputs
  if (node.op.type !== 'Mul' || !X || !isNumber(factor, Math.SQRT1_2)) return null
  const phi = onlyReader(ways, onlyReader(ways, node, 'Erf'), 'HardSigmoid')
  const end = onlyReader(ways, phi, 'Add')
  const [Phi] = phi?.outputs ?? []
  const [slope] = end?.outputs ?? []
  if (!end || !Phi || !slope || ways.readersOf(Phi).length !== 1) return null
  const between = new Set([end])
  for (const each of between)
    for (const input of each.inputs) if (input !== X && input?.source.kind === 'node') between.add(input.source.node)
  return { X, reduced: node, phi: Phi, slope, nodes: graph.nodes.filter((each) => between.has(each)) }
}

const isNumber = (value: Value | null | undefined, wanted: number): boolean =>
  value?.source.kind === 'constant' && value.shape.length === 0 && value.source.data[0] === wanted

/** The one node of an op that reads what `node` makes. */
function onlyReader(ways: Ways, node: Node | undefined, type: string): Node | undefined {
  const [made] = node?.outputs ?? []
  const found = made ? ways.readersOf(made).filter(({ op }) => op.type === type) : []
  return found.length === 1 ? found[0] : undefined
}
