import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'

/** Gives a fresh temporary folder; all are removed after each test. */
export function temporaryFolders(): () => Promise<string> {
  const made: string[] = []
  afterEach(async () => {
    for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
  })
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'attune-weights-'))
    made.push(folder)
    return folder
  }
}

export interface EntryDescription {
  dtype: string
  shape: unknown
  data_offsets: unknown
}

/** The bytes of a safetensors file with any header text and any data, lawful or not. */
export function fileBytes(header: string | Uint8Array, data: Uint8Array = new Uint8Array(0), length?: bigint): Uint8Array {
  const text = Buffer.from(header)
  const start = Buffer.alloc(8)
  start.writeBigUInt64LE(length ?? BigInt(text.byteLength))
  return Buffer.concat([start, text, data])
}

/** Writes a lawful file of float32 tensors with ascending values and the given shapes. */
export async function writeFloats(path: string, shapes: Readonly<Record<string, readonly number[]>>, first = 0): Promise<void> {
  const header: Record<string, EntryDescription> = {}
  const values: number[] = []
  for (const [name, shape] of Object.entries(shapes)) {
    const count = shape.reduce((product, size) => product * size, 1)
    header[name] = { dtype: 'F32', shape, data_offsets: [4 * values.length, 4 * (values.length + count)] }
    for (let i = 0; i < count; i++) values.push(first + values.length)
  }
  const text = JSON.stringify(header)
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8)
  await writeFile(path, fileBytes(padded, new Uint8Array(Float32Array.from(values).buffer)))
}

/** What a promise is rejected with; fails unless it is an InputError. */
export async function refusal(promise: Promise<unknown>): Promise<InputError> {
  const error = await promise.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason
  )
  if (error instanceof InputError) return error
  throw error
}

export interface ReferenceTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  /** The values as float32, as words. */
  readonly float32: readonly number[]
  /** The stored bytes in hex. */
  readonly bytes: string
}

export interface Reference {
  readonly tensors: Readonly<Record<string, ReferenceTensor>>
  readonly weights_hash: string
  readonly rounding: Readonly<Record<'float32' | 'bfloat16' | 'float16', readonly number[]>>
}

const fixtures = join(import.meta.dirname, '../../../../fixtures/safetensors')

/** Written by the reference safetensors library (scripts/reference/safetensors_fixture.py). */
export const referencePath = join(fixtures, 'reference.safetensors')

/** What the reference file holds, from the same script. */
export function readReference(): Reference {
  // Our own fixture; its shape is what the script writes.
  return JSON.parse(readFileSync(join(fixtures, 'reference.json'), 'utf8')) as Reference
}
