import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { configHash, readRunConfig } from '../../src/main/config/run-config.ts'
import type { Runtime } from '../../src/main/engine/runtime/port.ts'
import type { RunReport } from '../../src/main/report/run-report.ts'
import type { TrainerEvent } from '../../src/main/worker/protocol.ts'
import { trainRun, type TrainInput } from '../../src/main/worker/train-run.ts'

export interface TrainedHere {
  readonly events: readonly TrainerEvent[]
  readonly outcome: Awaited<ReturnType<typeof trainRun>> | Error
}

export interface TrainHere extends Partial<Pick<TrainInput, 'resume' | 'cacheFolder' | 'room'>> {
  readonly runtime: Runtime
  /** The step of which it is asked to stop. */
  readonly stopAt?: number
  readonly onEvent?: (event: TrainerEvent) => void
}

/** Trains what a file says in this very process, without a trial step. */
export async function trainHere(file: string, { runtime, stopAt = Infinity, onEvent, ...more }: TrainHere): Promise<TrainedHere> {
  const config = await readRunConfig(file)
  const stopping = new AbortController()
  const events: TrainerEvent[] = []
  const outcome = await trainRun({
    ...{ config, configHash: configHash(config), configText: await readFile(file, 'utf8'), name: basename(file, '.yaml') },
    ...{ runtime, threads: { count: runtime.threads, why: null, notes: [] }, selection: null, resume: false },
    cacheFolder: join(dirname(file), '.cache'),
    ...{ signal: stopping.signal, finish: new AbortController().signal, ...more },
    emit: (event) => {
      events.push(event)
      onEvent?.(event)
      if (event.event === 'step' && event.step === stopAt) stopping.abort()
    },
    probe: () => Promise.reject(new Error('no trial is asked for'))
  }).catch((error: unknown) => error as Error) // Looked at by the tests.
  return { events, outcome }
}

export const eventsOf = <Name extends TrainerEvent['event']>(
  { events }: TrainedHere,
  name: Name
): Extract<TrainerEvent, { event: Name }>[] =>
  events.filter((event): event is Extract<TrainerEvent, { event: Name }> => event.event === name)

/** The last event of a training that must have ended well. */
export function finishedHere({ outcome }: TrainedHere): Readonly<Record<string, unknown>> {
  if (outcome instanceof Error) throw outcome
  return outcome
}

/** The report in a run's folder, or in one inside of it. */
export const reportIn = async (...folder: readonly string[]): Promise<RunReport> =>
  JSON.parse(await readFile(join(...folder, 'report.json'), 'utf8')) as RunReport // As the product wrote it.
