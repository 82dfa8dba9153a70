import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import type { RunConfig } from '../config/config-types.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { Preflight } from '../engine/training/preflight.ts'
import { profileSteps } from '../engine/training/profile-steps.ts'
import { TextRun } from '../engine/training/text-run.ts'
import { pendingIn } from './disk.ts'
import { checkMemory } from './memory.ts'
import { planningInput } from './plan-run.ts'
import { prepareRun } from './prepare.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'
import { partsOf } from './run-parts.ts'
import { deviceName } from './run-runtime.ts'

export interface ProfileTask {
  /** A run.yaml, or the folder of a finished run. */
  readonly subject: string
  readonly isRun: boolean
  /** Steps that are looked at. */
  readonly steps: number
}

export interface ProfileInput {
  readonly config: RunConfig
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly steps: number
  /** Folder that the profile is kept in, and its name there. */
  readonly folder: string
  readonly name: string
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** Says where the time of a run's step goes, and keeps that as JSON. Nothing is trained. @throws InputError as a plan does */
export async function profileRun(input: ProfileInput): Promise<FinishedEvent> {
  const { config, runtime, emit, folder, signal } = input
  const onNote = (code: string, message: string): void => emit({ event: 'note', code, message })
  const prepared = await prepareRun(config, {
    cacheFolder: input.cacheFolder,
    seed: config.training.seed,
    fold: partsOf(config)[0]?.fold ?? null,
    computing: runtime,
    signal,
    onProgress: (phase, done, total) => emit({ event: 'progress', phase, done, total }),
    onNote
  })
  const parts = planningInput(input, prepared)
  const run = new TextRun(parts)
  try {
    const preflight = new Preflight(run, parts, pendingIn(prepared.disk))
    await checkMemory({ preflight, config, probe: null, isProbedAlways: false, onNote, onProbe: () => undefined })
    await prepared.recheck()
    emit({ event: 'progress', phase: 'probing', done: 0, total: 1 })
    const profile = { device: deviceName(runtime), ...(await profileSteps(run, parts, input.steps)) }
    await mkdir(folder, { recursive: true })
    const file = join(folder, input.name)
    await writeJsonAtomic(file, { format: 'attune-profile-1', ...profile })
    return { event: 'finished', profile, profile_file: file }
  } finally {
    await run.dispose()
  }
}
