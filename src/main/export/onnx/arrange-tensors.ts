import { assert } from '../../base/assert.ts'
import { elementBytes, elementCount, type TensorSource } from '../../engine/weights/elements.ts'

/** A matrix [out, in] as [in, out], which is how MatMul takes it. It is in memory whole, twice, while it is read. */
export function transposed(tensor: TensorSource): TensorSource {
  const [rows = 0, columns = 0] = tensor.shape
  const width = elementBytes[tensor.dtype]
  return {
    ...tensor,
    shape: [columns, rows],
    async *chunks() {
      const bytes = await wholeOf(tensor)
      const out = new Uint8Array(bytes.byteLength)
      if (width === 4) transposeInto(new Uint32Array(bytes.buffer), new Uint32Array(out.buffer), rows, columns)
      else if (width === 2) transposeInto(new Uint16Array(bytes.buffer), new Uint16Array(out.buffer), rows, columns)
      else throw new Error(`${tensor.name}: elements of ${width} bytes are not transposed`)
      yield out
    }
  }
}

function transposeInto<T extends Uint32Array | Uint16Array>(from: T, to: T, rows: number, columns: number): void {
  // In blocks, so that what is read and what is written both stay in the processor's cache.
  const block = 64
  for (let top = 0; top < rows; top += block) {
    for (let left = 0; left < columns; left += block) {
      const [bottom, right] = [Math.min(rows, top + block), Math.min(columns, left + block)]
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) to[column * rows + row] = from[row * columns + column] ?? 0
    }
  }
}

/** Vectors one after another. */
export const joined = (name: string, tensors: readonly TensorSource[]): TensorSource => ({
  name,
  dtype: tensors[0]?.dtype ?? 'F32',
  shape: [tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0)],
  async *chunks() {
    for (const tensor of tensors) yield* tensor.chunks()
  }
})

/** Matrices [in, out] of equally many rows as one, [in, sum of out]. They are in memory whole while it is read. */
export function sideBySide(name: string, matrices: readonly TensorSource[]): TensorSource {
  const [first] = matrices
  const rows = first?.shape[0] ?? 0
  const dtype = first?.dtype ?? 'F32'
  return {
    name,
    dtype,
    shape: [rows, matrices.reduce((sum, { shape }) => sum + (shape[1] ?? 0), 0)],
    async *chunks() {
      const parts: Uint8Array[] = []
      for (const matrix of matrices) parts.push(await wholeOf(matrix))
      const widths = matrices.map(({ shape }) => elementBytes[dtype] * (shape[1] ?? 0))
      for (let row = 0; row < rows; row++)
        yield Buffer.concat(parts.map((part, i) => part.subarray(row * (widths[i] ?? 0), (row + 1) * (widths[i] ?? 0))))
    }
  }
}

/** All of a tensor's bytes. */
export async function wholeOf(tensor: TensorSource): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(elementBytes[tensor.dtype] * elementCount(tensor.shape))
  let at = 0
  for await (const chunk of tensor.chunks()) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  assert(at === bytes.byteLength, `the tensor ${tensor.name} gave ${at} of its ${bytes.byteLength} bytes`)
  return bytes
}
