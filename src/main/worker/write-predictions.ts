import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { writeFileAtomic } from '../base/files.ts'
import type { Dataset } from '../data/dataset-types.ts'
import { predictedClasses, type Baseline, type EvaluationInput } from '../engine/evaluation/index.ts'
import { predictionsName, type PredictedPart, type StoredPredictions } from '../report/predictions.ts'
import { groupNumbers } from './group-numbers.ts'

/** Characters of a row's key: 64 bits, so that two texts of a million share one with a chance of some 1 in 40 million. */
const KEY_LENGTH = 16

/** Data, and what tells their division from another. */
export interface DividedData {
  readonly dataset: Dataset
  readonly split: { readonly splitHash: string }
}

/** Keeps what the run answered to the rows of a part, so that thresholds, groups and comparisons need no second look at the model. */
export async function writePredictions(
  folder: string,
  part: PredictedPart,
  { dataset, split }: DividedData,
  rows: Int32Array,
  input: EvaluationInput,
  baselines: readonly Baseline[] = []
): Promise<void> {
  const groups = groupNumbers(dataset, rows)
  const isRegression = input.kind === 'regression'
  const stored: StoredPredictions = {
    format: 'attune-predictions-1',
    part,
    kind: input.kind,
    classNames: dataset.classNames,
    splitHash: split.splitHash,
    lines: Array.from(rows, (row) => dataset.lines[row] ?? row),
    keys: Array.from(rows, (row) => keyOf(dataset.texts[row] ?? '', dataset.pairs?.[row] ?? '')),
    groups: groups && [...groups],
    truth: [...(isRegression ? input.targets : input.labels)],
    answers: [...(isRegression ? input.predictions : input.probabilities)],
    thresholds: input.kind === 'multi-label' ? [...input.thresholds] : null,
    ...(input.kind === 'single-label' && baselines.length > 0 && { baselines: said(input.classNames.length, baselines) })
  }
  await writeFileAtomic(join(folder, predictionsName(part)), JSON.stringify(stored))
}

const said = (classes: number, baselines: readonly Baseline[]): StoredPredictions['baselines'] =>
  baselines.map(({ id, title, predictions }) => ({ id, title, said: [...predictedClasses(predictions, classes)] }))

/** A row's key: the text and its pair, told apart by a character that no text holds. */
const keyOf = (text: string, pair: string): string =>
  createHash('sha256').update(`${text}\u0000${pair}`).digest('hex').slice(0, KEY_LENGTH)
