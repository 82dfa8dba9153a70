import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { processMemory } from '../base/process-memory.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { Preflight } from '../engine/training/preflight.ts'
import { TextRun } from '../engine/training/text-run.ts'
import type { TextRunInput } from '../engine/training/text-run-input.ts'
import { cardNote, planCard } from './card-plan.ts'
import { pendingIn } from './disk.ts'
import { prepareRun, type PreparedRun } from './prepare.ts'
import { noteInt8 } from './int8-note.ts'
import { checkMemory } from './memory.ts'
import { partsOf } from './run-parts.ts'
import { tokenExamples } from './token-examples.ts'
import type { Outcome, TrainerEvent } from './protocol.ts'

export interface PlanInput {
  readonly config: RunConfig
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly microBatch?: number | undefined
  /** How many rows to show as the model sees them. */
  readonly examples: number
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
  /** Rehearses the run in a process of its own; null leaves that out. */
  readonly probe: ((recomputed: number) => Promise<Outcome>) | null
}

/** What a run would do, without doing it: rows, what is trained, steps, memory. */
export async function planRun(input: PlanInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const { config, emit } = input
  const prepared = await prepareRun(config, {
    cacheFolder: input.cacheFolder,
    seed: config.training.seed,
    fold: partsOf(config)[0]?.fold ?? null,
    microBatch: input.microBatch,
    computing: input.runtime,
    signal: input.signal,
    onProgress: (phase, done, total) => emit({ event: 'progress', phase, done, total }),
    onNote: (code, message) => emit({ event: 'note', code, message })
  })
  const parts = planningInput(input, prepared)
  const run = new TextRun(parts)
  try {
    const preflight = new Preflight(run, parts, pendingIn(prepared.disk))
    const { bytes, plan, probed, recomputing, microBatch } = await checkMemory({
      preflight,
      config,
      probe: input.probe,
      isProbedAlways: true,
      onNote: (code, message) => emit({ event: 'note', code, message }),
      onProbe: () => emit({ event: 'progress', phase: 'probing', done: 0, total: 1 })
    })
    const card = await planCard(input.runtime, preflight, microBatch, run.totalSteps)
    const cardSays = card && cardNote(card)
    if (cardSays) emit({ event: 'note', code: 'card-memory', message: cardSays })
    const int8 = await noteInt8(run, parts, true, (code, message) => emit({ event: 'note', code, message }))
    const { trainableCount: trainable, totalCount: total } = run.selection
    return {
      event: 'finished',
      device: input.runtime.provider,
      model: { family: prepared.model.architecture.title, max_tokens: prepared.model.maxTokens },
      rows: { train: run.train.rows.length, validation: run.validation.rows.length, test: run.test.rows.length },
      skipped: prepared.dataset.skippedCounts,
      duplicates: prepared.split.duplicates,
      truncated_rows: run.train.truncatedRows + run.validation.truncatedRows + run.test.truncatedRows,
      truncated_tokens: run.train.truncatedTokens + run.validation.truncatedTokens + run.test.truncatedTokens,
      trainable_parameters: trainable,
      total_parameters: total,
      trainable_share: trainable / total,
      steps: run.totalSteps,
      tokens_per_epoch: run.train.lengths.reduce((sum, length) => sum + length, 0),
      predicted_rss_bytes: bytes,
      memory: {
        predicted_bytes: plan.total,
        parts: plan,
        probed_bytes: probed?.own_bytes ?? null,
        mapped_bytes: probed?.mapped_bytes ?? null
      },
      gradient_checkpointing: recomputing,
      seconds_per_step: probed?.seconds_per_step ?? null,
      expected_seconds: probed?.expected_seconds ?? null,
      ...(card && { card }),
      ...(int8 && { int8_cost: int8 }),
      disk: prepared.disk,
      settings: prepared.settings,
      ...(input.examples > 0 && { examples: await tokenExamples(prepared, run, input.examples) })
    }
  } finally {
    await run.dispose()
  }
}

/** A run that is only looked at, never trained. */
export function planningInput(
  { runtime, cacheFolder, signal }: Pick<PlanInput, 'runtime' | 'cacheFolder' | 'signal'>,
  prepared: PreparedRun
): TextRunInput {
  const nothing = (): void => undefined
  return {
    ...prepared,
    runtime,
    cacheFolder: join(cacheFolder, 'prefix'),
    folder: '',
    plans: [''],
    signal,
    finish: new AbortController().signal,
    emit: nothing,
    onPrepare: nothing,
    onBack: () => Promise.resolve(),
    now: () => performance.now() / 1000,
    memory: () => processMemory(),
    judge: () => ({})
  }
}
