import { createHash } from 'node:crypto'
import { assert } from '../../base/assert.ts'
import { InputError } from '../../base/errors.ts'
import { open } from '../../base/sealed/fs.ts'
import { writeAside } from './aside.ts'
import { compareNames, elementBytes, elementCount } from './elements.ts'
import type { TensorSource } from './elements.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'
import { openRegularFile, readAt, writeAt } from './regular-file.ts'
import { damaged, maximumHeaderBytes, parseSafetensorsHeader } from './safetensors-header.ts'
import type { ParsedHeader } from './safetensors-header.ts'

export interface SafetensorsHeader extends ParsedHeader {
  /** Bytes in the file. */
  readonly fileSize: number
  readonly mtimeNs: bigint
  /** SHA-256 of the header's bytes, in hex. */
  readonly headerHash: string
}

export interface WriteSafetensorsOptions {
  readonly metadata?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Bytes of tensor data written so far, and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Refuses what people take for safetensors, by the first bytes; only for files whose bytes make no sense as a header's length. */
function refuseImpostor(start: Uint8Array, path: string): void {
  const text = Buffer.from(start).toString('latin1')
  if (text.startsWith('version ')) {
    const advice = 'It is a Git LFS pointer: fetch the file itself with "git lfs pull" or download it again.'
    throw new InputError('weights-pointer', `The weights file ${quoted(path)} does not contain the weights. ${advice}`, {
      file: path
    })
  }
  if (/^\s*</.test(text)) {
    const advice = 'It is a web page, as sites send one where a download needs a login: download the file again.'
    throw new InputError('weights-page', `The weights file ${quoted(path)} does not contain the weights. ${advice}`, {
      file: path
    })
  }
  // A zip of pickles, or a pickle: its protocol byte follows 0x80.
  const protocol = text.charCodeAt(1)
  if (text.startsWith('PK\x03\x04') || (text.charCodeAt(0) === 0x80 && protocol >= 2 && protocol <= 5)) throw programProblem(path)
}

/** The error for weights in Python's pickle format, which runs code when it is loaded. */
export function programProblem(path: string): InputError {
  const sentence = 'are a program, not data, so they are never opened; ask for the model as safetensors.'
  return new InputError('weights-pickle', `The weights in ${quoted(path)} ${sentence}`, { file: path })
}

/**
 * Reads and checks the header of a safetensors file; the data are not read. `path` must not be a link: callers resolve links first.
 * @throws InputError naming the file, and the tensor where there is one
 */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  const { handle, stat } = await openRegularFile(path)
  try {
    const fileSize = Number(stat.size)
    const start = new Uint8Array(8)
    if ((await readAt(handle, start, 0)) < 8) throw damaged(path, `is cut off: it has only ${fileSize} bytes.`)
    const length = new DataView(start.buffer).getBigUint64(0, true)
    if (length > stat.size - 8n) refuseImpostor(start, path)
    if (length > BigInt(maximumHeaderBytes))
      throw damaged(path, `is not a safetensors file: its header would have ${length} bytes.`)
    if (length > stat.size - 8n) throw damaged(path, `is cut off: its header alone has ${length} bytes, the file ${fileSize}.`)
    const header = new Uint8Array(Number(length))
    if ((await readAt(handle, header, 8)) < header.byteLength) throw damaged(path, 'became shorter while it was read.')
    const headerHash = createHash('sha256').update(header).digest('hex')
    return { ...parseSafetensorsHeader(header, fileSize, path), fileSize, mtimeNs: stat.mtimeNs, headerHash }
  } catch (error) {
    throw storageProblem(error, 'The weights cannot be read', path)
  } finally {
    await handle.close()
  }
}

const typeOrder = Object.keys(elementBytes)

/**
 * The order of tensors in the files we write, which is the reference library's: wider element types first, then by name. With the header
 * padded to 8 bytes, every tensor is aligned to its element, so that it can be mapped as it lies.
 */
function inFileOrder(entries: readonly TensorSource[]): TensorSource[] {
  return [...entries].sort((a, b) => typeOrder.indexOf(b.dtype) - typeOrder.indexOf(a.dtype) || compareNames(a.name, b.name))
}

function bytesOf(entry: TensorSource): number {
  return elementCount(entry.shape) * elementBytes[entry.dtype]
}

/** The length word and the JSON, padded with spaces to a multiple of 8 bytes. */
function makeHeader(entries: readonly TensorSource[], metadata: Readonly<Record<string, string>> | undefined): Uint8Array {
  const members: string[] = []
  if (metadata !== undefined) {
    const pairs = Object.keys(metadata).sort(compareNames)
    members.push(`"__metadata__":{${pairs.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`).join(',')}}`)
  }
  const names = new Set(['__metadata__'])
  let begin = 0
  for (const entry of entries) {
    assert(!names.has(entry.name), `a safetensors file cannot hold two tensors named ${entry.name}`)
    names.add(entry.name)
    const end = begin + bytesOf(entry)
    assert(Number.isSafeInteger(end), `the tensor ${entry.name} has the impossible shape [${entry.shape.join(', ')}]`)
    members.push(
      `${JSON.stringify(entry.name)}:${JSON.stringify({ dtype: entry.dtype, shape: entry.shape, data_offsets: [begin, end] })}`
    )
    begin = end
  }
  const text = Buffer.from(`{${members.join(',')}}`)
  const length = Math.ceil(text.byteLength / 8) * 8
  assert(length <= maximumHeaderBytes, 'the header is longer than a safetensors file allows')
  const header = Buffer.alloc(8 + length, ' ')
  header.writeBigUInt64LE(BigInt(length))
  text.copy(header, 8)
  return header
}

/**
 * Writes a safetensors file: streamed, aside, flushed, then renamed to `path`, so that readers see the old file or the whole new one.
 * The bytes depend on the entries and metadata only, not on their order.
 * @returns the file's size in bytes and the SHA-256 of what was written, in hex
 * @throws InputError when the disk is full, read-only, failing or not ours to write; nothing is left behind
 */
export async function writeSafetensors(
  path: string,
  entries: readonly TensorSource[],
  options: WriteSafetensorsOptions = {}
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const ordered = inFileOrder(entries)
  const header = makeHeader(ordered, options.metadata)
  try {
    return await writeAside(path, (aside) => writeTensors(aside, header, ordered, options))
  } catch (error) {
    throw storageProblem(error, 'The weights could not be written', path)
  }
}

async function writeTensors(
  path: string,
  header: Uint8Array,
  entries: readonly TensorSource[],
  options: WriteSafetensorsOptions
) {
  const { signal, onProgress } = options
  const total = entries.reduce((sum, entry) => sum + bytesOf(entry), 0)
  const hash = createHash('sha256').update(header)
  const handle = await open(path, 'wx')
  try {
    await writeAt(handle, header, 0)
    let done = 0
    for (const entry of entries) {
      const end = done + bytesOf(entry)
      for await (const chunk of entry.chunks()) {
        signal?.throwIfAborted()
        assert(done + chunk.byteLength <= end, `the tensor ${entry.name} gave more than its ${bytesOf(entry)} bytes`)
        hash.update(chunk)
        await writeAt(handle, chunk, header.byteLength + done)
        done += chunk.byteLength
        onProgress?.(done, total)
      }
      assert(done === end, `the tensor ${entry.name} gave ${end - done} bytes too few`)
    }
    await handle.sync()
    return { bytes: header.byteLength + total, sha256: hash.digest('hex') }
  } finally {
    await handle.close()
  }
}
