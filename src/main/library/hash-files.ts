import { createHash } from 'node:crypto'
// eslint-disable-next-line no-restricted-imports -- Published weights stay plain, as the computing library maps them.
import { open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelFile } from '../../preload/contract/library.ts'
import { isLicenceFile } from '../base/licence/read-licence.ts'
import { resolveInModel } from '../base/model-files.ts'

/** Files of a model, all directly in its folder. */
const modelFile = /^(?:[A-Za-z0-9][\w.-]{0,99}\.(?:safetensors|json)|vocab\.txt|merges\.txt|README\.md)$/i
/** Files that say something about a model but do not change what it computes. */
const isBeside = (name: string): boolean => /^README\.md$/i.test(name) || isLicenceFile(name)
const CHUNK = 1 << 20

export interface HashOptions {
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
  /** Where the files are copied to while they are read; null where they stay. */
  readonly copyTo: string | null
}

/** Names of a model's files. */
export async function modelFileNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => modelFile.test(name) || isLicenceFile(name)).sort()
}

/** Reads every file of a model once: its hash, and a copy where one is wanted. Links are followed within the model's repository. */
export async function hashFiles(folder: string, { signal, onBytes, copyTo }: HashOptions): Promise<readonly ModelFile[]> {
  const files: ModelFile[] = []
  for (const name of await modelFileNames(folder)) {
    const path = await resolveInModel(folder, name)
    if (path === undefined) continue
    await using from = await open(path, 'r')
    if (!(await from.stat()).isFile()) continue
    await using to = copyTo === null ? null : await open(join(copyTo, name), 'wx', 0o600)
    files.push({ name, ...(await hashOne(from, to, signal, onBytes)) })
    await to?.sync()
  }
  return files
}

async function hashOne(
  from: FileHandle,
  to: FileHandle | null,
  signal: AbortSignal,
  onBytes: (bytes: number) => void
): Promise<Omit<ModelFile, 'name'>> {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(CHUNK)
  for (let bytes = 0; ;) {
    signal.throwIfAborted()
    const { bytesRead } = await from.read(buffer)
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
    const part = buffer.subarray(0, bytesRead)
    hash.update(part)
    if (to) await to.writeFile(part)
    bytes += bytesRead
    onBytes(bytesRead)
  }
}

/** One hash over the files that decide what a model computes. */
export function modelHash(files: readonly ModelFile[]): string {
  const hash = createHash('sha256')
  for (const { name, sha256 } of files) if (!isBeside(name)) hash.update(`${name} ${sha256}\n`)
  return hash.digest('hex')
}
