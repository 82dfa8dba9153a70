import { sameShape } from '../graph/shapes.ts'
import type { Ops } from '../graph/operations.ts'
import { recomputedScope } from '../graph/scopes.ts'
import { isFloat, type Node, type Value } from '../graph/types.ts'
import type { Walk } from './define-rule.ts'

/** Nodes of the forward pass whose values may be made a second time in the backward pass instead of being kept. */
export interface Block {
  readonly nodes: ReadonlySet<Node>
  /** What the block gives to whatever follows it: [tokens, width]. */
  readonly output: Value
}

/** What a gradient's rule reads of the forward pass. */
export interface Reads extends Pick<Node, 'inputs' | 'outputs'> {
  readonly walk: Walk
}

/** A block's values as they are made again, and what they wait for. */
interface Copies {
  readonly gradient: Value
  readonly made: Map<Value, Value>
  /** Of which value each is a copy. */
  readonly copyOf: Map<Value, Value>
}

/**
 * Gradient checkpointing (arXiv:1604.06174): of each block only one tensor stays until the backward pass, from which the next block's values are
 * made once more by the same operators. They wait for the gradient that comes down into their block, so that the runtime does not make them early.
 *
 * What is kept is the sum that goes into the block's last normalisation, with its mean and deviation, where the block ends with one: its output is
 * one cheap pass away, and the product that led to the sum (the feed-forward block's second) need not be made again. Else it is the output itself.
 */
export class Recomputation {
  readonly #g: Ops
  readonly #blockOf = new Map<Node, Block>()
  readonly #kept = new Set<Value>()
  readonly #copies = new Map<Block, Copies>()

  constructor(g: Ops, blocks: readonly Block[]) {
    this.#g = g
    for (const block of blocks) {
      for (const node of block.nodes) this.#blockOf.set(node, block)
      for (const value of keptOf(block)) this.#kept.add(value)
    }
  }

  /** What the rule of a node is to read, where `dY` is the gradient of its first output. */
  reads(node: Node, { dY, walk }: { readonly dY: Value; readonly walk: Walk }): Reads {
    const block = this.#blockOf.get(node)
    const { inputs, outputs } = node
    // The node that makes the output reads what is kept.
    if (!block || outputs.includes(block.output)) return { inputs, outputs, walk }
    const copies = this.#copies.get(block) ?? { gradient: dY, made: new Map(), copyOf: new Map() }
    this.#copies.set(block, copies)
    return { ...this.#copied(node, copies), walk: this.#walkOver(walk, block, copies) }
  }

  /** A node as if it were made of copies. */
  #copied(node: Node, copies: Copies): Node {
    const read = (value: Value): Value => this.#again(value, copies)
    return { ...node, inputs: node.inputs.map((input) => input && read(input)), outputs: node.outputs.map(read) }
  }

  #walkOver(walk: Walk, block: Block, copies: Copies): Walk {
    const original = (value: Value): Value => copies.copyOf.get(value) ?? value
    return {
      gradientOf: (value) => walk.gradientOf(original(value)),
      readersOf: (value) =>
        walk.readersOf(original(value)).map((reader) => (block.nodes.has(reader) ? this.#copied(reader, copies) : reader))
    }
  }

  #again(value: Value, copies: Copies): Value {
    const known = copies.made.get(value)
    if (known) return known
    const { source } = value
    const isMade = source.kind === 'node' && this.#blockOf.has(source.node) && !this.#kept.has(value)
    if (isMade) this.#copy(source.node, copies)
    else this.#keep(value, this.#waiting(value, copies), copies)
    return copies.made.get(value) ?? value
  }

  #keep(value: Value, copy: Value, { made, copyOf }: Copies): void {
    made.set(value, copy)
    copyOf.set(copy, value)
  }

  /** Makes a node again where anything it reads is made again; masks as floats always are, since they are four times as large as masks. */
  #copy(node: Node, copies: Copies): void {
    const inputs = node.inputs.map((input) => input && this.#again(input, copies))
    const isSame = node.op.type !== 'DequantizeLinear' && inputs.every((input, i) => input === node.inputs[i])
    const outputs = isSame
      ? node.outputs
      : this.#g.within(recomputedScope(node.scope), () => this.#g.apply(node.op, inputs, node.attributes))
    node.outputs.forEach((output, i) => {
      this.#keep(output, outputs[i] ?? output, copies)
    })
  }

  /** What is kept, handed on only with the block's gradient. Weights need not wait, nor what has no shape in common with hidden states. */
  #waiting(value: Value, { gradient }: Copies): Value {
    const isFed = value.source.kind === 'input' || value.source.kind === 'node'
    if (!isFed || !isFloat(value.dtype) || !sameShape(value.shape, gradient.shape)) return value
    return this.#g.within(recomputedScope(this.#g.scope), () => this.#g.after(value, gradient))
  }
}

function keptOf({ output }: Block): readonly Value[] {
  const { source } = output
  if (source.kind !== 'node' || source.node.op.type !== 'LayerNormalization') return [output]
  const [sum] = source.node.inputs
  return [...(sum ? [sum] : []), ...source.node.outputs.slice(1)]
}
