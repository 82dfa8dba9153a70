import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InputError, messageOf, systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { ifThere } from '../base/if-there.ts'
import { appendFileSync, readFile, writeFile } from '../base/sealed/fs.ts'
import type { TrainingDevice } from '../config/config-types.ts'

/** What identifies a run on disk (`run.json`). */
export interface RunRecord {
  readonly format: 'attune-run-1'
  readonly name: string
  readonly configHash: string
  readonly state: 'running' | 'stopped' | 'failed' | 'finished'
  readonly createdAt: string
  /** What computes it, where its settings leave that open. */
  readonly device?: TrainingDevice
  /** Threads it computes with, and the sentence that says why where its settings left that open. */
  readonly threads?: { readonly count: number; readonly why: string | null }
}

const recordName = 'run.json'

export interface NewRunFolder {
  readonly folder: string
  /** `output`, where it was not there before. */
  readonly madeOutput: string | null
}

/** Makes the next free folder `<name>-<n>` below `output`. */
export async function createRunFolder(
  output: string,
  name: string,
  configHash: string,
  createdAt: string
): Promise<NewRunFolder> {
  try {
    const made = await mkdir(output, { recursive: true })
    for (let n = 1; ; n++) {
      const folder = join(output, `${name}-${n}`)
      try {
        await mkdir(folder)
      } catch (error) {
        if (systemCodeOf(error) === 'EEXIST') continue
        throw error
      }
      await writeRecord(folder, { format: 'attune-run-1', name, configHash, state: 'running', createdAt })
      return { folder, madeOutput: made === undefined ? null : output }
    }
  } catch (error) {
    throw outputProblem(output, error)
  }
}

/** Takes back a folder in which no run began, and the folder for runs if it was made for it and holds nothing else. */
export async function removeRunFolder(folder: string, madeOutput: string | null): Promise<void> {
  // Clearing up must not hide why the run was refused.
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  if (madeOutput !== null) await rmdir(madeOutput).catch(() => undefined)
}

function outputProblem(output: string, error: unknown): unknown {
  const code = systemCodeOf(error)
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'you may not write there',
    EPERM: 'you may not write there',
    EROFS: 'the drive is read-only',
    ENOSPC: 'the drive is full',
    ENOTDIR: 'it is a file, not a folder',
    EEXIST: 'it is a file, not a folder',
    ENOENT: 'it does not exist and could not be made'
  }
  const reason = code === undefined ? undefined : reasons[code]
  if (reason === undefined) return error
  return new InputError(
    'output-unwritable',
    `Runs cannot be written to ${output}: ${reason}. Choose another folder for "output".`,
    {
      file: output,
      key: 'output',
      inApp: `Runs cannot be written to the data folder: ${reason}. Mend that, or move the data folder.`
    },
    { cause: error }
  )
}

export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  await writeJsonAtomic(join(folder, recordName), record)
}

/** Reads run.json. Throws an InputError where the folder is no run. */
export async function readRecord(folder: string): Promise<RunRecord> {
  try {
    const record: unknown = JSON.parse(await readFile(join(folder, recordName), 'utf8'))
    if (isRecord(record)) return record
  } catch (error) {
    if (error instanceof InputError) throw error
    const code = systemCodeOf(error)
    if (code === 'ENOTDIR') throw notARun(folder, 'it is a file')
    if (code !== 'ENOENT') throw notARun(folder, `its ${recordName} cannot be read: ${messageOf(error)}`)
    const isThere = await stat(folder).then(
      () => true,
      () => false
    )
    if (!isThere) throw notARun(folder, 'there is no such folder')
  }
  throw notARun(folder, `it has no ${recordName} of a run`)
}

const notARun = (folder: string, why: string): InputError =>
  new InputError('run-unreadable', `${folder} is not a run of Attune (${why}). Name a folder below the "output" of a run.`, {
    file: folder,
    inApp: `The folder of this run cannot be used (${why}). Restore it from a backup, or train the run again.`
  })

function isRecord(value: unknown): value is RunRecord {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 'attune-run-1'
}

/** The newest run below `output` with this configuration. Throws an InputError where there is none to go on with. */
export async function findRun(output: string, name: string, configHash: string): Promise<{ folder: string; record: RunRecord }> {
  const entries = (await ifThere(readdir(output))) ?? []
  const numbered = entries
    .map((entry) => ({ entry, number: Number(entry.startsWith(`${name}-`) ? entry.slice(name.length + 1) : Number.NaN) }))
    .filter(({ number }) => Number.isSafeInteger(number))
    .sort((a, b) => b.number - a.number)
  for (const { entry } of numbered) {
    const folder = join(output, entry)
    const record = await readRecord(folder).catch(() => null)
    if (record?.configHash === configHash) return { folder, record }
  }
  const sentence = `There is no run of this configuration in ${output} to go on with. Start it without --resume; a changed run.yaml is another run.`
  const inApp = 'This run has nothing to go on from. Start it anew.'
  throw new InputError('resume-nothing', sentence, { file: output, inApp })
}

/** The run's curves: one JSON event a line, in order of steps. */
export class MetricsFile {
  readonly #path: string

  constructor(folder: string) {
    this.#path = join(folder, 'metrics.jsonl')
  }

  /** Synchronous, so that an event is on file before the next step begins; a line is a few hundred bytes. */
  append(event: object): void {
    appendFileSync(this.#path, `${JSON.stringify(event)}\n`)
  }

  /** Forgets events after `step`: a run that goes on from a checkpoint makes them again. */
  async rewind(step: number): Promise<void> {
    const lines = (await this.read()).filter((event) => typeof event['step'] !== 'number' || event['step'] <= step)
    await writeFile(this.#path, lines.map((event) => `${JSON.stringify(event)}\n`).join(''))
  }

  /** All whole lines; a last one cut off by a crash is left out. */
  async read(): Promise<Record<string, unknown>[]> {
    const text = (await ifThere(readFile(this.#path, 'utf8'))) ?? ''
    const lines = text.split('\n')
    return lines.slice(0, -1).flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>] // Written by append.
      } catch {
        // A crash can leave garbage in the last block; the events are made again from the checkpoint.
        return []
      }
    })
  }
}

/** A run's name from its configuration file. */
export const runNameOf = (configFile: string): string => basename(configFile).replace(/\.(ya?ml|json)$/i, '')
