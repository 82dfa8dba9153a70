import { decide, type EvaluationInput } from '../engine/evaluation/index.ts'
import { alarmOf, thresholdsOfLabels, type FixedDecision } from '../report/fixed-decision.ts'

/** Answers as a person's decision reads them, ready to be judged. */
export function decided(input: EvaluationInput, decision: FixedDecision): EvaluationInput {
  if (input.kind === 'regression') return input
  if (input.kind === 'multi-label')
    return { ...input, thresholds: thresholdsOfLabels(decision, input.labelNames, input.thresholds) }
  const alarm = alarmOf(decision, input.classNames)
  return alarm === null ? input : { ...input, predicted: decide(input.probabilities, input.classNames.length, alarm) }
}
