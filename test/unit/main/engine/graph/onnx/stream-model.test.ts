import { describe, expect, test } from 'vitest'
import { externalFiles } from '../../../../../../src/main/engine/graph/onnx/external-files.ts'
import { readModel } from '../../../../../../src/main/engine/graph/onnx/read-model.ts'
import { layOutModel, type ModelLayout } from '../../../../../../src/main/engine/graph/onnx/stream-model.ts'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import type { Graph } from '../../../../../../src/main/engine/graph/types.ts'
import { bytesOf, tinyModel } from '../../../../../helpers/tiny-onnx.ts'

const values: Readonly<Record<string, Float32Array>> = {
  W: Float32Array.from({ length: 12 }, (_, i) => i / 7),
  b: Float32Array.from([1, -2, 3])
}

function graph(): Graph {
  const g = new Ops({ training: false })
  const second = g.input('second', 'float32', ['rows', 3])
  const x = g.input('first', 'float32', ['rows', 4])
  g.output('y', g.add(g.add(g.matMul(x, g.weight('W', 'float32', [4, 3])), g.weight('b', 'float32', [3])), second))
  return g.build()
}

/** The file that a layout stands for, weights put in. */
const fileOf = ({ pieces }: ModelLayout): Uint8Array =>
  Buffer.concat(
    pieces.map((piece) => (piece instanceof Uint8Array ? piece : bytesOf(values[piece.tensor] ?? new Float32Array(0))))
  )

describe('a model laid out piece by piece', () => {
  test('is, once its weights are in their places, an ONNX file that holds them', () => {
    const layout = layOutModel(graph(), { inputs: ['second'], place: (name) => ({ bytes: values[name]?.byteLength ?? 0 }) })
    const file = fileOf(layout)
    expect(file.byteLength).toBe(layout.size)
    const read = readModel(file)
    expect(read.inputs.map(({ name }) => name)).toEqual(['second', 'first'])
    const stored = read.graph.nodes.flatMap(({ inputs }) =>
      inputs.flatMap((input) => (input?.source.kind === 'constant' ? [input] : []))
    )
    expect(stored.map(({ name, source }) => [name, source])).toEqual(
      ['W', 'b'].map((name) => [name, { kind: 'constant', data: [...(values[name] ?? [])] }])
    )
  })

  test('counts lengths beyond what 32 bits hold', () => {
    const bytes = 5e9
    const { pieces, size } = layOutModel(graph(), { inputs: [], place: () => ({ bytes }) })
    const own = pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.byteLength : 0), 0)
    expect(size).toBe(2 * bytes + own)
  })

  test('points to weights in a file beside it', () => {
    const place = (name: string) => ({
      location: 'm.onnx.data',
      offset: name === 'W' ? 0 : 4096,
      length: values[name]?.byteLength ?? 0
    })
    const { pieces } = layOutModel(graph(), { inputs: [], place })
    const file = Buffer.concat(pieces.filter((piece) => piece instanceof Uint8Array))
    expect([...readModel(file).locations]).toEqual([
      ['W', { location: 'm.onnx.data', offset: 0, length: 48 }],
      ['b', { location: 'm.onnx.data', offset: 4096, length: 12 }]
    ])
    expect([...externalFiles(file)]).toEqual(['m.onnx.data'])
  })
})

describe('weights outside a model', () => {
  const outside = (file: string): Uint8Array =>
    tinyModel({
      nodes: [{ op: 'NotOurs', domain: 'example', inputs: ['W'], outputs: ['y'] }],
      inputs: [],
      outputs: [{ name: 'y', type: 1, shape: [1] }],
      initializers: [{ name: 'W', type: 1, shape: [1], data: { file, offset: 0, length: 4 } }]
    })

  test.each(['../secret', '/etc/passwd', 'a/../../b', 'C:\\windows', '..\\up', ''])('are refused at "%s"', (file) => {
    expect(() => externalFiles(outside(file))).toThrowError(expect.objectContaining({ name: 'InputError' }))
  })

  test('are named, whatever operators the model has', () => {
    expect([...externalFiles(outside('weights.data'))]).toEqual(['weights.data'])
  })

  test('cannot be asked of what is no model', () => {
    expect(() => externalFiles(Uint8Array.of(255, 255, 255))).toThrowError(expect.objectContaining({ name: 'InputError' }))
  })
})
