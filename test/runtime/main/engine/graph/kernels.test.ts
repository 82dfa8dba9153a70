import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backward } from '../../../../../src/main/engine/autodiff/backward.ts'
import { leavesOf } from '../../../../../src/main/engine/graph/leaves.ts'
import { writeModel } from '../../../../../src/main/engine/graph/onnx/write-model.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { bindShape } from '../../../../../src/main/engine/graph/shapes.ts'
import type { DType, Graph, Value } from '../../../../../src/main/engine/graph/types.ts'
import { verifyGraph } from '../../../../../src/main/engine/graph/verify.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { HostData, HostTensor, Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { evaluate } from '../../../../helpers/interpreter/index.ts'
import { draw } from '../../../../helpers/samples.ts'
import { gradientCases } from '../../../../unit/main/engine/autodiff/gradient-cases.ts'
import { kernelCases, sizes, type KernelCase } from './kernel-cases.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ threads: 2 })
})
afterAll(() => runtime.dispose())

type Numbers = Readonly<Record<string, Float64Array>>

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

function hostData(dtype: DType, numbers: ArrayLike<number>): HostData {
  if (dtype === 'int64') return BigInt64Array.from(Array.from(numbers, BigInt))
  if (dtype === 'float32') return Float32Array.from(numbers)
  if (dtype === 'uint8' || dtype === 'bool') return Uint8Array.from(numbers)
  throw new Error(`no host array for ${dtype}`)
}

/** All outputs of `graph`, as ONNX Runtime computes them in float32. */
async function runInRuntime(
  graph: Graph,
  values: Numbers,
  bound: Readonly<Record<string, number>>
): Promise<Record<string, HostTensor>> {
  const noWeights = (): never => {
    throw new Error('these graphs have no weights')
  }
  const program = await runtime.load({ name: 'kernel', model: writeModel(graph, noWeights) })
  const inputs: Record<string, HostTensor> = {}
  for (const { name, dtype, shape, source } of leavesOf(graph)) {
    if (source.kind === 'constant' || dtype === 'float16' || dtype === 'bfloat16') continue
    const data = source.kind === 'shape' ? bindShape(source.dims, bound) : (values[name] ?? [])
    inputs[name] = { type: dtype, shape: bindShape(shape, bound), data: hostData(dtype, data) }
  }
  const outputs = await program.run({ inputs, fetch: [...graph.outputs.keys()] })
  await program.dispose()
  return outputs
}

/** Compares with the interpreter, which sees the same float32 numbers: 1e-4 absolute or 1e-3 relative is the limit, 1e-5 the aim. */
async function compare(graph: Graph, values: Numbers, bound: Readonly<Record<string, number>>): Promise<void> {
  verifyGraph(graph)
  const rounded = Object.fromEntries(Object.entries(values).map(([name, data]) => [name, data.map(Math.fround)]))
  const expected = evaluate(graph, { values: rounded, sizes: bound })
  const found = await runInRuntime(graph, rounded, bound)
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(found[name]?.shape, `shape of ${name}`).toEqual(shape)
    const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 1)
    data.forEach((value, i) => {
      const error = Math.abs(Number(found[name]?.data[i]) - value)
      expect(error, `${name}[${i}] should be ${value}`).toBeLessThanOrEqual(1e-5 * largest)
    })
  }
}

function buildKernelCase({ op, how, inputs, f }: KernelCase): { graph: Graph; values: Numbers } {
  const g = new Ops({ training: false })
  const fed: Value[] = inputs.map(({ shape, dtype = 'float32' }, i) => g.input(`x${i}`, dtype, shape))
  const result = f(g, ...fed)
  ;[result].flat().forEach((value, i) => {
    g.output(`y${i}`, value)
  })
  const values = inputs.map(({ shape, sample, given }, i) => {
    const numbers = given ? Float64Array.from(given) : draw(`${op}/${how}/${i}`, count(bindShape(shape, sizes)), sample)
    return [`x${i}`, numbers] as const
  })
  return { graph: g.build(), values: Object.fromEntries(values) }
}

describe('ONNX Runtime computes what the reference interpreter computes', () => {
  it.each(kernelCases)('$op, $how', async (row) => {
    const { graph, values } = buildKernelCase(row)
    expect(graph.nodes.map((node) => node.op.type)).toContain(row.op)
    await compare(graph, values, sizes)
  })
})

describe('ONNX Runtime computes the gradient graph of', () => {
  // float16 has no host array here; ties and kinks are met in both alike.
  it.each(gradientCases.filter(({ name }) => !name.startsWith('Cast')))('$name', async (row) => {
    const g = new Ops({ training: false })
    const bound = row.sizes ?? {}
    const inputs = row.shapes.map((shape, i) => g.state(`x${i}`, 'float32', shape))
    const y = row.f(g, ...inputs)
    const loss = g.sumAll(g.mul(y, g.input('r', 'float32', y.shape)))
    for (const [input, gradient] of backward(g, loss, inputs)) g.output(`d${input.name}`, gradient)
    const numbers = (name: string, { shape }: Value): Float64Array =>
      draw(`${row.name}/${name}`, count(bindShape(shape, bound)), row.sample)
    const values = Object.fromEntries(
      inputs.map((input, i) => [input.name, row.given?.[i] ? Float64Array.from(row.given[i]) : numbers(input.name, input)])
    )
    await compare(g.build(), { ...values, r: numbers('r', y) }, bound)
  })
})
