import { expect, test } from 'vitest'
import type { TensorSource } from '../../../../../src/main/engine/weights/elements.ts'
import { joined, sideBySide, transposed, wholeOf } from '../../../../../src/main/export/onnx/arrange-tensors.ts'

const tensor = (shape: readonly number[], values: readonly number[]): TensorSource => ({
  ...{ name: 'x', dtype: 'F32', shape },
  chunks: () => [new Uint8Array(Float32Array.from(values).buffer)]
})
const numbersOf = async (source: TensorSource): Promise<number[]> => [...new Float32Array((await wholeOf(source)).buffer)]

test('a matrix is turned round', async () => {
  const turned = transposed(tensor([2, 3], [1, 2, 3, 4, 5, 6]))
  expect(turned.shape).toEqual([3, 2])
  expect(await numbersOf(turned)).toEqual([1, 4, 2, 5, 3, 6])
})

test('matrices of other widths stand side by side', async () => {
  const both = sideBySide('both', [tensor([2, 2], [1, 2, 3, 4]), tensor([2, 1], [5, 6])])
  expect(both).toMatchObject({ name: 'both', dtype: 'F32', shape: [2, 3] })
  expect(await numbersOf(both)).toEqual([1, 2, 5, 3, 4, 6])
})

test('vectors stand one after another', async () => {
  const all = joined('all', [tensor([2], [1, 2]), tensor([1], [3])])
  expect(all.shape).toEqual([3])
  expect(await numbersOf(all)).toEqual([1, 2, 3])
})
