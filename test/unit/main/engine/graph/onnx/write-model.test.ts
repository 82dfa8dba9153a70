import { createHash } from 'node:crypto'
import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { ModelProtoSchema, type GraphProto } from '../../../../../../src/main/engine/graph/onnx/generated/onnx_pb.js'
import { writeModel, type ExternalLocation } from '../../../../../../src/main/engine/graph/onnx/write-model.ts'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import type { DType, Graph } from '../../../../../../src/main/engine/graph/types.ts'
import { tinyTraining } from '../../../../../helpers/tiny-bert.ts'

const locate = (tensor: string): ExternalLocation => ({ location: 'model.safetensors', offset: tensor.length * 64, length: 24 })

const decoded = (graph: Graph): GraphProto => {
  const proto = fromBinary(ModelProtoSchema, writeModel(graph, locate)).graph
  if (!proto) throw new Error('the model has no graph')
  return proto
}

describe('writeModel', () => {
  it('writes frozen weights as external data and constants inside', () => {
    const g = new Ops({ training: false })
    const w = g.weight('linear.weight', 'float32', [2, 3])
    g.output('y', g.add(g.gemm(g.input('x', 'float32', ['rows', 3]), w, { transB: true }), g.scalar(0.5)))
    const { initializer, input, output, node } = decoded(g.build())

    expect(input.map(({ name }) => name)).toEqual(['x'])
    expect(initializer.map(({ name }) => name)).toEqual(['linear.weight', 'constant/float32'])
    const entries = initializer[0]?.externalData.map(({ key, value }) => [key, value])
    expect(entries).toEqual([
      ['location', 'model.safetensors'],
      ['offset', String(13 * 64)],
      ['length', '24']
    ])
    expect(Array.from(initializer[1]?.rawData ?? [])).toEqual([0, 0, 0, 0x3f])
    expect(output.map(({ name }) => name)).toEqual(['y'])
    expect(node.at(-1)?.output).toEqual(['y'])
  })

  it('lets the node write its output itself, and copies what it cannot rename', () => {
    const g = new Ops({ training: false })
    const x = g.input('x', 'float32', [2])
    const y = g.exp(x)
    g.output('first', y)
    g.output('second', y)
    g.output('fed', x)
    g.output('after', g.neg(y))
    const { node } = decoded(g.build())
    expect(node.map(({ opType, input, output }) => `${output.join()} = ${opType}(${input.join()})`)).toEqual([
      'first = Exp(x)',
      'after = Neg(first)',
      'second = Identity(first)',
      'fed = Identity(x)'
    ])
  })

  it.each<[DType, number[], number[]]>([
    ['float32', [-1.5], [0, 0, 0xc0, 0xbf]],
    ['int64', [-2], [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['int32', [258], [2, 1, 0, 0]],
    ['uint8', [200], [200]],
    ['bool', [1], [1]],
    ['float16', [1.5], [0, 0x3e]],
    ['bfloat16', [1.00390625], [0x80, 0x3f]],
    ['bfloat16', [1.01171875], [0x82, 0x3f]],
    ['bfloat16', [-2.5], [0x20, 0xc0]]
  ])('writes %s %j little-endian, rounding to the nearest even', (dtype, data, bytes) => {
    const g = new Ops({ training: false })
    g.output('y', g.identity(g.constant(data, [1], dtype)))
    expect(Array.from(decoded(g.build()).initializer[0]?.rawData ?? [])).toEqual(bytes)
  })

  it('refuses a stored tensor of unknown size', () => {
    const g = new Ops({ training: false })
    g.output('y', g.exp(g.weight('w', 'float32', ['rows'])))
    expect(() => decoded(g.build())).toThrow('w is stored, but its size "rows" is not known')
  })

  it('writes equal bytes for equal graphs, built apart', async () => {
    const [first, second] = [await tinyTraining('lora'), await tinyTraining('lora')]
    const hash = ({ graph, locate: place }: typeof first): string =>
      createHash('sha256').update(writeModel(graph, place)).digest('hex')
    expect(hash(first)).toBe(hash(second))
  })
})
