import { GraphError } from '../../base/errors.ts'
import { nameInputs } from '../graph/define-op.ts'
import type { Ops } from '../graph/operations.ts'
import { gradientScope } from '../graph/scopes.ts'
import { sameShape } from '../graph/shapes.ts'
import type { Walk } from './define-rule.ts'
import { describe, isFloat, type Node, type Value } from '../graph/types.ts'
import { Recomputation, type Block, type Reads } from './recomputation.ts'
import { rules } from './rules/index.ts'

const ruleOf = new Map(rules.map((rule) => [rule.op, rule]))

/**
 * Reverse-mode differentiation, pruned: only nodes that lie between `wrt` and `loss` are walked, and only the input gradients that lead to
 * `wrt` are built, so a frozen layer below the lowest trainable tensor costs nothing.
 *
 * Adds nodes to `g` and returns the gradient of the scalar `loss` for each value of `wrt`, with that value's shape. The values of `recomputed` blocks are
 * made again instead of being kept (recomputation.ts).
 * Throws a GraphError when the loss is not a scalar, does not depend on a value, or passes an op without a gradient.
 */
export function backward(
  g: Ops,
  loss: Value,
  wrt: readonly Value[],
  recomputed: readonly Block[] = []
): ReadonlyMap<Value, Value> {
  if (loss.shape.length !== 0) throw new GraphError(`backward: the loss must be a scalar, got ${describe(loss)}`)
  const forward = [...g.nodes]
  const reached = reachedFrom(forward, wrt, g.detached)
  const partial = new Map<Value, Value[]>([[loss, [g.scalar(1, loss.dtype)]]])
  const recomputation = new Recomputation(g, recomputed)
  const complete = new Map<Value, Value>()
  const readers = readersIn(forward)
  const walk: Walk = { readersOf: (value) => readers.get(value) ?? [], gradientOf: (value) => complete.get(value) ?? null }
  for (const node of forward.reverse()) {
    const [first, ...others] = node.outputs
    if (!first || !node.inputs.some((input) => input !== null && reached.has(input))) continue
    if (others.some((output) => partial.has(output))) {
      throw new GraphError(`${node.op.type} in ${node.scope}: only the first output carries a gradient`)
    }
    const contributions = partial.get(first)
    if (!contributions) continue
    g.within(gradientScope(node.scope), () => {
      const dY = total(g, contributions)
      complete.set(first, dY)
      walkNode(g, node, recomputation.reads(node, { dY, walk }), { dY, reached, partial })
    })
  }
  return new Map(
    wrt.map((value) => {
      const contributions = partial.get(value)
      if (!contributions) throw new GraphError(`backward: the loss does not depend on ${value.name}`)
      return [value, g.within('grad', () => total(g, contributions))]
    })
  )
}

/** The values that depend on one of `from`, themselves included, but for what is detached. */
export function reachedFrom(nodes: readonly Node[], from: readonly Value[], detached: ReadonlySet<Value>): Set<Value> {
  const reached = new Set(from)
  for (const node of nodes) {
    if (!node.inputs.some((input) => input !== null && reached.has(input))) continue
    for (const output of node.outputs) if (isFloat(output.dtype) && !detached.has(output)) reached.add(output)
  }
  return reached
}

function readersIn(nodes: readonly Node[]): ReadonlyMap<Value, readonly Node[]> {
  const readers = new Map<Value, Node[]>()
  for (const node of nodes) for (const input of node.inputs) if (input) readers.set(input, [...(readers.get(input) ?? []), node])
  return readers
}

/** Where a walk stands at one node. */
interface Stand {
  readonly dY: Value
  readonly reached: ReadonlySet<Value>
  readonly partial: Map<Value, Value[]>
}

/** `reads` stands for what the node's rule reads of the forward pass. */
function walkNode(g: Ops, node: Node, { walk, ...reads }: Reads, { dY, reached, partial }: Stand): void {
  const rule = ruleOf.get(node.op)
  if (!rule) throw new GraphError(`${node.op.type} in ${node.scope} has no gradient, but a trainable tensor lies below it`)
  const named = nameInputs(node.op, node.inputs)
  // nameInputs has checked presence and element types against the op's declaration.
  const inputs = nameInputs(node.op, reads.inputs) as never
  const thunks = rule.gradient({ g, inputs, outputs: reads.outputs, attributes: node.attributes, dY, walk })
  for (const [name, input] of Object.entries(named)) {
    const targets = Array.isArray(input) ? (input as readonly Value[]) : [input as Value | null]
    targets.forEach((target, position) => {
      if (!target || !reached.has(target)) return
      const thunk = thunks[name]
      if (!thunk)
        throw new GraphError(`${node.op.type} in ${node.scope}: no gradient flows into ${name}, but ${target.name} is trainable`)
      const gradient = g.sumTo(thunk(position), target.shape)
      if (gradient.dtype !== target.dtype || !sameShape(gradient.shape, target.shape)) {
        throw new GraphError(
          `${node.op.type} in ${node.scope}: the gradient of ${name} is ${describe(gradient)}, should be ${describe(target)}`
        )
      }
      partial.set(target, [...(partial.get(target) ?? []), gradient])
    })
  }
}

function total(g: Ops, contributions: readonly Value[]): Value {
  return contributions.reduce((sum, next) => g.add(sum, next))
}
