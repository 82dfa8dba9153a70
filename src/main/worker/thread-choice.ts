import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { RunConfig, TrainingDevice } from '../config/config-types.ts'
import { configHash } from '../config/run-config.ts'
import { candidateThreads, coresHere, usualThreads, type Cores } from '../devices/cores.ts'
import { keepThreads, threadsKey, type Machine } from '../devices/machine.ts'
import { chooseThreads, fewerSentence, readTimes, threadsSentence, type ThreadChoice } from '../devices/threads.ts'
import { libraryVersion } from '../engine/runtime/index.ts'
import type { ThreadTrial } from '../engine/training/thread-trial.ts'
import { machineFileHere, machineHere, shapeOf, USUAL_TOKENS, workOf, type EncoderShape, type GoesOn } from './device-choice.ts'
import type { Outcome } from './protocol.ts'
import { findRun } from './run-folder.ts'

/** The threads that a run computes with, from its first step to its last. */
export interface ResolvedThreads {
  readonly count: number
  /** What its number was chosen by; null where the settings name it or nothing was timed. */
  readonly why: string | null
  /** What is to be said of it now, in sentences. */
  readonly notes: readonly string[]
}

export interface ThreadsInput {
  readonly config: RunConfig
  readonly device: TrainingDevice
  /** A run that goes on, by its name. */
  readonly goesOn: GoesOn | null
  /** Whether the run is one of several that are compared: then all of them have their threads from one timing, however short they are. */
  readonly isOfSeveral: boolean
  /** Times a piece of a step in a process of its own; null where there is no time for it. */
  readonly time: ((trial: ThreadTrial) => Promise<Outcome>) | null
}

/** What the choice asks of the machine; the machine's own where left out. */
export interface ThreadsPlace {
  readonly cores: Cores
  readonly machine: Machine
  readonly keep: (key: string, choice: ThreadChoice) => Promise<void>
  /** Bytes of the run's files of data; null where that cannot be said. */
  readonly bytes: number | null
}

/**
 * The threads that a run computes with: those it began with where it goes on, since another number would change its last digits; else those its settings
 * name, those that were timed on this machine for models as wide, or those that are timed now where the run is long enough for it.
 */
export async function resolveThreads(input: ThreadsInput, place?: ThreadsPlace): Promise<ResolvedThreads> {
  const { config, device, goesOn } = input
  const { threads } = config.training
  const before = goesOn === null ? null : await findRun(config.output, goesOn.name, configHash(config)).catch(() => null)
  const begun = before?.record.threads
  if (before !== null) {
    const count = begun?.count ?? (typeof threads === 'number' ? threads : usualThreads({ logical: availableParallelism() }))
    const now = place?.cores.logical ?? availableParallelism()
    const why = begun?.why ?? null
    return { count, why, notes: [...(why === null ? [] : [why]), ...(count > now ? [fewerSentence(count, now)] : [])] }
  }
  if (typeof threads === 'number') return { count: threads, why: null, notes: [] }
  const usual = { count: usualThreads({ logical: availableParallelism() }), why: null, notes: [] }
  if (device !== 'cpu') return usual
  const choice = await timed(input, place ?? (await placeOf(config)))
  if (choice === null) return usual
  const why = threadsSentence(choice)
  return { count: choice.threads, why, notes: [why] }
}

/** What was timed before or is now; null where there is nothing to choose from or the run is too short. */
async function timed({ config, isOfSeveral, time }: ThreadsInput, place: ThreadsPlace): Promise<ThreadChoice | null> {
  const { cores, machine, keep, bytes } = place
  const shape = await shapeOf(config.model)
  const key = threadsKey({ width: shape.width, logical: cores.logical, library: libraryVersion() })
  const known = machine.threads[key]
  if (known && known.threads <= cores.logical) return known
  const candidates = candidateThreads(cores)
  const [usual] = candidates
  if (usual === undefined || candidates.length < 2 || time === null) return null
  if (!isOfSeveral && !isWorthTiming(config, shape, bytes, usual)) return null
  const { per_device_train_batch_size: rows, max_length: longest } = config.training
  const tokens = rows * Math.min(longest ?? USUAL_TOKENS, USUAL_TOKENS)
  const times = readTimes(await time({ candidates, width: shape.width, inner: shape.inner, tokens }))
  // A run does not fail because a trial did: it begins with the usual number.
  if (times === null) return null
  const choice = chooseThreads(times, usual)
  await keep(key, choice)
  return choice
}

/** Floating-point operations in a second that a thread is taken to do, before anything was measured. */
const THREAD_RATE = 30e9
/** Timing takes two seconds, with its process: a run of less than this, in seconds, begins without. */
const WORTH = 60
/** Bytes of a text to a token, in English. */
const BYTES_PER_TOKEN = 4

/** Whether a run will take so long that timing is a small part of it, by about as much as can be said before its data are read. */
export function isWorthTiming(config: RunConfig, shape: EncoderShape, bytes: number | null, usual: number): boolean {
  const { training } = config
  const { per_device_train_batch_size: rows, gradient_accumulation_steps: micro, max_length: longest } = training
  const perStep = rows * micro * Math.min(longest ?? USUAL_TOKENS, USUAL_TOKENS)
  const steps = training.max_steps < 0 ? Infinity : training.max_steps
  const tokens = bytes === null ? Infinity : (bytes / BYTES_PER_TOKEN) * training.num_train_epochs
  const operations = workOf(config, shape).operations * Math.min(steps, tokens / perStep)
  return operations / (usual * THREAD_RATE) >= WORTH
}

async function placeOf(config: RunConfig): Promise<ThreadsPlace> {
  return { cores: await coresHere(), machine: await machineHere(), keep: keepHere, bytes: await bytesOf(config) }
}

async function keepHere(key: string, { threads, timed }: ThreadChoice): Promise<void> {
  const file = machineFileHere()
  if (file === undefined) return
  // A full or read-only disk costs the next run another timing, not this run.
  await keepThreads(file, key, { at: new Date().toISOString(), threads, timed: [...timed] }).catch(() => undefined)
}

/** Bytes of the rows that are trained on; a folder of documents says nothing of itself. */
async function bytesOf({ data }: RunConfig): Promise<number | null> {
  const path = data.train ?? data.file
  const found = path === null ? null : await stat(path).catch(() => null)
  return found?.isFile() === true ? found.size : null
}
