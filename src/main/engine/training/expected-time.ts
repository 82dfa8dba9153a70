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
  const { train, validation, test, totalSteps } = run
  const stepTokens = tokensOfEpoch(run) / Math.ceil(run.batches.ofEpoch(0).length / settings.accumulation)
  const training = totalSteps * timeOf(step, stepTokens)
  // Once more at the end, to fit thresholds; the test rows once.
  const looks = evaluationsOf(settings, run) + 1
  const tokens = looks * tokensIn(validation, settings.evaluationBatchSize) + tokensIn(test, settings.evaluationBatchSize)
  const prefix = [train, validation, test].reduce((sum, part) => sum + tokensIn(part, canonicalBatch), 0)
  return training + (evaluation ? timeOf(evaluation, tokens) : 0) + (frozen ? timeOf(frozen, prefix) : 0)
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
