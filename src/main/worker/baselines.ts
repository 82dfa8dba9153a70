import type { Turns } from '../base/turns.ts'
import {
  balancedWeights,
  chooseMultiLabel,
  chooseRidge,
  chooseSingleLabel,
  classPrior,
  labelPrior,
  mean,
  probeDesigns,
  repeatRow,
  tfIdfDesigns,
  type Baseline,
  type Design,
  type FittedDesigns
} from '../engine/evaluation/index.ts'
import type { SplitRows } from '../engine/training/text-run-input.ts'
import type { Targets } from '../engine/training/targets.ts'

/** Training rows that a linear baseline sees at most: beyond this it hardly changes and costs memory. */
const maxRows = 20_000

export interface BaselineInput {
  readonly targets: Targets
  readonly classNames: readonly string[]
  readonly split: SplitRows
  /** The text of each row, both texts of a pair joined. */
  readonly textOf: (row: number) => string
  readonly balanced: boolean
}

/** The part of a split that a baseline uses. */
export function baselineSplit(split: SplitRows): SplitRows {
  return { ...split, train: split.train.subarray(0, maxRows) }
}

/** What always says the most frequent answer of the training rows. */
export function majorityBaseline({ targets, classNames, split }: BaselineInput): Baseline {
  const rows = split.test.length
  if (targets.kind === 'regression') {
    const average = mean(Float64Array.from(split.train, (row) => targets.values[row] ?? 0))
    return { id: 'majority', title: 'Guessing the average', predictions: new Float64Array(rows).fill(average) }
  }
  if (targets.kind === 'single-label') {
    const prior = classPrior(pick(targets.labels, split.train), classNames.length)
    return { id: 'majority', title: 'Always the most frequent class', predictions: repeatRow(prior, rows) }
  }
  const prior = labelPrior(pickRows(targets.labels, split.train, targets.classes), targets.classes)
  const thresholds = new Float64Array(targets.classes).fill(0.5)
  return { id: 'majority', title: 'Always the usual labels', predictions: repeatRow(prior, rows), thresholds }
}

/** Words and word pairs weighed by TF-IDF into a linear model, in turns. */
export function* keywordBaseline(input: BaselineInput): Turns<Baseline> {
  const split = baselineSplit(input.split)
  const texts = (rows: Int32Array): string[] => Array.from(rows, input.textOf)
  const designs = tfIdfDesigns({ train: texts(split.train), validation: texts(split.validation), test: texts(split.test) })
  yield
  const { answers } = yield* fitted(designs, { ...input, split })
  return { id: 'tfidf', title: 'Keyword model (TF-IDF, linear)', ...answers(designs.test) }
}

/**
 * The same head on the untouched base model: a linear model on its vectors, in turns. It is fitted on those of the training and validation rows; the result
 * makes the baseline from those of the test rows.
 */
export function* probeBaseline(
  input: BaselineInput,
  features: { readonly train: Float32Array; readonly validation: Float32Array },
  width: number
): Turns<(test: Float32Array) => Baseline> {
  const designs = probeDesigns(features, width)
  yield
  const { answers } = yield* fitted(designs, { ...input, split: baselineSplit(input.split) })
  return (test) => ({ id: 'base', title: 'Base model without training (linear head)', ...answers(designs.of(test)) })
}

/** What a fitted model says of other rows. */
interface Fitted {
  readonly answers: (design: Design) => Pick<Baseline, 'predictions' | 'thresholds'>
}

function* fitted(designs: FittedDesigns, { targets, classNames, split, balanced }: BaselineInput): Turns<Fitted> {
  switch (targets.kind) {
    case 'regression': {
      const values = (rows: Int32Array): Float64Array => Float64Array.from(rows, (row) => targets.values[row] ?? 0)
      const chosen = yield* chooseRidge(designs, { train: values(split.train), validation: values(split.validation) })
      return { answers: (design) => ({ predictions: chosen.answers(design) }) }
    }
    case 'single-label': {
      const labels = { train: pick(targets.labels, split.train), validation: pick(targets.labels, split.validation) }
      const classWeights = balanced ? balancedWeights(labels.train, classNames.length) : undefined
      const chosen = yield* chooseSingleLabel(designs, labels, classNames, { classWeights })
      return { answers: (design) => ({ predictions: chosen.answers(design) }) }
    }
    case 'multi-label': {
      const labels = (rows: Int32Array): Uint8Array => pickRows(targets.labels, rows, targets.classes)
      const known = { train: labels(split.train), validation: labels(split.validation) }
      const chosen = yield* chooseMultiLabel(designs, known, classNames)
      return { answers: (design) => ({ predictions: chosen.answers(design), thresholds: chosen.thresholds }) }
    }
  }
}

/** Values of the given rows. */
export const pick = (values: Int32Array, rows: Int32Array): Int32Array => rows.map((row) => values[row] ?? 0)

/** Stretches of `width` values of the given rows. */
export function pickRows(values: Uint8Array, rows: Int32Array, width: number): Uint8Array {
  const picked = new Uint8Array(rows.length * width)
  rows.forEach((row, i) => picked.set(values.subarray(row * width, (row + 1) * width), i * width))
  return picked
}
