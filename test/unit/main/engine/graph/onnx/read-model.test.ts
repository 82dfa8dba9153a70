import { fromBinary, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../../../src/main/base/errors.ts'
import { backward } from '../../../../../../src/main/engine/autodiff/backward.ts'
import { ModelProtoSchema, type ModelProto } from '../../../../../../src/main/engine/graph/onnx/generated/onnx_pb.js'
import { readModel } from '../../../../../../src/main/engine/graph/onnx/read-model.ts'
import { writeModel, type ExternalLocation } from '../../../../../../src/main/engine/graph/onnx/write-model.ts'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { evaluate } from '../../../../../helpers/interpreter/index.ts'
import { draw } from '../../../../../helpers/samples.ts'
import { bytesOf, tinyModel, type TinyNode } from '../../../../../helpers/tiny-onnx.ts'
import { dataType, float } from '../../../../../helpers/runtime-models.ts'
import { tinyTraining } from '../../../../../helpers/tiny-bert.ts'

/** What `read` throws: its message, if it is an InputError. */
function refusal(bytes: Uint8Array): string {
  try {
    readModel(bytes)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return 'nothing'
}

const again = (bytes: Uint8Array): Uint8Array => {
  const { graph, locations } = readModel(bytes)
  return writeModel(graph, (tensor): ExternalLocation => {
    const location = locations.get(tensor)
    if (!location) throw new Error(`${tensor} has no location`)
    return location
  })
}

/** A model with weights, constants, shape vectors, several outputs of a node and of a value. */
function smallModel(): Uint8Array {
  const g = new Ops({ training: true })
  const x = g.input('x', 'float32', ['rows', 'time', 4])
  const w = g.state('w', 'float32', [2, 4])
  const h = g.within('a.b', () => g.reshape(x, ['tokens', 4]))
  const y = g.within('a', () => g.dropout(g.gemm(h, w, { transB: true, c: g.weight('bias', 'float32', [2]) }), 0.25))
  const [n, mean] = g.layerNormalization(y, g.weight('norm', 'float32', [2]), null, 1e-5)
  const loss = g.sumAll(g.mul(n, g.scalar(0.1)))
  g.output('loss', loss)
  g.output('mean', mean)
  g.output('same mean', mean)
  g.output('fed again', x)
  const gradient = backward(g, loss, [w]).get(w)
  if (gradient) g.output('grad/w', gradient)
  const places: Readonly<Record<string, number>> = { bias: 0, norm: 64 }
  return writeModel(g.build(), (tensor) => ({ location: 'model.safetensors', offset: places[tensor] ?? 0, length: 8 }))
}

describe('readModel', () => {
  it.each(['lora', 'full'] as const)('gives back the training graph of a tiny BERT (%s) byte for byte', async (method) => {
    const { graph, locate } = await tinyTraining(method)
    const bytes = writeModel(graph, locate)
    expect(bytes.length).toBeGreaterThan(20_000)
    expect(Buffer.from(again(bytes)).equals(bytes)).toBe(true)
  })

  it('gives back a model with copies, masks and statistics byte for byte', () => {
    const bytes = smallModel()
    expect(fromBinary(ModelProtoSchema, again(bytes))).toEqual(fromBinary(ModelProtoSchema, bytes))
    expect(Buffer.from(again(bytes)).equals(bytes)).toBe(true)
  })

  it('knows shape vectors by their name, and weights by their place', () => {
    const { graph, inputs, locations } = readModel(smallModel())
    expect(inputs.map(({ name, source }) => `${name} ${source.kind}`)).toEqual([
      'x input',
      'shape/tokens,4 shape',
      'w input',
      'dropout/a input',
      'shape/tokens,2 shape'
    ])
    expect(locations.get('norm')).toEqual({ location: 'model.safetensors', offset: 64, length: 8 })
    expect(graph.nodes[0]).toMatchObject({ name: 'a.b/Reshape', scope: 'a.b' })
  })
})

const x = float('x', 'rows', 6)
const one = (node: TinyNode, y = float('y', 'rows', 6)): Uint8Array => tinyModel({ nodes: [node], inputs: [x], outputs: [y] })

describe('readModel, on models that others wrote', () => {
  it('fills in the defaults of attributes that were left out', () => {
    const { graph } = readModel(one({ op: 'Softmax', inputs: ['x'], outputs: ['y'] }))
    expect(graph.nodes[0]?.attributes).toEqual({ axis: -1 })
  })

  it('works out the 0 and −1 of a Reshape', () => {
    const shape = { name: 's', type: dataType.int64, shape: [3], data: bytesOf(BigInt64Array.of(0n, -1n, 2n)) }
    const { graph } = readModel(
      tinyModel({
        nodes: [{ op: 'Reshape', inputs: ['x', 's'], outputs: ['y'] }],
        inputs: [x],
        outputs: [float('y', 'rows', 3, 2)],
        initializers: [shape]
      })
    )
    const values = { x: draw('x', 12) }
    expect(evaluate(graph, { values, sizes: { rows: 2 } })['y']?.shape).toEqual([2, 3, 2])
    expect(graph.nodes[0]?.inputs[1]?.source).toEqual({ kind: 'shape', dims: ['rows', 3, 2] })
  })

  it('takes an int64 end of "to the end" for a slice to the end', () => {
    const ints = (name: string, value: bigint) => ({
      name,
      type: dataType.int64,
      shape: [1],
      data: bytesOf(BigInt64Array.of(value))
    })
    const { graph } = readModel(
      tinyModel({
        nodes: [{ op: 'Slice', inputs: ['x', 'from', 'to', 'axis'], outputs: ['y'] }],
        inputs: [x],
        outputs: [float('y', 'rows', 4)],
        initializers: [ints('from', 2n), ints('to', 2n ** 63n - 1n), ints('axis', 1n)]
      })
    )
    expect(graph.outputs.get('y')?.shape).toEqual(['rows', 4])
  })
})

/** The small model with one thing changed. */
function changed(change: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, smallModel())
  change(model)
  return toBinary(ModelProtoSchema, model)
}

/** A change of the external data of the weight `norm`. */
const placed = (key: string, value: string) => (model: ModelProto) => {
  const entry = model.graph?.initializer.find(({ name }) => name === 'norm')?.externalData.find((item) => item.key === key)
  if (entry) entry.value = value
}
const firstNode = (change: (node: NonNullable<ModelProto['graph']>['node'][number]) => void) => (model: ModelProto) => {
  const node = model.graph?.node[1]
  if (node) change(node)
}
const constant = (change: (tensor: NonNullable<ModelProto['graph']>['initializer'][number]) => void) => (model: ModelProto) => {
  const tensor = model.graph?.initializer.find(({ name }) => name.startsWith('constant/'))
  if (tensor) change(tensor)
}

describe('readModel refuses', () => {
  it.each<[string, (model: ModelProto) => void, string]>([
    ['another opset', (m) => (m.opsetImport[0]!.version = 21n), 'The ONNX model uses opset 21; Attune reads opset 18.'],
    ['no opset', (m) => (m.opsetImport = []), 'The ONNX model uses opset none'],
    ['another com.microsoft opset', (m) => (m.opsetImport[1]!.version = 2n), 'com.microsoft opset 2'],
    ['no graph', (m) => delete m.graph, 'holds no graph'],
    ['no output', (m) => (m.graph!.output = []), 'has no output'],
    [
      'an unknown operator',
      firstNode((n) => (n.opType = 'NonZero')),
      'The node "a/Gemm" (NonZero) is an operator that Attune does not know.'
    ],
    ['an unknown domain', firstNode((n) => (n.domain = 'my.ops')), 'The node "a/Gemm" (my.ops.Gemm) is an operator'],
    [
      'an unknown attribute',
      firstNode((n) => (n.attribute[0]!.name = 'transC')),
      'The node "a/Gemm" (Gemm) has the attribute "transC"'
    ],
    ['an attribute twice', firstNode((n) => n.attribute.push(n.attribute[0]!)), 'has the attribute "transA" twice'],
    [
      'an attribute of another kind',
      firstNode((n) => (n.attribute[0]!.type = 3)),
      'has the attribute "transA" as another kind than int'
    ],
    [
      'an input that is not made before',
      firstNode((n) => (n.input[0] = 'loss')),
      'The node "a/Gemm" (Gemm) reads "loss", which is not made before it.'
    ],
    [
      'a missing input',
      firstNode((n) => (n.input[0] = '')),
      'The node "a/Gemm" (Gemm) does not fit its inputs: Gemm: input A is missing'
    ],
    ['inputs that do not fit', firstNode((n) => n.input.reverse()), 'does not fit its inputs'],
    ['an output twice', firstNode((n) => (n.output[0] = 'a.b/Reshape')), 'two tensors named "a.b/Reshape"'],
    ['an output too many', firstNode((n) => n.output.push('more')), 'The node "a/Gemm" (Gemm) has 2 outputs.'],
    [
      'an output that is never made',
      (m) => (m.graph!.output[0]!.name = 'lost'),
      'The output "lost" of the ONNX graph is never made.'
    ],
    [
      'an output of another type',
      (m) => (m.graph!.output[0]!.type = m.graph!.output[1]!.type!),
      'The output "loss" of the ONNX graph is not of its declared type.'
    ],
    ['a graph output twice', (m) => m.graph!.output.push(m.graph!.output[0]!), 'names an output twice'],
    ['an unknown element type', constant((t) => (t.dataType = 11)), 'has element type 11'],
    ['a constant too short', constant((t) => (t.dims = [7n])), 'should hold 7 numbers, but holds 1'],
    ['a constant of impossible size', constant((t) => (t.dims = [2n ** 40n, 2n ** 40n])), 'has an impossible shape'],
    [
      'a constant that claims to be huge',
      constant((t) => (t.dims = [2n ** 40n])),
      'should hold 1099511627776 numbers, but holds 1'
    ],
    ['a negative size', constant((t) => (t.dims = [-1n])), 'has an impossible size -1'],
    [
      'a shape vector of another length',
      (m) => (m.graph!.input[1]!.name = 'shape/tokens,4,1'),
      'is not a list of 3 int64 numbers'
    ],
    ['a shape vector with an empty name', (m) => (m.graph!.input[1]!.name = 'shape/,4'), 'has an impossible size ""'],
    [
      'an absolute path',
      placed('location', '/etc/passwd'),
      'points to the file "/etc/passwd", which does not lie beside the model'
    ],
    ['a path with a drive', placed('location', 'C:\\weights'), 'does not lie beside the model'],
    ['a path that climbs', placed('location', 'a/../../weights'), 'does not lie beside the model'],
    ['a path that climbs in the Windows way', placed('location', '..\\weights'), 'does not lie beside the model'],
    ['an empty path', placed('location', ''), 'does not lie beside the model'],
    ['a negative offset', placed('offset', '-8'), 'has an impossible offset "-8"'],
    ['an offset that is no number', placed('offset', '0x10'), 'has an impossible offset "0x10"'],
    ['an offset past all files', placed('offset', String(Number.MAX_SAFE_INTEGER)), 'lies past the end of any file'],
    ['an offset too large to count', placed('offset', '99999999999999999999'), 'has an impossible offset'],
    ['another length than the shape needs', placed('length', '16'), 'needs 8 bytes, but its external data has 16'],
    ['overlapping weights', placed('offset', '4'), 'The tensors "bias" and "norm" overlap in their file.'],
    [
      'overlap behind another spelling',
      (m) => {
        placed('offset', '4')(m)
        placed('location', './model.safetensors')(m)
      },
      'overlap in their file'
    ]
  ])('%s', (_, change, message) => {
    expect(refusal(changed(change))).toContain(message)
  })

  it('joins that would grow the name of a size without end', () => {
    const nodes = Array.from({ length: 60 }, (_, i): TinyNode => {
      const from = i === 0 ? 'x' : `y${i - 1}`
      return { op: 'Concat', inputs: [from, from], outputs: [i === 59 ? 'y' : `y${i}`], attributes: { axis: 0 } }
    })
    expect(refusal(tinyModel({ nodes, inputs: [x], outputs: [float('y', 'many', 6)] }))).toContain(
      'its result has an impossible shape'
    )
  })

  it('every damaged copy of a valid model in one sentence, or reads it; it never crashes', () => {
    const valid = smallModel()
    const damage = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(damage, fc.nat(valid.length), fc.boolean(), (places, end, isCut) => {
        const bytes = Uint8Array.from(valid)
        for (const [at, byte] of places) bytes[at] = byte
        expect(refusal(isCut ? bytes.subarray(0, end) : bytes)).toMatch(/^nothing$|[.] (Ask|Export)[^.]*[.]$/)
      }),
      { numRuns: 1500, seed: 7 }
    )
  })

  it('random bytes in one sentence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
        expect(refusal(bytes)).not.toBe('nothing')
      }),
      { numRuns: 500, seed: 7 }
    )
  })

  it('deeply nested messages without running out of stack', () => {
    const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])
    const heads: number[][] = []
    let length = 0
    // From the inside out: an attribute's graph (6), a node's attribute (5), a graph's node (1); around them all the model's graph (7).
    for (const field of [...Array.from({ length: 30_000 }, (_, i) => [6, 5, 1][i % 3] ?? 1), 7]) {
      const head = [(field << 3) | 2, ...varint(length)]
      heads.push(head)
      length += head.length
    }
    expect(refusal(Uint8Array.from(heads.reverse().flat()))).toContain('not an ONNX model')
  })
})
