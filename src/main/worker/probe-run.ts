import { PeakMemory, youngToCome } from '../base/process-memory.ts'
import { writeFile } from '../base/sealed/fs.ts'
import type { RunConfig } from '../config/config-types.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { Preflight } from '../engine/training/preflight.ts'
import { TextRun } from '../engine/training/text-run.ts'
import { expectedSeconds } from '../engine/training/expected-time.ts'
import { planningInput } from './plan-run.ts'
import { pendingIn } from './disk.ts'
import { prepareRun } from './prepare.ts'
import type { FinishedEvent } from './protocol.ts'
import { partsOf } from './run-parts.ts'

export interface ProbeInput {
  readonly config: RunConfig
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly microBatch?: number | undefined
  /** Layers whose values the backward pass makes again. */
  readonly recomputed?: number | undefined
  readonly signal: AbortSignal
}

/** What a probe measured: the last event of its task. */
export interface Probed extends FinishedEvent {
  /** Most memory that the process took of its own (with what longer work adds of young objects), and of mapped files, in bytes. */
  readonly own_bytes: number
  readonly mapped_bytes: number
  /** One optimizer step on a batch of usual length. */
  readonly seconds_per_step: number
  /** The whole run, judging left out. */
  readonly expected_seconds: number
}

/** Rehearses a run in this process, which is thrown away afterwards (docs/decisions/0007). */
export async function probeRun(input: ProbeInput): Promise<Probed> {
  await offerToBeKilled()
  const peak = new PeakMemory()
  const nothing = (): void => undefined
  const { config, cacheFolder, microBatch, signal } = input
  const { seed } = config.training
  const fold = partsOf(config)[0]?.fold ?? null
  const context = { cacheFolder, seed, fold, microBatch, computing: input.runtime, signal, onProgress: nothing, onNote: nothing }
  const prepared = await prepareRun(config, context)
  await prepared.recheck()
  const parts = { ...planningInput(input, prepared), memory: () => peak.look() }
  const run = new TextRun(parts)
  run.recompute(input.recomputed ?? 0)
  try {
    const rehearsed = await new Preflight(run, parts, pendingIn(prepared.disk)).rehearse()
    const { own, mapped } = peak.peak()
    return {
      event: 'finished',
      own_bytes: own + youngToCome(),
      mapped_bytes: mapped,
      seconds_per_step: rehearsed.step.seconds,
      expected_seconds: expectedSeconds(rehearsed, run, prepared.settings)
    }
  } finally {
    await run.dispose()
  }
}

/** Tells Linux that this is the process to end where memory runs out, and not the one that asked for it or a program of the person's. */
async function offerToBeKilled(): Promise<void> {
  if (process.platform === 'linux') await writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined)
}
