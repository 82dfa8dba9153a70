import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { assert } from '../../base/assert.ts'
import { InputError, messageOf, systemCodeOf } from '../../base/errors.ts'
import { sha256OfFile, syncFolder, writeJsonAtomic } from '../../base/files.ts'
import { ifThere } from '../../base/if-there.ts'
import { readFile } from '../../base/sealed/fs.ts'
import { sweepAside, writeAside } from './aside.ts'
import { openSafetensors } from './checkpoint-folder.ts'
import type { Checkpoint } from './checkpoint-folder.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'
import { writeSafetensors } from './safetensors.ts'
import { sourceOfReader } from './tensor-source.ts'
import type { TensorReader } from './tensor-source.ts'

/** `step`: where a run can go on; `best`: the weights with the best validation metric so far. */
export type CheckpointSeries = 'step' | 'best'

export interface RunCheckpoint {
  readonly series: CheckpointSeries
  /** Optimizer steps done. */
  readonly step: number
  readonly tensors: readonly TensorReader[]
  /** Anything that JSON keeps exactly: no NaN or infinities, no typed arrays. */
  readonly state: unknown
}

export interface SaveOptions {
  /** How many earlier checkpoints of the series stay; 1 unless told, so that a damaged newest one has something behind it. */
  readonly keepPrevious?: number
  readonly signal?: AbortSignal | undefined
}

export interface LoadedCheckpoint {
  readonly folder: string
  readonly step: number
  readonly state: unknown
  /** Its tensors, for `readTensor` and `readTensorBytes`. */
  readonly checkpoint: Checkpoint
  /** Newer checkpoints that could not be used, newest first, and why. */
  readonly damaged: readonly { readonly name: string; readonly reason: string }[]
}

const tensorsName = 'tensors.safetensors'
const stateName = 'state.json'
const format = 'attune-checkpoint-1'

function folderName(series: CheckpointSeries, step: number): string {
  return `${series}-${String(step).padStart(6, '0')}`
}

const replacedPrefix = '.replaced-'

/** JSON text of `value`; values that would not come back as they are, are our bug. */
function strictJson(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    assert(typeof item !== 'number' || Number.isFinite(item), `the checkpoint's state has a number that JSON loses, at ${key}`)
    assert(
      typeof item !== 'function' && typeof item !== 'symbol',
      `the checkpoint's state has something that JSON loses, at ${key}`
    )
    const plain =
      typeof item !== 'object' || item === null || Array.isArray(item) || Object.getPrototypeOf(item) === Object.prototype
    assert(plain, `the checkpoint's state has an object that JSON loses, at ${key}`)
    return item
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

interface StateFile {
  readonly format: string
  readonly series: CheckpointSeries
  readonly step: number
  readonly tensors: { readonly bytes: number; readonly sha256: string }
  readonly state: unknown
}

async function writeFolder(folder: string, checkpoint: RunCheckpoint, signal: AbortSignal | undefined): Promise<void> {
  const { series, step, state, tensors } = checkpoint
  await mkdir(folder)
  const written = await writeSafetensors(
    join(folder, tensorsName),
    tensors.map((tensor) => sourceOfReader(tensor)),
    { signal }
  )
  const body: StateFile = { format, series, step, tensors: written, state: state ?? null }
  // The checksum is over the text without itself; JSON that was parsed and written again is the same text.
  const text = strictJson(body)
  await writeJsonAtomic(join(folder, stateName), { ...body, sha256: sha256(text) })
  await syncFolder(folder)
}

/** Puts a finished checkpoint in place; one of the same step moves out of the way first and is put back by `recover` after a crash. */
async function place(aside: string, target: string, replaced: string): Promise<void> {
  const had = await rename(target, replaced).then(
    () => true,
    () => false
  )
  try {
    await rename(aside, target)
  } catch (error) {
    if (had) await rename(replaced, target)
    throw error
  }
  if (had) await rm(replaced, { recursive: true, force: true })
}

/** Tidies up after a crash: half-written checkpoints go, one that was being replaced and has no successor comes back. */
async function recover(root: string): Promise<void> {
  await sweepAside(root)
  for (const name of (await ifThere(readdir(root))) ?? []) {
    if (!name.startsWith(replacedPrefix)) continue
    const path = join(root, name)
    const back = await rename(path, join(root, name.slice(replacedPrefix.length))).then(
      () => true,
      () => false
    )
    if (!back) await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Names and steps of a series' checkpoints, newest first. */
async function listSeries(root: string, series: CheckpointSeries): Promise<{ name: string; step: number }[]> {
  const names = await readdir(root).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw storageProblem(error, 'The checkpoints cannot be read', root)
  })
  const pattern = new RegExp(`^${series}-(\\d{6,})$`)
  return names
    .map((name) => ({ name, step: Number(pattern.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ step }) => Number.isSafeInteger(step))
    .sort((a, b) => b.step - a.step)
}

/** Removes what the checkpoint of `step` makes superfluous: older ones beyond `keep`, and later ones of a run that went back. */
async function prune(root: string, series: CheckpointSeries, step: number, keep: number): Promise<void> {
  const all = await listSeries(root, series)
  const older = all.filter((one) => one.step < step)
  const superfluous = [...all.filter((one) => one.step > step), ...older.slice(keep)]
  for (const { name } of superfluous) await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined)
}

/**
 * Saves a checkpoint as `RUN/checkpoints/step-000420` (or `best-000420`): one safetensors file, and `state.json` with the SHA-256 of that
 * file and of itself. It is written aside, flushed (files and folder) and renamed; earlier ones go only after that. Tensors are read in
 * parts, never all at once.
 * @throws InputError when the disk is full, failing, read-only or not ours to write; earlier checkpoints are untouched then and nothing
 * is left behind
 */
export async function saveCheckpoint(runFolder: string, checkpoint: RunCheckpoint, options: SaveOptions = {}): Promise<string> {
  const { series, step } = checkpoint
  assert(Number.isSafeInteger(step) && step >= 0, `${step} is not a number of steps`)
  const root = join(runFolder, 'checkpoints')
  const name = folderName(series, step)
  const target = join(root, name)
  try {
    await mkdir(root, { recursive: true })
    await recover(root)
    await writeAside(
      target,
      (aside) => writeFolder(aside, checkpoint, options.signal),
      (aside) => place(aside, target, join(root, `${replacedPrefix}${name}`))
    )
  } catch (error) {
    // writeSafetensors names the temporary file; the person should read about the checkpoint instead.
    const cause = error instanceof InputError && error.cause !== undefined ? error.cause : error
    throw storageProblem(cause, `The checkpoint of step ${step} could not be written, earlier ones are kept`, target)
  }
  await prune(root, series, step, options.keepPrevious ?? 1)
  return target
}

function isStateFile(value: unknown): value is StateFile & { readonly sha256: string } {
  if (typeof value !== 'object' || value === null) return false
  if (!('format' in value && 'step' in value && 'tensors' in value && 'state' in value && 'sha256' in value)) return false
  return typeof value.tensors === 'object' && value.tensors !== null && 'sha256' in value.tensors
}

/** Reads one checkpoint and checks both checksums. @throws Error or InputError saying what is wrong with it */
async function loadFolder(folder: string, series: CheckpointSeries, step: number): Promise<Omit<LoadedCheckpoint, 'damaged'>> {
  const file: unknown = JSON.parse(await readFile(join(folder, stateName), 'utf8'))
  const fault = (reason: string) =>
    new InputError('checkpoint-damaged', `The checkpoint ${quoted(folder)} ${reason}.`, { file: folder })
  if (!isStateFile(file)) throw fault('has a state that is not a checkpoint’s')
  const { sha256: expected, ...body } = file
  if (sha256(JSON.stringify(body)) !== expected) throw fault('has a state that does not match its checksum')
  if (body.format !== format) throw fault('was written by another version of Attune')
  if (body.series !== series || body.step !== step) throw fault('belongs to another step')
  const path = join(folder, tensorsName)
  if ((await sha256OfFile(path)) !== body.tensors.sha256) throw fault('has tensors that do not match their checksum')
  return { folder, step, state: body.state, checkpoint: await openSafetensors(path) }
}

/**
 * The newest checkpoint of a run whose checksums hold, or `undefined` where there is none at all. Damaged ones are passed over, left in
 * place, and named in the result. Leftovers of a crash are swept.
 * @throws InputError when there are checkpoints but every one is damaged
 */
export async function loadNewestCheckpoint(
  runFolder: string,
  series: CheckpointSeries = 'step'
): Promise<LoadedCheckpoint | undefined> {
  const root = join(runFolder, 'checkpoints')
  await recover(root)
  const damaged: { name: string; reason: string }[] = []
  for (const { name, step } of await listSeries(root, series)) {
    try {
      return { ...(await loadFolder(join(root, name), series, step)), damaged }
    } catch (error) {
      const plain =
        error instanceof InputError ? error.message : `The checkpoint ${quoted(name)} cannot be read: ${messageOf(error)}.`
      damaged.push({ name, reason: plain })
    }
  }
  if (damaged.length === 0) return undefined
  const message = `No checkpoint in ${quoted(root)} can be used: ${damaged.map(({ reason }) => reason).join(' ')} Start the run anew.`
  throw new InputError('checkpoint-damaged', message, { file: root })
}
