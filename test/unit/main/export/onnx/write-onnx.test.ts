import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readModel } from '../../../../../src/main/engine/graph/onnx/read-model.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import type { TensorSource } from '../../../../../src/main/engine/weights/elements.ts'
import { joined, transposed, wholeOf } from '../../../../../src/main/export/onnx/arrange-tensors.ts'
import type { InferenceModel } from '../../../../../src/main/export/onnx/inference-model.ts'
import { writeOnnx } from '../../../../../src/main/export/onnx/write-onnx.ts'
import { bytesOf } from '../../../../helpers/tiny-onnx.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-write-onnx-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const numbers = (
  name: string,
  shape: readonly number[],
  values: ArrayLike<number>,
  dtype: 'F32' | 'F16' = 'F32'
): TensorSource => ({
  ...{ name, dtype, shape },
  *chunks() {
    // In two pieces, as large tensors come.
    const bytes = bytesOf(dtype === 'F32' ? Float32Array.from(values) : new Float16Array(values))
    yield bytes.subarray(0, 4)
    yield bytes.subarray(4)
  }
})

const floats = async (tensor: TensorSource): Promise<number[]> => {
  const { buffer } = await wholeOf(tensor)
  return [...(tensor.dtype === 'F32' ? new Float32Array(buffer) : new Float16Array(buffer))]
}

describe('tensors as the graph wants them', () => {
  test.each(['F32', 'F16'] as const)('a matrix is turned round, whatever its size (%s)', async (dtype) => {
    const [rows, columns] = [3, 130]
    const values = Array.from({ length: rows * columns }, (_, i) => i)
    const turned = transposed(numbers('W', [rows, columns], values, dtype))
    expect(turned.shape).toEqual([columns, rows])
    const found = await floats(turned)
    expect(found).toEqual(Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]))
  })

  test('vectors are put one after another', async () => {
    const both = joined('qk', [numbers('q', [2], [1, 2]), numbers('k', [3], [3, 4, 5])])
    expect(both.shape).toEqual([5])
    expect(await floats(both)).toEqual([1, 2, 3, 4, 5])
  })
})

/** y = x · W + b, with a W of 4 KiB and a b of a few bytes. */
function model(size = 32): InferenceModel {
  const g = new Ops({ training: false })
  const tensors = [
    numbers(
      'W',
      [size, size],
      Array.from({ length: size * size }, (_, i) => i)
    ),
    numbers('b', [size], new Array<number>(size).fill(2))
  ]
  const [W, b] = tensors.map(({ name, shape }) => g.weight(name, 'float32', shape))
  if (W && b) g.output('y', g.add(g.matMul(g.input('x', 'float32', ['rows', size]), W), b))
  return { graph: g.build(), inputs: ['x'], tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])) }
}

const written = async (name: string, options: { externalData?: boolean } = {}): Promise<number[]> => {
  const told: number[] = []
  const onProgress = (done: number): void => void told.push(done)
  await writeOnnx(root, name, model(), { ...options, signal: new AbortController().signal, onProgress })
  return told
}

describe('an ONNX file', () => {
  test('holds its weights and says how far it is', async () => {
    const told = await written('one.onnx')
    expect(told.at(-1)).toBe(32 * 32 * 4 + 32 * 4)
    expect(readModel(await readFile(join(root, 'one.onnx'))).locations.size).toBe(0)
    expect(await readdir(root)).not.toContain('one.onnx.data')
  })

  test('leaves large weights in a file beside it, at pages of memory, and keeps small ones', async () => {
    await written('two.onnx', { externalData: true })
    const { locations } = readModel(await readFile(join(root, 'two.onnx')))
    expect([...locations]).toEqual([['W', { location: 'two.onnx.data', offset: 0, length: 4096 }]])
    const data = await readFile(join(root, 'two.onnx.data'))
    expect([...new Float32Array(new Uint8Array(data).buffer)].slice(0, 3)).toEqual([0, 1, 2])
  })

  test('has the same bytes each time', async () => {
    await written('a.onnx')
    await written('b.onnx')
    expect(await readFile(join(root, 'a.onnx'))).toEqual(await readFile(join(root, 'b.onnx')))
  })

  test('is never written over, and stops when it is told to', async () => {
    await written('taken.onnx')
    const { size } = await stat(join(root, 'taken.onnx'))
    await expect(written('taken.onnx')).rejects.toThrow()
    expect((await stat(join(root, 'taken.onnx'))).size).toBe(size)
    const stopped = { signal: AbortSignal.abort(), onProgress: () => undefined }
    await expect(writeOnnx(root, 'stopped.onnx', model(), stopped)).rejects.toThrow()
  })
})
