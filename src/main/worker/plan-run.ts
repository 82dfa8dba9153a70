import type { RunConfig } from '../config/config-types.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { prepareRun } from './prepare.ts'
import { tokenExamples } from './token-examples.ts'
import { predictedRss, planningRun } from './train-run.ts'
import type { TrainerEvent } from './protocol.ts'

export interface PlanInput {
  readonly config: RunConfig
  readonly runtime: Runtime
  readonly cacheFolder: string
  /** How many rows to show as the model sees them. */
  readonly examples: number
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** What a run would do, without doing it: rows, what is trained, steps, memory. */
export async function planRun(input: PlanInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const { config, emit } = input
  const prepared = await prepareRun(config, {
    cacheFolder: input.cacheFolder,
    seed: config.training.seed,
    signal: input.signal,
    onProgress: (phase, done, total) => emit({ event: 'progress', phase, done, total }),
    onNote: (code, message) => emit({ event: 'note', code, message })
  })
  const run = planningRun(input.runtime, prepared, input.cacheFolder)
  try {
    const { trainableCount: trainable, totalCount: total } = run.selection
    return {
      event: 'finished',
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
      predicted_rss_bytes: predictedRss(prepared, run),
      settings: prepared.settings,
      ...(input.examples > 0 && { examples: tokenExamples(prepared, run, input.examples) })
    }
  } finally {
    await run.dispose()
  }
}
