import type { Ops } from '../operations.ts'
import type { Graph, Node, Value } from '../types.ts'
import { floatOf } from './float-of.ts'

/** What a factor is laid on: the whole result of a node, what it multiplies alone, or its result by a product of its own (of few numbers). */
type Place = 'whole' | 'product' | 'after'
export type Step = readonly [Place, Node]

const products = new Set(['Gemm', 'MatMul', 'FusedMatMul'])
/** Ops that only lay out their first input anew. */
const layouts = new Set(['Reshape', 'Transpose'])

/** The ways on which a factor comes into the alpha of a matrix product, where it costs nothing. */
export class Ways {
  readonly #readers = new Map<Value, Node[]>()
  readonly #outputs: ReadonlySet<Value>

  constructor(graph: Graph) {
    this.#outputs = new Set(graph.outputs.values())
    for (const node of graph.nodes)
      for (const input of new Set(node.inputs)) if (input) this.#readers.set(input, [...this.readersOf(input), node])
  }

  /** The nodes that read a value, each once. */
  readersOf(value: Value): readonly Node[] {
    return this.#readers.get(value) ?? []
  }

  /** Whether a graph gives a value out. */
  isOutput(value: Value): boolean {
    return this.#outputs.has(value)
  }

  /** Scales `value` in what makes it; null where that is no product, or others than `readers` nodes read it. */
  before(value: Value, readers = 1): readonly Step[] | null {
    if (value.source.kind !== 'node' || this.#outputs.has(value) || this.readersOf(value).length !== readers) return null
    const { node } = value.source
    const [first, second] = node.inputs
    if (products.has(node.op.type)) return [['whole', node]]
    if (!first) return null
    if (layouts.has(node.op.type)) return this.before(first)
    const isBiased = node.op.type === 'Add' && second?.shape.length === 1 && first.shape.length === 2
    const steps = isBiased ? this.before(first) : null
    return steps && [...steps, ['whole', node]]
  }

  /** Scales what is made of `value`, in all that read it; null where one of them is no product. */
  behind(value: Value): readonly Step[] | null {
    if (this.#outputs.has(value)) return null
    const steps: Step[] = []
    for (const node of this.readersOf(value)) {
      const found = this.#in(node, value)
      if (!found) return null
      steps.push(...found)
    }
    return steps
  }

  #in(node: Node, value: Value): readonly Step[] | null {
    const [first, second, third] = node.inputs
    const [y] = node.outputs
    if (products.has(node.op.type) && (first === value) !== (second === value) && third !== value) return [['product', node]]
    if (first !== value || !y) return null
    if (layouts.has(node.op.type)) return this.behind(y)
    return node.op.type === 'ReduceSum' ? [['after', node]] : null
  }
}

/** The factors that nodes get. */
export class Factors {
  readonly #of: Readonly<Record<Place, Map<Node, number>>> = { whole: new Map(), product: new Map(), after: new Map() }

  add(steps: readonly Step[], factor: number): void {
    for (const [place, node] of steps) this.#of[place].set(node, this.#at(place, node) * factor)
  }

  /** A node, made anew with its factors. */
  apply(g: Ops, node: Node, inputs: readonly (Value | null)[]): readonly Value[] {
    const [whole, after] = [this.#at('whole', node), this.#at('after', node)]
    const alpha = whole * this.#at('product', node)
    const { op, attributes } = node
    if (after !== 1) return g.apply(op, inputs, attributes).map((sum) => g.scale(sum, after))
    if (alpha === 1) return g.apply(op, inputs, attributes)
    const [a = null, b = null] = inputs
    if (op.type === 'Add' && a && b) return [g.add(a, g.scale(b, whole))]
    if (op.type === 'MatMul' && a && b) return [g.fusedMatMul(a, b, { alpha })]
    const times = (name: string, factor: number): Node['attributes'] =>
      name in attributes ? { [name]: { float: floatOf(attributes[name]) * factor } } : {}
    return g.apply(op, inputs, { ...attributes, ...times('alpha', alpha), ...times('beta', whole) })
  }

  #at(place: Place, node: Node): number {
    return this.#of[place].get(node) ?? 1
  }
}
