import { onnxTypeNumber } from '../ops/cast.ts'
import type { DType } from '../types.ts'
import { TensorProto_DataLocation, type TensorProto } from './generated/onnx_pb.js'
import { malformed, short, unsupported } from './malformed.ts'
import type { ExternalLocation } from './write-model.ts'

/** Bytes of one element. */
const widthOf: Readonly<Record<DType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  bfloat16: 2
}

// The keys of the table are exactly the element types.
const dtypes = new Map((Object.keys(onnxTypeNumber) as DType[]).map((dtype) => [onnxTypeNumber[dtype], dtype]))

/** The element type with ONNX's number `number`. Throws an InputError for those our graphs do not hold. */
export function dtypeOf(number: number, what: string): DType {
  const dtype = dtypes.get(number)
  if (!dtype) throw unsupported(`${what} has element type ${number}, which Attune does not compute with.`)
  return dtype
}

/** A tensor stored with the model: numbers inside it, or the place of its bytes in another file. */
export interface StoredTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly content: { readonly data: readonly number[] } | { readonly external: ExternalLocation }
}

/** Reads an initializer. All sizes are checked before anything is allocated. */
export function readStored(tensor: TensorProto): StoredTensor {
  const what = `The tensor "${short(tensor.name)}"`
  const dtype = dtypeOf(tensor.dataType, what)
  const shape = tensor.dims.map((dim) => {
    if (dim < 0n || dim > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`${what} has an impossible size ${dim}.`, tensor.name)
    return Number(dim)
  })
  const count = shape.reduce((product, size) => product * size, 1)
  const bytes = count * widthOf[dtype]
  if (shape.length > 64 || !Number.isSafeInteger(bytes)) throw malformed(`${what} has an impossible shape.`, tensor.name)
  if (tensor.segment) throw unsupported(`${what} is cut into segments.`)
  const isExternal = tensor.dataLocation === TensorProto_DataLocation.EXTERNAL
  const content = isExternal ? { external: readLocation(tensor, bytes, what) } : { data: readInline(tensor, dtype, count, what) }
  return { dtype, shape, content }
}

function readLocation(tensor: TensorProto, bytes: number, what: string): ExternalLocation {
  const entries = new Map<string, string>()
  for (const { key, value } of tensor.externalData) {
    if (entries.has(key)) throw malformed(`${what} gives "${short(key)}" of its external data twice.`, tensor.name)
    if (!['location', 'offset', 'length', 'checksum'].includes(key))
      throw unsupported(`${what} has external data with "${short(key)}", which Attune does not know.`)
    entries.set(key, value)
  }
  const location = insideLocation(entries.get('location') ?? '', tensor, what)
  const number = (key: string, fallback: number): number => {
    const text = entries.get(key)
    if (text === undefined) return fallback
    const value = Number(text)
    if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value))
      throw malformed(`${what} has an impossible ${key} "${short(text)}" in its external data.`, tensor.name)
    return value
  }
  const [offset, length] = [number('offset', 0), number('length', bytes)]
  if (length !== bytes) throw malformed(`${what} needs ${bytes} bytes, but its external data has ${length}.`, tensor.name)
  if (!Number.isSafeInteger(offset + length)) throw malformed(`${what} lies past the end of any file.`, tensor.name)
  return { location, offset, length }
}

/** The name of a file beside the model. @throws InputError for every other place */
function insideLocation(location: string, { name }: TensorProto, what: string): string {
  const segments = location.split(/[\\/]/)
  const isInside = location !== '' && !/^[A-Za-z]:|\0/.test(location) && segments.every((part) => part !== '' && part !== '..')
  if (isInside) return location
  throw malformed(`${what} points to the file "${short(location)}", which does not lie beside the model.`, name)
}

/** The files that hold a tensor's bytes outside the model. @throws InputError where one does not lie beside it */
export function outsideFiles(tensor: TensorProto): readonly string[] {
  const what = `The tensor "${short(tensor.name)}"`
  return tensor.externalData.flatMap(({ key, value }) => (key === 'location' ? [insideLocation(value, tensor, what)] : []))
}

/** Refuses weights that share bytes of a file. */
export function checkOverlaps(locations: ReadonlyMap<string, ExternalLocation>): void {
  const byFile = new Map<string, { name: string; offset: number; end: number }[]>()
  for (const [name, { location, offset, length }] of locations) {
    const key = location
      .split(/[\\/]/)
      .filter((part) => part !== '.')
      .join('/')
    const ranges = byFile.get(key) ?? []
    ranges.push({ name, offset, end: offset + length })
    byFile.set(key, ranges)
  }
  for (const ranges of byFile.values()) {
    let last = { name: '', offset: 0, end: 0 }
    for (const range of ranges.filter(({ offset, end }) => end > offset).sort((a, b) => a.offset - b.offset)) {
      if (range.offset < last.end)
        throw malformed(`The tensors "${short(last.name)}" and "${short(range.name)}" overlap in their file.`, range.name)
      last = range
    }
  }
}

/** The numbers of a tensor that is stored inside the model, whichever of ONNX's fields holds them. */
function readInline(tensor: TensorProto, dtype: DType, count: number, what: string): readonly number[] {
  const { rawData } = tensor
  const field = dtype === 'float32' ? tensor.floatData : dtype === 'int64' ? tensor.int64Data : tensor.int32Data
  const held = rawData.length > 0 ? rawData.length / widthOf[dtype] : field.length
  if (held !== count) throw malformed(`${what} should hold ${count} numbers, but holds ${held}.`, tensor.name)
  const data = rawData.length > 0 ? fromRaw(dtype, rawData, what) : fromField(dtype, tensor, what)
  if (dtype === 'bool' && data.some((item) => item !== 0 && item !== 1))
    throw malformed(`${what} holds a truth value besides 0 and 1.`, tensor.name)
  return data
}

function fromRaw(dtype: DType, raw: Uint8Array, what: string): number[] {
  // A copy: typed arrays need aligned memory, and a Buffer's slice would share the file's.
  const { buffer } = new Uint8Array(raw)
  switch (dtype) {
    case 'float32':
      return Array.from(new Float32Array(buffer))
    case 'int64':
      return Array.from(new BigInt64Array(buffer), (item) => wholeNumber(item, what))
    case 'int32':
      return Array.from(new Int32Array(buffer))
    case 'int8':
      return Array.from(new Int8Array(buffer))
    case 'float16':
      return Array.from(new Float16Array(buffer))
    case 'bfloat16':
      return Array.from(new Uint16Array(buffer), bfloat16Number)
    case 'uint8':
    case 'bool':
      return Array.from(raw)
  }
}

function fromField(dtype: DType, { floatData, int64Data, int32Data }: TensorProto, what: string): number[] {
  switch (dtype) {
    case 'float32':
      return [...floatData]
    case 'int64':
      return int64Data.map((item) => wholeNumber(item, what))
    case 'float16':
      return Array.from(new Float16Array(Uint16Array.from(int32Data).buffer))
    case 'bfloat16':
      return int32Data.map(bfloat16Number)
    case 'uint8':
      return Array.from(Uint8Array.from(int32Data))
    case 'int8':
    case 'int32':
    case 'bool':
      return [...int32Data]
  }
}

const bfloat16Number = (bits: number): number => new Float32Array(Uint32Array.of((bits & 0xffff) << 16).buffer)[0] ?? NaN

const [smallest, largest] = [-(2n ** 63n), 2n ** 63n - 1n]

/** An int64 as a number. The two extremes, which exporters write for "to the end", become the largest numbers we hold. */
function wholeNumber(item: bigint, what: string): number {
  if (item === largest) return Number.MAX_SAFE_INTEGER
  if (item === smallest) return Number.MIN_SAFE_INTEGER
  const number = Number(item)
  if (!Number.isSafeInteger(number)) throw malformed(`${what} holds the number ${item}, which is too large.`)
  return number
}
