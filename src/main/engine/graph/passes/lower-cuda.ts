import { allOps } from '../ops/index.ts'
import type { OpDefinition } from '../define-op.ts'
import type { Graph, Value } from '../types.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'

/** The matrix that a node turned round to make `value`; null where none did. */
function turned(value: Value | null | undefined): Value | null {
  if (value?.source.kind !== 'node') return null
  const { op, inputs, attributes } = value.source.node
  const { perm } = attributes
  const isSwap = op.type === 'Transpose' && Array.isArray(perm) && perm.join() === '1,0'
  return isSwap ? (inputs[0] ?? null) : null
}

const swapped = (attribute: unknown): number => (attribute === 1 ? 0 : 1)

/** Operands that were turned round in memory are read the other way instead: cuBLAS does that at no cost, where the processor's product is slower so. */
const gemm: Lowering = (g, { op, attributes }, inputs) => {
  const [a = null, b = null, ...rest] = inputs
  const [left, right] = [turned(a), turned(b)]
  const { transA, transB } = attributes
  return g.apply(op, [left ?? a, right ?? b, ...rest], {
    ...attributes,
    transA: left ? swapped(transA) : transA,
    transB: right ? swapped(transB) : transB
  })
}

/** The same graph for CUDA. */
export function lowerCuda(graph: Graph): Graph {
  const Gemm = allOps.Gemm as unknown as OpDefinition // Its inputs come by position.
  return eliminateDead(rebuildGraph(graph, (op) => (op === Gemm ? gemm : undefined)))
}
