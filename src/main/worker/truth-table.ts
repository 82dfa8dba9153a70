import { numberOf } from '../data/label-order.ts'
import {
  decide,
  evaluate,
  pointAt,
  surenessOf,
  wilson,
  type Estimate,
  type EvaluationInput,
  type OperatingPoint
} from '../engine/evaluation/index.ts'
import { decided } from './decided.ts'
import { alarmOf, type FixedAlarm, type FixedDecision } from '../report/fixed-decision.ts'
import type { RunModel } from './run-model.ts'
import type { Answer } from './read-answers.ts'
import { countTestLook } from '../report/test-looks.ts'
import type { AnsweringModel } from './answering-model.ts'

/** What a run's answers come to on rows that already have an answer. */
export interface Measured {
  /** What `rows` counts. */
  readonly of: 'rows' | 'texts' | 'questions'
  readonly rows: number
  /** Rows whose answer is missing or none that the run knows. */
  readonly left: number
  /** Marks of kinds that the run does not find, or questions that nothing in the table answers: they are not counted. */
  readonly unknown: number
  readonly looks: number
  /** Of the answers as the run's fixed thresholds read them. */
  readonly metrics: readonly { readonly id: string; readonly measured: Estimate }[]
  /** What each class with a fixed threshold comes to. */
  readonly alarms: readonly CalledOut[]
  /** What is answered without a person, where that was fixed. */
  readonly person: { readonly below: number; readonly kept: number; readonly right: Estimate | null } | null
}

/** A class with a fixed threshold: rows of the class, rows called out, and those of them that are right. */
export interface CalledOut extends OperatingPoint {
  readonly className: string
  readonly positives: number
}

const MAIN = {
  'single-label': ['accuracy', 'macro_f1', 'balanced_accuracy'],
  'multi-label': ['macro_f1', 'subset_accuracy', 'micro_f1'],
  regression: ['mae', 'rmse', 'r2']
} as const

/** What measuring needs of a run. */
export type TruthModel = Pick<AnsweringModel, 'decision'> & {
  readonly config: { readonly training: { readonly bootstrap_resamples: number } }
  readonly settings: { readonly seed: number }
}

type TruthFacts = Pick<RunModel, 'classNames' | 'problem' | 'calibration'>

/** Gathers true answers beside given ones. */
export class TruthTable {
  readonly #model: TruthFacts
  readonly #separator: string
  readonly #truth: number[] = []
  readonly #answers: number[] = []
  #rows = 0
  #left = 0

  /** `separator`: what stands between the labels of a multi-label cell. */
  constructor(model: TruthFacts, separator: string) {
    this.#model = model
    this.#separator = separator
  }

  add(cell: string, answer: Answer): void {
    const truth = this.#truthOf(cell.trim())
    if (truth === null) {
      this.#left++
      return
    }
    this.#rows++
    this.#truth.push(...truth)
    this.#answers.push(...(answer.probabilities ? Object.values(answer.probabilities) : [Number(answer.label)]))
  }

  /** Null where no row could be measured. `content` names the rows, so that looks at them can be counted in `looksFolder`. */
  async measure({ config, settings, decision }: TruthModel, looksFolder: string, content: string): Promise<Measured | null> {
    if (this.#rows === 0) return null
    const input = decided(this.#input(), decision)
    const result = evaluate(input, { seed: settings.seed, resamples: config.training.bootstrap_resamples })
    const looks = await countTestLook(looksFolder, content)
    const estimates: Readonly<Record<string, Estimate | null>> = result.metrics
    const metrics = MAIN[input.kind].flatMap((id) => {
      const measured = estimates[id]
      return measured ? [{ id, measured }] : []
    })
    const { person } = decision
    return {
      of: 'rows',
      rows: this.#rows,
      left: this.#left,
      unknown: 0,
      looks,
      metrics,
      alarms: calledOut(input, decision),
      person: person && input.kind === 'single-label' ? withoutPerson(input, decision, person.below) : null
    }
  }

  /** Numbers for a cell: its class, 0 or 1 for each label, or the score; null for what the run does not know. */
  #truthOf(cell: string): readonly number[] | null {
    const { classNames, problem } = this.#model
    if (cell === '') return null
    if (problem === 'regression') {
      const value = numberOf(cell)
      return value === null ? null : [value]
    }
    if (problem === 'multi_label_classification') {
      const labels = cell.split(this.#separator).map((label) => label.trim())
      const named = labels.filter((label) => label !== '')
      return named.every((label) => classNames.includes(label)) ? classNames.map((name) => (named.includes(name) ? 1 : 0)) : null
    }
    const place = classNames.indexOf(cell)
    return place === -1 ? null : [place]
  }

  #input(): EvaluationInput {
    const { classNames, problem, calibration } = this.#model
    const probabilities = Float64Array.from(this.#answers)
    if (problem === 'regression')
      return { kind: 'regression', targets: Float64Array.from(this.#truth), predictions: probabilities }
    if (problem === 'multi_label_classification') {
      const thresholds = Float64Array.from(calibration.thresholds ?? classNames.map(() => 0.5))
      return { kind: 'multi-label', labels: Uint8Array.from(this.#truth), probabilities, labelNames: classNames, thresholds }
    }
    return { kind: 'single-label', labels: Int32Array.from(this.#truth), probabilities, classNames }
  }
}

/** What the fixed thresholds come to on these rows. */
function calledOut(input: EvaluationInput, { alarm, labels }: FixedDecision): readonly CalledOut[] {
  if (input.kind === 'regression') return []
  const names = input.kind === 'single-label' ? input.classNames : input.labelNames
  const fixed = input.kind === 'single-label' ? (alarm === null ? [] : [alarm]) : labels
  return fixed.filter(({ className }) => names.includes(className)).map((each) => counted(input, names, each))
}

function counted(
  input: Exclude<EvaluationInput, { kind: 'regression' }>,
  names: readonly string[],
  { className, threshold }: FixedAlarm
): CalledOut {
  const place = names.indexOf(className)
  const width = names.length
  const rows = input.probabilities.length / width
  const isOfClass = (row: number): boolean =>
    input.kind === 'single-label' ? input.labels[row] === place : input.labels[row * width + place] === 1
  const own = Float64Array.from({ length: rows }, (_, row) => input.probabilities[row * width + place] ?? 0)
  let positives = 0
  for (let row = 0; row < rows; row++) if (isOfClass(row)) positives++
  return { className, positives, ...pointAt(own, isOfClass, threshold) }
}

/** Answers at least as sure as was fixed, and how many of them are right. */
function withoutPerson(
  { probabilities, classNames, labels }: Extract<EvaluationInput, { kind: 'single-label' }>,
  decision: FixedDecision,
  below: number
): Measured['person'] {
  const said = decide(probabilities, classNames.length, alarmOf(decision, classNames))
  const { alarms: kept, hits } = pointAt(surenessOf(probabilities, classNames.length), (row) => said[row] === labels[row], below)
  return { below, kept, right: wilson(hits, kept) }
}
