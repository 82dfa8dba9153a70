import { join } from 'node:path'
import { InputError, messageOf, systemCodeOf } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { EvaluationInput } from '../engine/evaluation/index.ts'
import { isRecord } from './shape.ts'

/** The parts of the data whose answers a run keeps: what is chosen on validation and what is compared on test needs every row. */
export type PredictedPart = 'validation' | 'test'

/** What a run answered to each row of one part (`predictions-test.json`), columns of equal length in file order. */
export interface StoredPredictions {
  readonly format: 'attune-predictions-1'
  readonly part: PredictedPart
  readonly kind: EvaluationInput['kind']
  /** Empty for a regression. */
  readonly classNames: readonly string[]
  /** Hash of the data's content and of every row's part. */
  readonly splitHash: string
  /** Line of each row in its file. */
  readonly lines: readonly number[]
  /** Tells rows apart by their texts, without holding them: the start of a SHA-256. */
  readonly keys: readonly string[]
  /** A group number per row; null where the data name no groups. */
  readonly groups: readonly number[] | null
  /** Class number per row; 0 or 1 per row and label; or the true score. */
  readonly truth: readonly number[]
  /** Calibrated probabilities [rows, classes]; scores [rows] of a regression. */
  readonly answers: readonly number[]
  /** multi-label: the probability from which a label is said. */
  readonly thresholds: readonly number[] | null
  /** single-label, test only: the class that each baseline said. */
  readonly baselines?: readonly { readonly id: string; readonly title: string; readonly said: readonly number[] }[]
}

export const predictionsName = (part: PredictedPart): string => `predictions-${part}.json`

/** Where a run that finds answers keeps those of a part, given and right. */
export const answersName = (part: PredictedPart): string => `answers-${part}.json`

/** What a run answered to the rows of a part; null where it kept none. Throws an InputError where the file is damaged. */
export async function readPredictions(folder: string, part: PredictedPart): Promise<StoredPredictions | null> {
  const path = join(folder, predictionsName(part))
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (isPredictions(value)) return value
    throw damaged(path, 'it does not have the form of predictions')
  } catch (error) {
    if (error instanceof InputError) throw error
    if (systemCodeOf(error) === 'ENOENT') return null
    throw damaged(path, messageOf(error))
  }
}

function isPredictions(value: unknown): value is StoredPredictions {
  if (!isRecord(value) || value['format'] !== 'attune-predictions-1') return false
  const { lines, keys, truth, answers, classNames, kind } = value
  const columns = [lines, keys, truth, answers, classNames]
  if (!columns.every(Array.isArray)) return false
  const [rows, width] = [(lines as unknown[]).length, Math.max(1, (classNames as unknown[]).length)] // Arrays, as was just looked at.
  const [answered, told] = [(answers as unknown[]).length, (truth as unknown[]).length]
  return (
    (keys as unknown[]).length === rows && answered === rows * width && told === (kind === 'multi-label' ? rows * width : rows)
  )
}

const damaged = (path: string, why: string): InputError =>
  new InputError('predictions-unreadable', `The stored answers of this run cannot be read (${why}). Train it again.`, {
    file: path
  })

/** Stored answers, ready to be judged. */
export function evaluationInputOf({ kind, classNames, truth, answers, thresholds }: StoredPredictions): EvaluationInput {
  const probabilities = Float64Array.from(answers)
  switch (kind) {
    case 'single-label':
      return { kind, labels: Int32Array.from(truth), probabilities, classNames }
    case 'multi-label':
      return {
        kind,
        labels: Uint8Array.from(truth),
        probabilities,
        labelNames: classNames,
        thresholds: Float64Array.from(thresholds ?? [])
      }
    case 'regression':
      return { kind, targets: Float64Array.from(truth), predictions: probabilities }
  }
}
