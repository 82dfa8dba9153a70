import { numberOf } from '../data/label-order.ts'
import { evaluate, type Estimate, type EvaluationInput } from '../engine/evaluation/index.ts'
import type { RunModel } from './judge-run.ts'
import type { Answer } from './read-answers.ts'
import { countTestLook } from '../report/test-looks.ts'
import type { TrainedModel } from './trained-run.ts'

/** What a run's answers come to on rows that already have an answer. */
export interface Measured {
  readonly rows: number
  /** Rows whose answer is missing or none that the run knows. */
  readonly left: number
  readonly looks: number
  readonly metrics: readonly { readonly id: string; readonly measured: Estimate }[]
}

const MAIN = {
  'single-label': ['accuracy', 'macro_f1', 'balanced_accuracy'],
  'multi-label': ['macro_f1', 'subset_accuracy', 'micro_f1'],
  regression: ['mae', 'rmse', 'r2']
} as const

/** Gathers true answers beside given ones. */
export class TruthTable {
  readonly #model: RunModel
  readonly #separator: string
  readonly #truth: number[] = []
  readonly #answers: number[] = []
  #rows = 0
  #left = 0

  /** `separator`: what stands between the labels of a multi-label cell. */
  constructor(model: RunModel, separator: string) {
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

  /** Null where no row could be measured. `content` names the rows, so that looks at them can be counted. */
  async measure({ config, settings }: TrainedModel, content: string): Promise<Measured | null> {
    if (this.#rows === 0) return null
    const input = this.#input()
    const result = evaluate(input, { seed: settings.seed, resamples: config.training.bootstrap_resamples })
    const looks = await countTestLook(config.output, content)
    const estimates: Readonly<Record<string, Estimate | null>> = result.metrics
    const metrics = MAIN[input.kind].flatMap((id) => {
      const measured = estimates[id]
      return measured ? [{ id, measured }] : []
    })
    return { rows: this.#rows, left: this.#left, looks, metrics }
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
