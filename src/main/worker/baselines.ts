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
  type LinearBaseline
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

type Parts<T> = { readonly train: T; readonly validation: T; readonly test: T }

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

/** Words and word pairs weighed by TF-IDF into a linear model. */
export function keywordBaseline(input: BaselineInput): Baseline {
  const split = baselineSplit(input.split)
  const texts = (rows: Int32Array): string[] => Array.from(rows, input.textOf)
  const designs = tfIdfDesigns({ train: texts(split.train), validation: texts(split.validation), test: texts(split.test) })
  return { id: 'tfidf', title: 'Keyword model (TF-IDF, linear)', ...fitted(designs, { ...input, split }) }
}

/** The same head on the untouched base model: a linear model on its vectors. */
export function probeBaseline(input: BaselineInput, features: Parts<Float32Array>, width: number): Baseline {
  return {
    id: 'base',
    title: 'Base model without training (linear head)',
    ...fitted(probeDesigns(features, width), { ...input, split: baselineSplit(input.split) })
  }
}

function fitted(
  designs: Parameters<typeof chooseRidge>[0],
  { targets, classNames, split, balanced }: BaselineInput
): Pick<Baseline, 'predictions' | 'thresholds'> {
  switch (targets.kind) {
    case 'regression': {
      const values = (rows: Int32Array): Float64Array => Float64Array.from(rows, (row) => targets.values[row] ?? 0)
      return predictionsOf(chooseRidge(designs, { train: values(split.train), validation: values(split.validation) }))
    }
    case 'single-label': {
      const labels = { train: pick(targets.labels, split.train), validation: pick(targets.labels, split.validation) }
      const classWeights = balanced ? balancedWeights(labels.train, classNames.length) : undefined
      return predictionsOf(chooseSingleLabel(designs, labels, classNames, { classWeights }))
    }
    case 'multi-label': {
      const labels = (rows: Int32Array): Uint8Array => pickRows(targets.labels, rows, targets.classes)
      const chosen = chooseMultiLabel(designs, { train: labels(split.train), validation: labels(split.validation) }, classNames)
      return { predictions: chosen.test, thresholds: chosen.thresholds }
    }
  }
}

const predictionsOf = (baseline: LinearBaseline): Pick<Baseline, 'predictions'> => ({ predictions: baseline.test })

/** Values of the given rows. */
export const pick = (values: Int32Array, rows: Int32Array): Int32Array => rows.map((row) => values[row] ?? 0)

/** Stretches of `width` values of the given rows. */
export function pickRows(values: Uint8Array, rows: Int32Array, width: number): Uint8Array {
  const picked = new Uint8Array(rows.length * width)
  rows.forEach((row, i) => picked.set(values.subarray(row * width, (row + 1) * width), i * width))
  return picked
}
