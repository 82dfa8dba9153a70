import { predictedClasses } from './classification.ts'
import { predictedLabels } from './multi-label.ts'
import type { EvaluationInput } from './results.ts'

/** One number for each row, by which groups of rows can be compared. */
export interface RowScores {
  /** 1 where the answer is right (of several labels: every one of them), else 0; of a regression, how far off it is. */
  readonly values: Float64Array
  /** Whether a mean of the values is a share. */
  readonly isShare: boolean
}

export function rowScores(input: EvaluationInput): RowScores {
  switch (input.kind) {
    case 'regression':
      return { values: input.targets.map((target, row) => Math.abs(target - (input.predictions[row] ?? 0))), isShare: false }
    case 'multi-label': {
      const said = predictedLabels(input.probabilities, input.thresholds)
      const width = input.labelNames.length
      const isRight = (row: number): boolean =>
        input.labelNames.every((_, l) => said[row * width + l] === input.labels[row * width + l])
      const values = Float64Array.from({ length: input.labels.length / width }, (_, row) => Number(isRight(row)))
      return { values, isShare: true }
    }
    case 'single-label': {
      const said = predictedClasses(input.probabilities, input.classNames.length)
      return { values: Float64Array.from(input.labels, (label, row) => Number(said[row] === label)), isShare: true }
    }
  }
}
