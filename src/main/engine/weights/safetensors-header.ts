import { InputError } from '../../base/errors.ts'
import { elementBytes, isElementType } from './elements.ts'
import type { ElementType } from './elements.ts'
import { findJsonExcess } from './json-outline.ts'
import { quoted } from '../../base/storage-problem.ts'

/** Where one tensor lies in a safetensors file. `begin` and `end` are byte offsets from the start of the file. */
export interface TensorInfo {
  readonly dtype: ElementType
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface ParsedHeader {
  /** In the order of the data. */
  readonly tensors: ReadonlyMap<string, TensorInfo>
  readonly metadata: ReadonlyMap<string, string>
}

/** The longest header the format allows. */
export const maximumHeaderBytes = 100_000_000
// A header of a million tensors has about six commas for each.
const jsonLimits = { depth: 8, commas: 6_000_000 }
const maximumRank = 64

/** The error for a safetensors file that is not what it says. `reason` completes "The weights file "x" …". */
export function damaged(file: string, reason: string, tensor?: string): InputError {
  const advice = 'Copy or download the file again.'
  const where = tensor === undefined ? { file } : { file, tensor }
  return new InputError('weights-damaged', `The weights file ${quoted(file)} ${reason} ${advice}`, where)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function parseJson(bytes: Uint8Array, file: string): Record<string, unknown> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw damaged(file, 'has a header that is not text.')
  }
  const excess = findJsonExcess(text, jsonLimits)
  if (excess?.kind === 'deep') throw damaged(file, 'has a header that is nested too deeply.')
  if (excess?.kind === 'many') throw damaged(file, 'describes more than a million tensors in its header.')
  if (excess?.kind === 'duplicate') throw damaged(file, `describes ${quoted(excess.key)} twice in its header.`, excess.key)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged(file, 'has a header that is not valid JSON.')
  }
  if (!isRecord(value)) throw damaged(file, 'has a header that is not a JSON object.')
  return value
}

function parseMetadata(value: unknown, file: string): Map<string, string> {
  const metadata = new Map<string, string>()
  if (value === undefined) return metadata
  if (!isRecord(value)) throw damaged(file, 'has metadata that are not a JSON object.')
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw damaged(file, `has metadata ${quoted(key)} that are not text.`)
    metadata.set(key, text)
  }
  return metadata
}

/** The bytes of `shape`, or `undefined` beyond what a number holds exactly. */
function byteLength(shape: readonly number[], dtype: ElementType): number | undefined {
  let bytes: number = elementBytes[dtype]
  for (const size of shape) {
    bytes *= size
    if (!Number.isSafeInteger(bytes)) return undefined
  }
  return bytes
}

/** Checks one entry by itself and turns its offsets, which the file counts from `dataStart`, into offsets in the file. */
function parseTensor(name: string, value: unknown, dataStart: number, fileSize: number, file: string): TensorInfo {
  const fault = (reason: string) =>
    damaged(
      file,
      reason.replace('TENSOR', () => `the tensor ${quoted(name)}`),
      name
    )
  if (!isRecord(value)) throw fault('does not describe TENSOR properly: its entry is not a JSON object.')
  const { dtype, shape, data_offsets: offsets } = value
  if (!isElementType(dtype)) {
    throw fault(`stores TENSOR in the unknown element type ${quoted(typeof dtype === 'string' ? dtype : typeof dtype)}.`)
  }
  if (!Array.isArray(shape) || shape.length > maximumRank || !shape.every(isCount)) {
    throw fault('gives TENSOR a shape that is not a list of whole numbers.')
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw fault('gives TENSOR offsets that are not two whole numbers.')
  }
  const [first = 0, last = 0]: number[] = offsets
  if (last < first) throw fault(`says that TENSOR ends (at byte ${last}) before it begins (at byte ${first}).`)
  const expected = byteLength(shape, dtype)
  if (expected === undefined) throw fault(`gives TENSOR the impossible size [${shape.join(', ')}].`)
  if (expected !== last - first) {
    throw fault(`holds ${last - first} bytes for TENSOR, but ${dtype} [${shape.join(', ')}] takes ${expected}.`)
  }
  if (last > fileSize - dataStart) {
    throw fault(`is cut off or wrong: TENSOR should end at byte ${dataStart + last}, but the file has only ${fileSize} bytes.`)
  }
  return { dtype, shape, begin: dataStart + first, end: dataStart + last }
}

/** Refuses overlapping tensors and bytes that belong to none; `tensors` are sorted by where they begin. */
function checkCoverage(
  tensors: readonly (readonly [string, TensorInfo])[],
  dataStart: number,
  fileSize: number,
  file: string
): void {
  let end = dataStart
  let previous = 'the header'
  for (const [name, info] of tensors) {
    if (info.begin < end) throw damaged(file, `lets the tensors ${quoted(name)} and ${previous} overlap.`, name)
    if (info.begin > end) {
      throw damaged(file, `has ${info.begin - end} bytes before the tensor ${quoted(name)} that belong to no tensor.`, name)
    }
    end = info.end
    previous = quoted(name)
  }
  if (end < fileSize) throw damaged(file, `has ${fileSize - end} bytes at its end that belong to no tensor.`)
}

/**
 * Checks and reads the header of a safetensors file.
 * @param bytes the JSON text, without the 8 bytes of its length
 * @param fileSize bytes in the whole file; the data begin at 8 + `bytes.byteLength`
 * @param file what messages call the file
 * @throws InputError for anything the format forbids: duplicate keys, unknown types, sizes that disagree with the offsets, offsets outside
 * the file, overlaps, gaps
 */
export function parseSafetensorsHeader(bytes: Uint8Array, fileSize: number, file: string): ParsedHeader {
  const dataStart = 8 + bytes.byteLength
  const { __metadata__, ...entries } = parseJson(bytes, file)
  const metadata = parseMetadata(__metadata__, file)
  const tensors = Object.entries(entries)
    .map(([name, value]) => [name, parseTensor(name, value, dataStart, fileSize, file)] as const)
    .sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)
  checkCoverage(tensors, dataStart, fileSize, file)
  return { tensors: new Map(tensors), metadata }
}
