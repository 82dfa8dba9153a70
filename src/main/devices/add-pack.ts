import { createHash } from 'node:crypto'
// eslint-disable-next-line no-restricted-imports -- The system loads these libraries as they lie; they are nothing of the person's.
import { createReadStream, createWriteStream } from 'node:fs'
// eslint-disable-next-line no-restricted-imports -- As above: libraries, nothing of the person's.
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { flushFile, syncFolder } from '../base/files.ts'
import { InputError, messageOf } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import { cudaPackLayout, type CudaPackLayout } from '../engine/runtime/index.ts'
import { MOST_BYTES, officialHashes } from './pack-hashes.ts'

/** A pack that was added. */
export interface AddedPack {
  readonly folder: string
  /** Files of ONNX Runtime that were copied, each the official one. */
  readonly files: readonly string[]
  /** NVIDIA's libraries that lay with them and were copied as well. */
  readonly nvidia: readonly string[]
}

/** What differs in tests. */
export interface AddOptions {
  readonly layout?: CudaPackLayout | null
  readonly hashes?: Readonly<Record<string, readonly string[]>>
  /** Told of each file of ONNX Runtime that was copied, of so many. */
  readonly onFile?: (done: number, total: number) => void
}

/**
 * Puts a CUDA pack where runs look for it, in place of one that is there: from the wheel onnxruntime-gpu 1.30.0, or from a folder with its files or with the
 * wheel. The files are copied aside first, and nothing takes their place unless every one is official by its hash. The source is only read.
 * @throws InputError that says what is missing or is not the official file
 */
export async function addCudaPack(source: string, folder: string, options: AddOptions = {}): Promise<AddedPack> {
  const { layout = cudaPackLayout(), hashes = officialHashes, onFile = () => undefined } = options
  if (layout === null)
    throw new InputError(
      'cuda-pack',
      'There is no CUDA pack for this system: onnxruntime-gpu 1.30.0 runs on 64-bit Linux and Windows.'
    )
  const aside = `${folder}.${process.pid}.tmp`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true, mode: 0o700 })
  try {
    const names = [layout.library, ...layout.providers]
    const isFolder = await kindOf(source)
    const wheel = isFolder ? await wheelIn(source, layout.library) : source
    for (const [done, name] of names.entries()) {
      onFile(done, names.length)
      const found = await (wheel === null ? fromFolder(source, name, aside) : fromWheel(wheel, name, aside))
      if (!hashes[name]?.includes(found))
        throw new InputError(
          'cuda-pack',
          `${shown(name)} in ${shown(basename(source))} is not the file of onnxruntime-gpu 1.30.0 from PyPI: its SHA-256 is ${found}. Take the wheel for this system and Python 3.11, 3.12, 3.13 or 3.14.`
        )
    }
    const nvidia = isFolder ? await copyThose(layout.needs, source, aside) : []
    for (const name of [...names, ...nvidia]) await flushFile(join(aside, name))
    await rm(folder, { recursive: true, force: true })
    await rename(aside, folder)
    await syncFolder(dirname(folder))
    return { folder, files: names, nvidia }
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** Whether a folder was named, not a file. @throws InputError where there is neither */
async function kindOf(source: string): Promise<boolean> {
  const found = await stat(source).catch(() => null)
  if (found?.isDirectory() === true) return true
  if (found?.isFile() === true) return false
  throw new InputError(
    'not-found',
    `There is no file or folder ${source}. Name the wheel of onnxruntime-gpu 1.30.0, or a folder with its libraries.`,
    { file: source }
  )
}

/** The wheel in a folder that has no libraries of its own; null where there is none. */
async function wheelIn(folder: string, library: string): Promise<string | null> {
  const names = await readdir(folder)
  const wheel = names.includes(library) ? undefined : names.find((name) => /^onnxruntime_gpu-1\.30\.0.*\.whl$/.test(name))
  return wheel === undefined ? null : join(folder, wheel)
}

/** Copies a stream to a file and resolves to its SHA-256. */
async function copyHashed(from: Readable, to: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(
    from,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      let bytes = 0
      for await (const chunk of chunks) {
        bytes += chunk.length
        if (bytes > MOST_BYTES)
          throw new InputError(
            'cuda-pack',
            `${shown(basename(to))} is larger than any file of the CUDA pack. Take the official wheel.`
          )
        hash.update(chunk)
        yield chunk
      }
    },
    createWriteStream(to, { flags: 'wx', mode: 0o600 })
  )
  return hash.digest('hex')
}

async function fromFolder(source: string, name: string, aside: string): Promise<string> {
  const path = join(source, name)
  const isThere = await stat(path).then(
    (found) => found.isFile(),
    () => false
  )
  if (!isThere) throw missing(name, source)
  return copyHashed(createReadStream(path), join(aside, name))
}

/** A wheel is a zip; of its entries only the one at the known place is read, and what it unpacks to is bounded. */
async function fromWheel(source: string, name: string, aside: string): Promise<string> {
  const zip = await openPromise(source, { lazyEntries: true }).catch((error: unknown) => {
    throw noWheel(source, error)
  })
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== `onnxruntime/capi/${name}`) continue
      return await copyHashed(await zip.openReadStreamPromise(entry), join(aside, name))
    }
  } catch (error) {
    throw error instanceof InputError ? error : noWheel(source, error)
  } finally {
    zip.close()
  }
  throw missing(name, source)
}

/** Copies those of the files that are there; links are followed. */
async function copyThose(names: readonly string[], source: string, aside: string): Promise<readonly string[]> {
  const copied: string[] = []
  for (const name of names) {
    const isThere = await stat(join(source, name)).then(
      (found) => found.isFile(),
      () => false
    )
    if (!isThere) continue
    await copyFile(join(source, name), join(aside, name))
    copied.push(name)
  }
  return copied
}

const missing = (name: string, source: string): InputError =>
  new InputError(
    'cuda-pack',
    `${shown(basename(source))} lacks ${shown(name)}. Take the wheel onnxruntime_gpu-1.30.0 for this system from PyPI, or a folder with the files of its onnxruntime/capi.`,
    { file: source }
  )

const noWheel = (source: string, cause: unknown): InputError =>
  new InputError(
    'cuda-pack',
    `${shown(basename(source))} cannot be read as a wheel: ${messageOf(cause)}. Copy it here again.`,
    { file: source },
    { cause }
  )
