import { join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import { evaluate, type Baseline } from '../engine/evaluation/index.ts'
import { baseFeatures } from '../engine/training/base-features.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import { baseKeysOf, type BaseKeys } from './base-keys.ts'
import { baselineSplit, keywordBaseline, majorityBaseline, probeBaseline, type BaselineInput } from './baselines.ts'
import { groupNumbers } from './group-numbers.ts'
import { calibrate, evaluationInput, readLogits, type Calibration } from './judge.ts'
import { textOf, type PreparedRun } from './prepare.ts'
import type { PhaseName } from './protocol.ts'
import type { RunOutcome } from './report.ts'
import { countTestLook } from '../report/test-looks.ts'
import type { Stopwatch } from './seconds.ts'
import type { TrainInput } from './train-run.ts'
import { writePredictions } from './write-predictions.ts'

/** What `predict` and `evaluate` need of a finished run, besides its checkpoint (`model.json`). */
export interface RunModel {
  readonly classNames: readonly string[]
  readonly calibration: Calibration
  readonly shift: number
  readonly scale: number
  readonly problem: string
  readonly base: BaseKeys
  readonly splitHash: string
}

type Judged = Pick<RunOutcome, 'evaluation' | 'calibration' | 'testLooks'>

/** Fits the reading of logits on validation, then looks at the test rows, once, with every baseline beside. */
export async function judgeRun(
  input: TrainInput,
  prepared: PreparedRun,
  run: TextRun,
  folder: string,
  watch: Stopwatch
): Promise<Judged> {
  const { targets, targetSettings, dataset, split } = prepared
  const look = (): Promise<number> => countTestLook(input.config.output, split.splitHash)
  if (!targets) {
    if (split.test.length === 0) return { evaluation: null, calibration: null, testLooks: 0 }
    const testLooks = await look()
    const loss = await watch.time('testing', () => run.maskedLoss(run.test))
    const evaluation = { kind: 'masked-lm', rows: split.test.length, loss, perplexity: Math.exp(loss), base: null } as const
    return { evaluation, calibration: null, testLooks }
  }
  const { classNames } = dataset
  const tell = (phase: PhaseName): void => input.emit({ event: 'progress', phase, done: 0, total: 0 })
  tell('validating')
  const calibration = await watch.time('validating', async () => {
    const logits = await run.logits(run.validation)
    const fitted = calibrate(targets, logits, run.validation.rows)
    const answers = readLogits(targets.kind, logits, targets.classes, fitted, targetSettings)
    const judged = evaluationInput(targets, classNames, run.validation.rows, answers, fitted)
    await writePredictions(folder, 'validation', prepared, run.validation.rows, judged)
    return fitted
  })
  const stored: RunModel = {
    classNames,
    calibration,
    shift: targetSettings.shift,
    scale: targetSettings.scale,
    problem: prepared.problem,
    base: await baseKeysOf(prepared.model, prepared.tokenizer),
    splitHash: split.splitHash
  }
  await writeJsonAtomic(join(folder, 'model.json'), stored)
  if (split.test.length === 0) return { evaluation: null, calibration, testLooks: 0 }
  tell('baselines')
  const baselines = await watch.time('baselines', () => measureBaselines(input, prepared, run))
  tell('testing')
  const testLooks = await look()
  const evaluation = await watch.time('testing', async () => {
    const logits = await run.logits(run.test)
    const answers = readLogits(targets.kind, logits, targets.classes, calibration, targetSettings)
    const answered = evaluationInput(targets, classNames, split.test, answers, calibration)
    await writePredictions(folder, 'test', prepared, split.test, answered, baselines)
    return evaluate(answered, {
      seed: prepared.settings.seed,
      rowIds: Array.from(split.test, (row) => dataset.lines[row] ?? row),
      groups: groupNumbers(dataset, split.test),
      baselines,
      resamples: input.config.training.bootstrap_resamples
    })
  })
  return { evaluation, calibration, testLooks }
}

async function measureBaselines(input: TrainInput, prepared: PreparedRun, run: TextRun): Promise<Baseline[]> {
  const { targets, dataset, split, settings, definition, weights, modelKey } = prepared
  if (!targets || !input.config.training.baselines) return []
  const common: BaselineInput = {
    targets,
    classNames: dataset.classNames,
    split,
    textOf: (row) => textOf(dataset, row),
    balanced: settings.classWeights === 'balanced'
  }
  const options = { folder: join(input.cacheFolder, 'prefix'), modelKey, collate: run.collate, signal: input.signal }
  const features = async (examples: typeof run.train): Promise<Float32Array> =>
    baseFeatures(input.runtime, definition, weights, examples, options)
  const used = baselineSplit(split).train.length
  const width = definition.config.width
  const parts = {
    train: (await features(run.train)).subarray(0, used * width),
    validation: await features(run.validation),
    test: await features(run.test)
  }
  return [majorityBaseline(common), keywordBaseline(common), probeBaseline(common, parts, width)]
}
