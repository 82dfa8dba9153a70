import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModel, type ExternalLocation } from '../../../../src/main/engine/graph/onnx/write-model.ts'
import { Ops } from '../../../../src/main/engine/graph/operations.ts'
import { openRuntime } from '../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../src/main/engine/runtime/port.ts'
import type { TensorSource } from '../../../../src/main/engine/weights/elements.ts'
import { wholeOf } from '../../../../src/main/export/onnx/arrange-tensors.ts'
import type { InferenceModel } from '../../../../src/main/export/onnx/inference-model.ts'
import {
  observedModel,
  observedValues,
  quantizeModel,
  rangeOutputs,
  type Range,
  type Scheme
} from '../../../../src/main/export/onnx/quantize-graph.ts'
import { draw } from '../../../helpers/samples.ts'

let runtime: Runtime
let folder: string
beforeAll(async () => {
  runtime = await openRuntime({ threads: 1 })
  folder = await mkdtemp(join(tmpdir(), 'attune-quantize-test-'))
})
afterAll(async () => {
  await runtime.dispose()
  await rm(folder, { recursive: true, force: true })
})

const tensor = (
  name: string,
  shape: readonly number[],
  change: (values: Float32Array) => void = () => undefined
): TensorSource => {
  const values = Float32Array.from(
    draw(
      name,
      shape.reduce((product, size) => product * size, 1)
    )
  )
  change(values)
  return { name, dtype: 'F32', shape, chunks: () => [new Uint8Array(values.buffer)] }
}

/** Rows of a table, times a matrix, added up over the texts' tokens and times another. */
function model(width: number, out: number, change?: (values: Float32Array) => void): InferenceModel {
  const tensors = [tensor('table', [40, width]), tensor('matrix', [width, out], change), tensor('head', [out, 3])]
  const g = new Ops({ training: false })
  const ids = g.input('ids', 'int64', ['rows', 'time'])
  const hidden = g.within('hidden', () =>
    g.matMul(g.gather(g.weight('table', 'float32', [40, width]), ids), g.weight('matrix', 'float32', [width, out]))
  )
  g.output('hidden', hidden)
  g.output('logits', g.matMul(g.reduceSum(hidden, [1]), g.weight('head', 'float32', [out, 3])))
  return { graph: g.build(), inputs: ['ids'], tensors: new Map(tensors.map((each) => [each.name, each])) }
}

async function answers({ graph, tensors }: InferenceModel): Promise<Record<string, Float32Array>> {
  const own = await mkdtemp(join(folder, 'model-'))
  const places = new Map<string, ExternalLocation>()
  for (const [i, [name, each]] of [...tensors].entries()) {
    const bytes = await wholeOf(each)
    await writeFile(join(own, String(i)), bytes)
    places.set(name, { location: String(i), offset: 0, length: bytes.byteLength })
  }
  const locate = (name: string): ExternalLocation => places.get(name) ?? { location: '', offset: 0, length: 0 }
  const program = await runtime.load({ name: 'quantised', model: writeModel(graph, locate), folder: own })
  const ids = BigInt64Array.from({ length: 3 * 5 }, (_, i) => BigInt((i * 7) % 40))
  const fetch = [...graph.outputs.keys()]
  const outputs = await program.run({ inputs: { ids: { type: 'int64', shape: [3, 5], data: ids } }, fetch })
  await program.dispose()
  return Object.fromEntries(fetch.map((name) => [name, outputs[name]?.data as Float32Array])) // All outputs are float32.
}

/** Largest difference, in shares of the largest number. */
function apart(a: Float32Array | undefined, b: Float32Array | undefined): number {
  const differences = [...(a ?? [])].map((value, i) => Math.abs(value - (b?.[i] ?? Number.NaN)))
  return Math.max(...differences) / Math.max(...[...(b ?? [])].map(Math.abs))
}

async function ranges(float: InferenceModel): Promise<ReadonlyMap<string, Range>> {
  const outputs = await answers(observedModel(float))
  const value = (name: string): number => outputs[name]?.[0] ?? Number.NaN
  return new Map(observedValues(float).map((name) => [name, rangeOutputs(name).map(value) as unknown as Range])) // Two names, two numbers.
}

describe.each([
  [64, 48],
  [50, 33],
  [16, 7]
])('a product of [3, 5, %i] with a matrix of %i columns', (width, out) => {
  const opsOf = ({ graph }: InferenceModel): string[] => graph.nodes.map(({ op }) => op.type)

  async function compared(kind: Scheme['kind']): Promise<{ hidden: number; quantised: InferenceModel }> {
    const float = model(width, out)
    const scheme: Scheme = kind === 'static' ? { kind, ranges: await ranges(float) } : { kind }
    const quantised = quantizeModel(float, scheme)
    const [before, after] = [await answers(float), await answers(quantised)]
    return { hidden: apart(after['hidden'], before['hidden']), quantised }
  }

  it('is near the float one in int8, ranges worked out as it runs', async () => {
    const { hidden, quantised } = await compared('dynamic')
    expect(hidden).toBeLessThan(0.02)
    expect(hidden).toBeGreaterThan(0)
    expect(opsOf(quantised)).toEqual([
      'GatherBlockQuantized',
      'DynamicQuantizeLinear',
      'MatMulIntegerToFloat',
      'ReduceSum',
      'MatMul'
    ])
    expect([...quantised.tensors.keys()]).toEqual(expect.arrayContaining(['head', 'matrix_quantized', 'matrix_scale']))
    expect(quantised.tensors.has('matrix')).toBe(false)
  })

  it('is near the float one in int8 with measured ranges', async () => {
    const { hidden, quantised } = await compared('static')
    expect(hidden).toBeLessThan(0.02)
    expect(hidden).toBeGreaterThan(0)
    expect(opsOf(quantised).slice(0, 5)).toEqual([
      'GatherBlockQuantized',
      'QuantizeLinear',
      'DequantizeLinear',
      'DequantizeLinear',
      'MatMul'
    ])
  })

  it('is less near in 4 bits', async () => {
    const { hidden } = await compared('nibbles')
    expect(hidden).toBeLessThan(0.12)
    expect(hidden).toBeGreaterThan(0.01)
  })
})

describe('a matrix', () => {
  it.each(['dynamic', 'nibbles'] as const)('of zeros gives zeros (%s)', async (kind) => {
    const { hidden } = await answers(
      quantizeModel(
        model(32, 8, (values) => values.fill(0)),
        { kind }
      )
    )
    expect([...(hidden ?? [])].every((value) => value === 0)).toBe(true)
    expect(hidden).toHaveLength(3 * 5 * 8)
  })

  it('with an outlier in one column stays exact in the others', async () => {
    const float = model(32, 8, (values) => (values[3] = 1000))
    const [before, after] = [await answers(float), await answers(quantizeModel(float, { kind: 'dynamic' }))]
    const column = (values: Float32Array | undefined, c: number): Float32Array =>
      (values ?? new Float32Array()).filter((_, i) => i % 8 === c)
    for (let c = 0; c < 8; c++) expect(apart(column(after['hidden'], c), column(before['hidden'], c))).toBeLessThan(0.03)
  })
})
