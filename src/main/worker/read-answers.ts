import { decide, surenessOf } from '../engine/evaluation/index.ts'
import { alarmOf, thresholdsOfLabels } from '../report/fixed-decision.ts'
import { readLogits } from './judge.ts'
import type { AnsweringModel } from './answering-model.ts'

/** One row's answer as `predict` writes it. */
export interface Answer {
  readonly label: string | readonly string[] | number
  readonly probabilities: Readonly<Record<string, number>> | null
  readonly logits: readonly number[]
  /** Whether it is too unsure to go without a person; left out where no threshold for that was fixed. */
  readonly needs_person?: boolean
}

/** Reads logits [rows, classes] as validation taught and as a person fixed it. */
export function answersOf({ facts, decision }: Pick<AnsweringModel, 'facts' | 'decision'>, logits: Float32Array): Answer[] {
  const { classNames, calibration, problem, shift, scale } = facts
  const width = Math.max(1, classNames.length)
  const kind = problem === 'regression' ? 'regression' : problem === 'multi_label_classification' ? 'multi-label' : 'single-label'
  const values = readLogits(kind, logits, width, calibration, { shift, scale })
  const said = kind === 'single-label' ? decide(values, width, alarmOf(decision, classNames)) : null
  const thresholds = kind === 'multi-label' ? thresholdsOfLabels(decision, classNames, calibration.thresholds) : null
  const sureness = surenessOf(values, width)
  return Array.from({ length: logits.length / width }, (_, row): Answer => {
    const own = [...logits.subarray(row * width, (row + 1) * width)]
    const answers = [...values.subarray(row * width, (row + 1) * width)]
    if (kind === 'regression') return { label: answers[0] ?? Number.NaN, probabilities: null, logits: own }
    const probabilities = Object.fromEntries(classNames.map((name, c) => [name, answers[c] ?? 0]))
    if (said === null) {
      const carried = classNames.filter((_, c) => (answers[c] ?? 0) >= (thresholds?.[c] ?? 0.5))
      return { label: carried, probabilities, logits: own }
    }
    const label = classNames[said[row] ?? 0] ?? ''
    const { person } = decision
    if (person === null) return { label, probabilities, logits: own }
    return { label, probabilities, logits: own, needs_person: (sureness[row] ?? 0) < person.below }
  })
}
