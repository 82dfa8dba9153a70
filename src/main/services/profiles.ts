import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunId } from '../../preload/contract/common.ts'
import type { ProfilesEvents, RunProfile } from '../../preload/contract/profiles.ts'
import { InputError, superseded } from '../base/errors.ts'
import { ifThere } from '../base/if-there.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { Outcome, TrainerTask } from '../worker/protocol.ts'
import { finishedOf } from '../runs/outcome.ts'
import type { TaskOptions } from '../runs/supervisor.ts'

export interface ProfilesOptions {
  /** The run's folder, null where it has none yet; null alone where there is no such run. */
  readonly findRun: (id: RunId) => { readonly folder: string | null } | null
  readonly entry: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
  /** Whether a training is under way, beside which nothing can be measured. */
  readonly isBusy: () => boolean
  readonly onProgress: (news: ProfilesEvents['progress']) => void
}

/** Steps that are looked at, as `attune profile` does where none are named. */
const STEPS = 5
const FILE = 'profile.json'

const time = z.number().nonnegative()
const parts = z.object({ forward: time, recomputed: time, backward: time })
const row = z.object({
  name: z.string(),
  calls: time,
  parts,
  milliseconds: time,
  share: time,
  gflopPerSecond: time.nullable()
})
const stored = z.object({
  format: z.literal('attune-profile-1'),
  device: z.string(),
  steps: z.number(),
  texts: z.number(),
  tokens: z.number(),
  microBatches: z.number(),
  preparing: time,
  computing: time,
  norm: time,
  optimizer: time,
  operators: z
    .object({ parts, milliseconds: time, gflopPerSecond: time.nullable(), blocks: z.array(row), operators: z.array(row) })
    .nullable()
})

/** Where the time of a run's step goes: measured in a process of its own, kept beside the run as `attune profile` keeps it. */
export class Profiles {
  readonly #options: ProfilesOptions
  #measuring = new AbortController()

  constructor(options: ProfilesOptions) {
    this.#options = options
  }

  /** What was measured last; null where nothing was, or what is there cannot be read and is measured anew. */
  async get(id: RunId): Promise<RunProfile | null> {
    const file = join(this.#folderOf(id), FILE)
    const text = await ifThere(readFile(file, 'utf8'))
    if (text === null) return null
    const read = stored.safeParse(parsed(text))
    if (!read.success) return null
    const { format: _format, ...profile } = read.data
    return { at: (await stat(file)).mtime.toISOString(), ...profile }
  }

  /** @throws InputError while a training is under way, for a run that cannot be opened, and once it is stopped */
  async measure(id: RunId): Promise<RunProfile> {
    const { runTask, entry, isBusy, onProgress } = this.#options
    const subject = this.#folderOf(id)
    if (isBusy())
      throw new InputError(
        'device-busy',
        'A training is under way, and steps are timed while nothing else computes. Try again once it has ended, or pause it.'
      )
    this.stop()
    const { signal } = this.#measuring
    const onEvent: TaskOptions['onEvent'] = (event) => {
      if (event.event === 'progress') onProgress({ id, phase: event.phase, done: event.done, total: event.total })
    }
    const task: TrainerTask = { kind: 'profile', subject, isRun: true, steps: STEPS }
    const outcome = await runTask(task, { entry, signal, onEvent })
    if (signal.aborted) throw superseded()
    finishedOf(outcome)
    const profile = await this.get(id)
    if (profile === null) throw new Error(`the profile of ${subject} cannot be read back`)
    return profile
  }

  stop(): void {
    this.#measuring.abort()
    this.#measuring = new AbortController()
  }

  #folderOf(id: RunId): string {
    const run = this.#options.findRun(id)
    if (!run) throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
    if (run.folder === null) throw new InputError('run-unfinished', 'This run has not learned anything yet. Let it finish first.')
    return run.folder
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Cut off by a crash: measured anew.
    return null
  }
}
