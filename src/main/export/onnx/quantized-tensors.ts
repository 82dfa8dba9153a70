import { elementBytes, elementCount, type TensorSource } from '../../engine/weights/elements.ts'
import { wholeOf } from './arrange-tensors.ts'
import { quantizeColumns } from '../../engine/weights/quantize-columns.ts'
import { quantizeNibbles, quantizeRows } from './quantize.ts'

/** A float tensor in another form: its numbers, and the scales that give them back. */
export interface QuantizedTensor {
  readonly values: TensorSource
  readonly scales: TensorSource
}

/** Numbers a block of 4-bit weights; one scale each. */
export const NIBBLE_BLOCK = 32
/** Numbers a block of an 8-bit table's row. */
export const ROW_BLOCK = 128
/** Elements of a table that are read together. */
const PART = 1 << 20

type Quantized = { readonly values: Uint8Array<ArrayBuffer>; readonly scales: Float32Array<ArrayBuffer> }

/** A float32 matrix [in, out] in int8, one scale a column. It is in memory whole while it is read. */
export function byteColumns(matrix: TensorSource): QuantizedTensor {
  const [, columns = 0] = matrix.shape
  const make = async (): Promise<Quantized> => {
    const { values, scales } = quantizeColumns(floatsOf(await wholeOf(matrix)), columns)
    return { values: bytesOf(values), scales }
  }
  return wholeMatrix(matrix.name, make, { dtype: 'I8', shape: matrix.shape }, [columns])
}

/** A float32 matrix [in, out] in 4 bits, as MatMulNBits takes it. It is in memory whole while it is read. */
export function nibbleBlocks(matrix: TensorSource): QuantizedTensor {
  const [rows = 0, columns = 0] = matrix.shape
  const blocks = Math.ceil(rows / NIBBLE_BLOCK)
  const make = async (): Promise<Quantized> => {
    const { packed, scales } = quantizeNibbles(floatsOf(await wholeOf(matrix)), columns, NIBBLE_BLOCK)
    return { values: packed, scales }
  }
  return wholeMatrix(matrix.name, make, { dtype: 'U8', shape: [columns, blocks, NIBBLE_BLOCK / 2] }, [columns * blocks])
}

function wholeMatrix(
  name: string,
  make: () => Promise<Quantized>,
  values: Pick<TensorSource, 'dtype' | 'shape'>,
  shape: readonly number[]
): QuantizedTensor {
  // The scales are a small part of the matrix: what was worked out for the values is kept for them.
  let known: Float32Array<ArrayBuffer> | null = null
  return {
    values: {
      ...{ name: `${name}_quantized`, ...values },
      async *chunks() {
        const made = await make()
        known = made.scales
        yield made.values
      }
    },
    scales: {
      ...{ name: `${name}_scale`, dtype: 'F32', shape },
      async *chunks() {
        yield bytesOf(known ?? (await make()).scales)
      }
    }
  }
}

/** A float32 table [rows, width] in uint8 with blocks along each row, read in parts: tables can be larger than what may be in memory. */
export function byteRows(table: TensorSource): QuantizedTensor {
  const [rows = 0, width = 0] = table.shape
  const pick = (part: keyof Quantized) =>
    async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const some of wholeRows(table, width)) yield bytesOf(quantizeRows(some, width, ROW_BLOCK)[part])
    }
  return {
    values: { name: `${table.name}_quantized`, dtype: 'U8', shape: [rows, width], chunks: pick('values') },
    scales: {
      ...{ name: `${table.name}_scale`, dtype: 'F32', shape: [rows, Math.ceil(width / ROW_BLOCK)] },
      chunks: pick('scales')
    }
  }
}

/** A table's chunks, cut anew where rows end. */
async function* wholeRows(table: TensorSource, width: number): AsyncGenerator<Float32Array, void, undefined> {
  const rows = Math.max(1, Math.floor(PART / width))
  const total = elementCount(table.shape)
  const part = new Uint8Array(rows * width * elementBytes[table.dtype])
  let [held, seen] = [0, 0]
  for await (const chunk of table.chunks()) {
    for (let at = 0; at < chunk.byteLength;) {
      const some = chunk.subarray(at, at + part.byteLength - held)
      part.set(some, held)
      held += some.byteLength
      at += some.byteLength
      seen += some.byteLength
      if (held < part.byteLength && seen < total * elementBytes[table.dtype]) continue
      yield floatsOf(part.subarray(0, held))
      held = 0
    }
  }
}

const floatsOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array =>
  new Float32Array(buffer, byteOffset, byteLength / elementBytes.F32)

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer, byteOffset, byteLength)
