import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { defined } from '../../base/assert.ts'
import { freeSpace } from '../../base/free-space.ts'
import { isOnNetwork } from '../../base/network-drive.ts'
import { readFile } from '../../base/sealed/fs.ts'
import { InputError, systemCodeOf } from '../../base/errors.ts'
import { syncFolder, writeJsonAtomic } from '../../base/files.ts'
import { sweepAside, writeAside } from './aside.ts'
import { openSafetensors } from './checkpoint-folder.ts'
import type { Checkpoint, CheckpointFile, TensorEntry } from './checkpoint-folder.ts'
import { compareNames, elementBytes, elementCount, isFloat, upcast } from './elements.ts'
import type { TensorSource } from './elements.ts'
import { quoted, showBytes, storageProblem } from '../../base/storage-problem.ts'
import { readTensorBytes, recheckFiles, tensorEntry } from './read-tensor.ts'
import { writeSafetensors } from './safetensors.ts'
import { hashSamples, preparedFormat, sourceKey } from './source-key.ts'

/** Where ONNX external data finds a tensor's float32 values: a file of the folder, and bytes in it. */
export interface TensorLocation {
  readonly location: string
  readonly offset: number
  readonly length: number
}

/** Frozen weights as a session can map them: one real folder, float32, little-endian, aligned. */
export interface PreparedWeights {
  readonly folder: string
  /** Where a needed tensor lies. Asking for one that was not needed is a bug. */
  readonly locate: (name: string) => TensorLocation
  /** Bytes that this call wrote: 0 when the model's own folder or an earlier copy serves. */
  readonly copiedBytes: number
  /** Checks again that the files to be mapped are as they were. Call it right before a session opens. @throws InputError */
  readonly recheck: () => Promise<void>
}

export interface PrepareOptions {
  /** Names of the frozen tensors that sessions will map. */
  readonly need: readonly string[]
  readonly signal?: AbortSignal | undefined
  /** Bytes of the copy written so far, and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

const weightsName = 'weights.safetensors'
const noteName = 'prepared.json'

function fileOf(checkpoint: Checkpoint, name: string): CheckpointFile {
  const entry = tensorEntry(checkpoint, name)
  return defined(
    checkpoint.files.find((file) => file.file === entry.file),
    `the file of ${name}`
  )
}

/** The one real folder in which all needed tensors can be mapped as they are, or `undefined`. */
function directFolder(checkpoint: Checkpoint, need: readonly string[]): string | undefined {
  const folders = new Set<string>()
  for (const name of need) {
    const { dtype, offset } = tensorEntry(checkpoint, name)
    if (dtype !== 'F32' || offset % 4 !== 0) return undefined
    folders.add(dirname(fileOf(checkpoint, name).path))
  }
  if (folders.size > 1) return undefined
  return [...folders][0] ?? checkpoint.folder
}

/**
 * The folder whose files sessions may map as they are. One on a network drive is copied where the cache lies nearer: a connection that breaks would
 * end a process that has mapped its files (docs/decisions/0056).
 */
async function mappableFolder(checkpoint: Checkpoint, cacheRoot: string, need: readonly string[]): Promise<string | undefined> {
  const folder = directFolder(checkpoint, need)
  if (folder === undefined || need.length === 0) return folder
  return (await isOnNetwork(folder)) && !(await isOnNetwork(cacheRoot)) ? undefined : folder
}

function floatNames(checkpoint: Checkpoint): string[] {
  return [...checkpoint.tensors.keys()].filter((name) => isFloat(tensorEntry(checkpoint, name).dtype)).sort(compareNames)
}

const copyBytes = (checkpoint: Checkpoint): number =>
  4 * floatNames(checkpoint).reduce((sum, name) => sum + elementCount(tensorEntry(checkpoint, name).shape), 0)

/** Bytes that `prepareWeights` would write: 0 where the model's own folder or an earlier copy serves. */
export async function missingPreparation(checkpoint: Checkpoint, cacheRoot: string, need: readonly string[]): Promise<number> {
  if ((await mappableFolder(checkpoint, cacheRoot, need)) !== undefined) return 0
  const bytes = copyBytes(checkpoint)
  return (await openPrepared(join(cacheRoot, await sourceKey(checkpoint)), checkpoint)) === undefined ? bytes : 0
}

function locator(checkpoint: Checkpoint, need: readonly string[]): PreparedWeights['locate'] {
  const places = new Map<string, TensorLocation>()
  for (const name of need) {
    const { offset, length } = tensorEntry(checkpoint, name)
    places.set(name, { location: basename(fileOf(checkpoint, name).path), offset, length })
  }
  return (name) => defined(places.get(name), `the location of ${name}, which was not asked to be prepared,`)
}

/** The finished copy in `folder`, or `undefined` where there is none or it is not as it was when it was finished. */
async function openPrepared(folder: string, source: Checkpoint): Promise<Checkpoint | undefined> {
  try {
    const note: unknown = JSON.parse(await readFile(join(folder, noteName), 'utf8'))
    const copy = await openSafetensors(join(folder, weightsName))
    const [file] = copy.files
    if (file === undefined || !isNote(note) || note.bytes !== file.size) return undefined
    if (note.samples !== (await hashSamples(file)) || note.header !== file.headerHash) return undefined
    return floatNames(source).every((name) => copy.tensors.get(name)?.dtype === 'F32') ? copy : undefined
  } catch {
    // Whatever is wrong with a copy, the answer is to make it again.
    return undefined
  }
}

interface Note {
  readonly bytes: number
  readonly header: string
  readonly samples: string
}

function isNote(value: unknown): value is Note {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'header' in value && 'samples' in value
}

async function* upcastChunks(
  checkpoint: Checkpoint,
  name: string,
  signal?: AbortSignal
): AsyncGenerator<Uint8Array, void, undefined> {
  const { dtype } = tensorEntry(checkpoint, name)
  for await (const chunk of readTensorBytes(checkpoint, name, { signal })) {
    const out = new Float32Array(chunk.byteLength / elementBytes[dtype])
    upcast(dtype, chunk, out, 0)
    yield new Uint8Array(out.buffer)
  }
}

async function requireSpace(root: string, bytes: number, checkpoint: Checkpoint): Promise<void> {
  const free = await freeSpace(root)
  if (free >= bytes) return
  const needs = `takes ${showBytes(bytes)} in ${quoted(root)}, where ${showBytes(free)} are free`
  const message = `A float32 copy of the weights in ${quoted(checkpoint.folder)} ${needs}. Free some space or move Attune's data folder.`
  throw new InputError('disk-full', message, { file: root })
}

/** Puts the finished folder in place. Another process may have been faster; a damaged copy makes room. */
async function placeFolder(aside: string, target: string, source: Checkpoint): Promise<void> {
  try {
    await rename(aside, target)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemCodeOf(error) ?? '')) throw error
    if ((await openPrepared(target, source)) === undefined) {
      await rm(target, { recursive: true, force: true })
      await rename(aside, target)
    } else {
      await rm(aside, { recursive: true, force: true })
    }
  }
}

async function writeCopy(source: Checkpoint, target: string, options: PrepareOptions): Promise<void> {
  const entries: TensorSource[] = floatNames(source).map((name) => {
    const chunks = () => upcastChunks(source, name, options.signal)
    return { name, dtype: 'F32', shape: tensorEntry(source, name).shape, chunks }
  })
  const write = async (aside: string) => {
    await mkdir(aside)
    await writeSafetensors(join(aside, weightsName), entries, { signal: options.signal, onProgress: options.onProgress })
    await recheckFiles(source)
    const file = defined((await openSafetensors(join(aside, weightsName))).files[0], 'the file just written')
    await writeJsonAtomic(join(aside, noteName), {
      format: preparedFormat,
      bytes: file.size,
      header: file.headerHash,
      samples: await hashSamples(file)
    } satisfies Note & { format: string })
    await syncFolder(aside)
  }
  await writeAside(target, write, (aside) => placeFolder(aside, target, source))
}

/** Refuses needed tensors that have no float32 copy, by name. */
export function requireFloats(checkpoint: Checkpoint, need: readonly string[]): void {
  for (const name of need) {
    const entry = tensorEntry(checkpoint, name)
    if (!isFloat(entry.dtype)) throw integerProblem(name, entry)
  }
}

/** The error for a weight that is stored in a type without fractions, as quantised models have them. */
export function integerProblem(tensor: string, { dtype, file }: Pick<TensorEntry, 'dtype' | 'file'>): InputError {
  const message = `The tensor ${quoted(tensor)} is stored as ${dtype}, which Attune cannot compute with. Use the model's float32, float16 or bfloat16 version.`
  return new InputError('dtype-unsupported', message, { file, tensor })
}

/**
 * Makes frozen weights mappable. The model's own folder serves when every needed tensor is float32, aligned to 4 bytes and in one real
 * folder of this machine (for a Hugging Face snapshot that is its `blobs`). Otherwise one folder under `cacheRoot` gets a float32 copy of every float
 * tensor, so that it serves every method; it is written aside, renamed when complete, and reused as long as the source is the same.
 * @throws InputError for a tensor that is absent or of a type without float32 values, a source that changed, a full or refusing disk
 */
export async function prepareWeights(
  checkpoint: Checkpoint,
  cacheRoot: string,
  options: PrepareOptions
): Promise<PreparedWeights> {
  const { need } = options
  requireFloats(checkpoint, need)
  await recheckFiles(checkpoint)
  const direct = await mappableFolder(checkpoint, cacheRoot, need)
  if (direct !== undefined) {
    return { folder: direct, locate: locator(checkpoint, need), copiedBytes: 0, recheck: () => recheckFiles(checkpoint) }
  }
  try {
    await mkdir(cacheRoot, { recursive: true })
    await sweepAside(cacheRoot)
    const target = join(cacheRoot, await sourceKey(checkpoint))
    let copy = await openPrepared(target, checkpoint)
    const found = copy !== undefined
    if (copy === undefined) {
      await requireSpace(cacheRoot, copyBytes(checkpoint), checkpoint)
      await writeCopy(checkpoint, target, options)
      copy = await openSafetensors(join(target, weightsName))
    }
    const ready = copy
    const copiedBytes = found ? 0 : ready.totalBytes
    return { folder: ready.folder, locate: locator(ready, need), copiedBytes, recheck: () => recheckFiles(ready) }
  } catch (error) {
    throw storageProblem(error, 'The prepared weights could not be written', cacheRoot)
  }
}
