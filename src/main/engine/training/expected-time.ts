import { evaluationBatches } from './batches.ts'
import type { Examples } from './examples.ts'
import { canonicalBatch } from './prefix.ts'
import { paddedTokens, type Rehearsal, type Timed } from './rehearsal.ts'
import type { RunSettings } from './run-settings.ts'
import type { TextRun } from './text-run.ts'

type Planned = Pick<TextRun, 'batches' | 'train' | 'validation' | 'test' | 'totalSteps'>

/**
 * How long a run will take, in seconds, from what its parts took in a rehearsal: the frozen prefix, training, the evaluations and the test. A part's
 * time is taken to grow with the tokens it computes, padding included. Baselines, intervals and the report are left out.
 */
export function expectedSeconds({ step, evaluation, frozen }: Rehearsal, run: Planned, settings: RunSettings): number {
  const tokens = runTokens(run, settings)
  const training = run.totalSteps * timeOf(step, tokens.step)
  return training + (evaluation ? timeOf(evaluation, tokens.looks) : 0) + (frozen ? timeOf(frozen, tokens.frozen) : 0)
}

/** Tokens that a run computes, padding included. */
export interface RunTokens {
  /** In an optimizer step of usual length. */
  readonly step: number
  /** In all evaluations and the test. */
  readonly looks: number
  /** In the frozen prefix, once over all texts. */
  readonly frozen: number
}

export function runTokens(run: Planned, settings: RunSettings): RunTokens {
  const { train, validation, test } = run
  // Once more at the end, to fit thresholds; the test rows once.
  const looks = evaluationsOf(settings, run) + 1
  return {
    step: tokensOfEpoch(run) / Math.ceil(run.batches.ofEpoch(0).length / settings.accumulation),
    looks: looks * tokensIn(validation, settings.evaluationBatchSize) + tokensIn(test, settings.evaluationBatchSize),
    frozen: [train, validation, test].reduce((sum, part) => sum + tokensIn(part, canonicalBatch), 0)
  }
}

const timeOf = ({ seconds, tokens }: Timed, wanted: number): number => (tokens > 0 ? (seconds * wanted) / tokens : 0)

const tokensOfEpoch = ({ batches }: Planned): number =>
  batches.ofEpoch(0).reduce((sum, rows) => sum + (batches.sizesOf(rows)['tokens'] ?? 0), 0)

const tokensIn = ({ lengths }: Examples, batchSize: number): number =>
  evaluationBatches(lengths, batchSize).reduce((sum, rows) => sum + paddedTokens(lengths, rows), 0)

function evaluationsOf({ evaluateEvery, evaluateEachEpoch, epochs }: RunSettings, { totalSteps, validation }: Planned): number {
  if (validation.lengths.length === 0) return 0
  return (evaluateEvery === null ? 0 : Math.floor(totalSteps / evaluateEvery)) + (evaluateEachEpoch ? Math.ceil(epochs) : 0)
}
