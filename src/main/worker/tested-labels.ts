import { createHash } from 'node:crypto'
import type { Dataset } from '../data/dataset-types.ts'
import { classLosses, labelLosses, squaredErrors, type EvaluationInput } from '../engine/evaluation/index.ts'
import type { Targets } from '../engine/training/targets.ts'
import { pick, pickRows } from './baselines.ts'
import { groupNumbers } from './group-numbers.ts'
import { evaluationInput, type Calibration } from './judge.ts'
import type { ReplayedRows, RowContent, RowReader } from './own-rows.ts'
import { targetsOf } from './prepare.ts'

/** Tested rows whose texts have classes, labels or a number. */
export interface LabelledRows extends ReplayedRows {
  readonly kind: Targets['kind']
  readonly classes: number
  /** Answers to these rows, ready to be judged. */
  readonly judged: (answers: Float64Array, calibration: Calibration) => EvaluationInput
}

/** Reads rows whose texts have classes, labels or a number. */
export const labelledRows: RowReader<LabelledRows> = {
  contentOf,
  hashOf: (dataset, rows) => hashOf(contentOf(dataset, rows), rows, targetsIn(dataset)),
  groupsOf: groupNumbers,
  tested(dataset, rows, replayed) {
    const targets = targetsIn(dataset)
    return {
      ...replayed,
      kind: targets.kind,
      classes: targets.classes,
      judged: (answers, calibration) => evaluationInput(targets, dataset.classNames, rows, answers, calibration)
    }
  }
}

function targetsIn(dataset: Dataset): Targets {
  const targets = targetsOf(dataset)
  if (targets) return targets
  throw new Error('a run without targets cannot be exported')
}

/** Texts of rows, and the function that measures a model's loss on them. */
function contentOf(dataset: Dataset, rows: Int32Array): RowContent {
  const targets = targetsIn(dataset)
  return {
    texts: Array.from(rows, (row) => dataset.texts[row] ?? ''),
    pairs: dataset.pairs && Array.from(rows, (row) => dataset.pairs?.[row] ?? ''),
    losses: ({ logits }) => {
      if (targets.kind === 'regression')
        return squaredErrors(
          logits,
          Float64Array.from(rows, (row) => targets.values[row] ?? 0)
        )
      if (targets.kind === 'single-label') return classLosses(logits, pick(targets.labels, rows), targets.classes)
      return labelLosses(logits, pickRows(targets.labels, rows, targets.classes), targets.classes)
    }
  }
}

function hashOf({ texts, pairs }: RowContent, rows: Int32Array, targets: Targets): string {
  const hash = createHash('sha256')
  const truth = targets.kind === 'regression' ? targets.values : targets.labels
  for (const [i, row] of rows.entries()) {
    const own = truth.subarray(row * targets.classes, (row + 1) * targets.classes)
    const single = targets.kind === 'single-label' ? [truth[row]] : [...own]
    hash.update(JSON.stringify([texts[i], pairs?.[i] ?? null, single]))
  }
  return hash.digest('hex')
}
