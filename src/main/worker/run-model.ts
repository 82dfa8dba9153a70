import { baseKeysOf, type BaseKeys } from './base-keys.ts'
import type { Calibration } from './judge.ts'
import type { PreparedRun } from './prepare.ts'
import type { RunOutcome } from './report.ts'

export const MODEL_FILE = 'model.json'
/** The same while the run goes on. */
export const MODEL_SO_FAR = 'model-so-far.json'
/** What a run that is not tested says of itself. */
export const VALIDATION_FILE = 'validation.json'

/** What `predict` and `evaluate` need of a finished run, besides its checkpoint (`model.json`). */
export interface RunModel {
  readonly classNames: readonly string[]
  readonly calibration: Calibration
  readonly shift: number
  readonly scale: number
  readonly problem: string
  readonly base: BaseKeys
  readonly splitHash: string
  /** What a conditional random field learned; left out where there is none. */
  readonly crf?: CrfFacts
  /** Tags of an imported adapter in the order of its own outputs; left out everywhere else. */
  readonly outputs?: readonly string[]
  /** When a run that finds answers says that there is none; left out for other runs. */
  readonly answering?: AnsweringFacts
}

export interface AnsweringFacts {
  /** How much "no answer" must score above the best answer, in logits; null where an answer is always given. */
  readonly threshold: number | null
}

/** Scores of tags, by number: after one another [tags · tags], and at the start and end of a text. */
export interface CrfFacts {
  readonly between: readonly number[]
  readonly start: readonly number[]
  readonly end: readonly number[]
}

export type Judged = Pick<RunOutcome, 'evaluation' | 'calibration' | 'testLooks' | 'subgroups'>

/** What is kept of a finished run. */
export async function runModelOf(
  prepared: PreparedRun,
  calibration: Calibration,
  { crf, answering }: Pick<RunModel, 'crf' | 'answering'> = {}
): Promise<RunModel> {
  const { targetSettings, dataset, split, problem, model, tokenizer } = prepared
  const { shift, scale } = targetSettings
  const base = await baseKeysOf(model, tokenizer)
  return {
    classNames: dataset.classNames,
    calibration,
    shift,
    scale,
    problem,
    base,
    splitHash: split.splitHash,
    ...(crf && { crf }),
    ...(answering && { answering })
  }
}
