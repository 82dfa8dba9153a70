import type { Ops } from '../../graph/operations.ts'
import { isRecomputedScope } from '../../graph/scopes.ts'
import type { Node, Value } from '../../graph/types.ts'
import { geluAgain } from './gelu-parts.ts'

/**
 * The value for use in the backward pass: computed a second time where that costs one pass over something that is kept anyway (a mask as floats, a
 * masked tensor, GELU's output), so that it does not stay in memory between the passes; else the value itself.
 */
export function again(g: Ops, value: Value): Value {
  const { source } = value
  if (source.kind !== 'node' || !isCheap(g, source.node)) return value
  const { op, inputs, attributes, scope } = source.node
  const [x] = inputs
  if (op.type === 'Gelu' && x) return g.within(`${scope}/again`, () => geluAgain(g, x, isRecomputedScope(scope)))
  const known = seconds.get(value)
  if (known) return known
  const fresh = inputs.map((input) => input && (isMask(input) ? again(g, input) : input))
  const second = g.within(`${scope}/again`, () => g.one(op, fresh, attributes))
  if (isMask(value)) seconds.set(value, second)
  return second
}

/** Masks as the backward pass makes them again, each once: attention's is needed twice within one layer. */
const seconds = new WeakMap<Value, Value>()

export const isMask = ({ source }: Value): boolean => source.kind === 'node' && source.node.op.type === 'DequantizeLinear'

/** Dropout multiplies by a mask; GELU's and softmax's own gradients need their input or output in any case. */
const isCheap = (g: Ops, { op, inputs }: Node): boolean =>
  op.type === 'DequantizeLinear' ||
  op.type === 'Gelu' ||
  (op.type === 'Mul' &&
    !g.keepsDropped &&
    inputs.some((input) => input !== null && isMask(input)) &&
    inputs.some((input) => input !== null && isSoftmax(input)))

const isSoftmax = ({ source }: Value): boolean => source.kind === 'node' && source.node.op.type === 'Softmax'
