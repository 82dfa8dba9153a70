import { defined } from '../../base/assert.ts'
import { InputError } from '../../base/errors.ts'
import { stat } from '../../base/sealed/fs.ts'
import type { Checkpoint, CheckpointFile, TensorEntry } from './checkpoint-folder.ts'
import { canUpcast, elementBytes, elementCount, upcast } from './elements.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'
import { openRegularFile, readAt } from './regular-file.ts'

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  /** Bytes per chunk, rounded down to whole 8-byte words; 8 MiB unless told. */
  readonly chunkBytes?: number
}

function changed(path: string, tensor?: string): InputError {
  const message = `The weights file ${quoted(path)} was changed or cut off after it was opened. Leave the model alone while it is in use, and start again.`
  return new InputError('weights-changed', message, tensor === undefined ? { file: path } : { file: path, tensor })
}

function isSame(file: CheckpointFile, now: { readonly size: bigint; readonly mtimeNs: bigint }): boolean {
  return now.size === BigInt(file.size) && now.mtimeNs === file.mtimeNs
}

/**
 * Checks that the checkpoint's files still have the size and time of change they had when it was opened. Call it right before a file is
 * mapped: a mapped file that becomes shorter kills the process.
 * @throws InputError naming the file that changed
 */
export async function recheckFiles(checkpoint: Checkpoint): Promise<void> {
  for (const file of checkpoint.files) {
    const now = await stat(file.path, { bigint: true }).catch((error: unknown) => {
      throw storageProblem(error, 'The weights cannot be read', file.path)
    })
    if (!isSame(file, now)) throw changed(file.path)
  }
}

/** The tensor's entry. @throws InputError when the checkpoint does not hold it */
export function tensorEntry(checkpoint: Checkpoint, name: string): TensorEntry {
  const entry = checkpoint.tensors.get(name)
  if (entry !== undefined) return entry
  const message = `The weights in ${quoted(checkpoint.folder)} have no tensor ${quoted(name)}. Choose a complete model of the expected family.`
  throw new InputError('tensor-missing', message, { file: checkpoint.folder, tensor: name })
}

/**
 * The tensor's little-endian bytes in order, in chunks of whole elements that start on an 8-byte boundary in memory. A chunk is valid
 * until the next is asked for.
 * @throws InputError when the tensor is absent or its file has changed since the checkpoint was opened
 */
export async function* readTensorBytes(
  checkpoint: Checkpoint,
  name: string,
  { signal, chunkBytes = 1 << 23 }: ReadOptions = {}
): AsyncGenerator<Uint8Array, void, undefined> {
  const entry = tensorEntry(checkpoint, name)
  const file = defined(
    checkpoint.files.find((candidate) => candidate.file === entry.file),
    `the file of ${name}`
  )
  const { handle, stat: now } = await openRegularFile(file.path)
  try {
    if (!isSame(file, now)) throw changed(file.path, name)
    const buffer = new Uint8Array(Math.min(entry.length, Math.max(8, chunkBytes - (chunkBytes % 8))))
    for (let done = 0; done < entry.length; done += buffer.byteLength) {
      signal?.throwIfAborted()
      const chunk = buffer.subarray(0, Math.min(buffer.byteLength, entry.length - done))
      if ((await readAt(handle, chunk, entry.offset + done)) < chunk.byteLength) throw changed(file.path, name)
      yield chunk
    }
  } catch (error) {
    throw storageProblem(error, 'The weights cannot be read', file.path)
  } finally {
    await handle.close()
  }
}

/** Refuses, by name, a tensor whose numbers we cannot compute with (8-bit floats, complex numbers). */
function requireReadable(checkpoint: Checkpoint, name: string): TensorEntry {
  const entry = tensorEntry(checkpoint, name)
  if (canUpcast(entry.dtype)) return entry
  const message = `The tensor ${quoted(name)} is stored as ${entry.dtype}, which Attune cannot train from. Use the model's float32, float16 or bfloat16 version.`
  throw new InputError('dtype-unsupported', message, { file: entry.file, tensor: name })
}

/** The whole tensor as float32, in the checkpoint's layout. @throws InputError as `readTensorBytes`, or for a type without conversion */
export async function readTensor(
  checkpoint: Checkpoint,
  name: string,
  options: ReadOptions = {}
): Promise<Float32Array<ArrayBuffer>> {
  const { dtype, shape } = requireReadable(checkpoint, name)
  const out = new Float32Array(elementCount(shape))
  let at = 0
  for await (const chunk of readTensorBytes(checkpoint, name, options)) {
    upcast(dtype, chunk, out, at)
    at += chunk.byteLength / elementBytes[dtype]
  }
  return out
}
