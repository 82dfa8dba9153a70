import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import { evaluate, type EvaluationResult } from '../engine/evaluation/index.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import type { Targets } from '../engine/training/targets.ts'
import { writeFold } from './folds.ts'
import { groupNumbers } from './group-numbers.ts'
import { calibrate, evaluationInput, neutral, readLogits, type Calibration } from './judge.ts'
import { judgeAnswers, neutralAnswers, plainAnswering } from './judge-answers.ts'
import { judgeMarks, neutralTags } from './judge-marks.ts'
import { textOf, type PreparedRun } from './prepare.ts'
import type { PhaseName } from './protocol.ts'
import { MODEL_FILE, MODEL_SO_FAR, runModelOf, type Judged } from './run-model.ts'
import type { RunBaselines } from './run-baselines.ts'
import { isCompared, isUntested, writeValidation } from './shares.ts'
import { countTestLook } from '../report/test-looks.ts'
import type { Stopwatch } from './seconds.ts'
import type { TrainInput } from './train-run.ts'
import { subgroupsOf } from './subgroups.ts'
import { writePredictions } from './write-predictions.ts'

/** Fits the reading of logits on validation, then looks at the test rows, once, with every baseline beside. */
export async function judgeRun(
  input: TrainInput,
  prepared: PreparedRun,
  run: TextRun,
  folder: string,
  watch: Stopwatch,
  baselines: RunBaselines
): Promise<Judged> {
  if (prepared.marking) return judgeMarks(input, prepared, prepared.marking, run, folder, watch)
  if (prepared.answering) return judgeAnswers(input, prepared, prepared.answering, run, folder, watch)
  const { targets, targetSettings, dataset, split } = prepared
  const look = (): Promise<number> => countTestLook(input.config.output, split.splitHash)
  if (!targets) {
    if (split.test.length === 0 || input.selection?.isChosen === false)
      return { evaluation: null, calibration: null, testLooks: 0 }
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
    const fitted = calibrationOf(prepared, targets, logits, run.validation.rows)
    const answers = readLogits(targets.kind, logits, targets.classes, fitted, targetSettings)
    const judged = evaluationInput(targets, classNames, run.validation.rows, answers, fitted)
    await writePredictions(folder, 'validation', prepared, run.validation.rows, judged)
    return fitted
  })
  await writeJsonAtomic(join(folder, MODEL_FILE), await runModelOf(prepared, calibration))
  await rm(join(folder, MODEL_SO_FAR), { force: true })
  if (isCompared(input, prepared)) await writeValidation(folder, prepared, await judgeValidation(input, prepared, run, targets))
  if (isUntested(input, prepared) || split.test.length === 0) return { evaluation: null, calibration, testLooks: 0 }
  tell('baselines')
  const fitting = await watch.time('baselines', () => baselines.look(run))
  tell('testing')
  const testLooks = await look()
  const { evaluation, subgroups } = await watch.time('testing', async () => {
    const logits = await run.logits(run.test)
    const baselines = await fitting.fitted
    const answers = readLogits(targets.kind, logits, targets.classes, calibration, targetSettings)
    const answered = evaluationInput(targets, classNames, split.test, answers, calibration)
    await writePredictions(folder, 'test', prepared, split.test, answered, baselines)
    if (prepared.fold) await writeFold(folder, prepared, baselines)
    const { seed } = prepared.settings
    const units = groupNumbers(dataset, split.test)
    const resamples = input.config.training.bootstrap_resamples
    const rowIds = Array.from(split.test, (row) => dataset.lines[row] ?? row)
    const texts = Array.from(split.test, (row) => textOf(dataset, row))
    return {
      evaluation: evaluate(answered, { seed, rowIds, groups: units, baselines, resamples }),
      subgroups: subgroupsOf({ answered, texts, units, seed, resamples })
    }
  })
  return { evaluation, subgroups, calibration, testLooks }
}

/** Of folds, thresholds stay at a half: each would fit others, and their answers are judged together. */
function calibrationOf({ fold }: PreparedRun, targets: Targets, logits: Float32Array, rows: Int32Array): Calibration {
  const fitted = calibrate(targets, logits, rows)
  return fold ? { ...fitted, thresholds: neutral(targets).thresholds } : fitted
}

/** Lets the best weights be asked while the run goes on. Probabilities are as they come: what calibrates them is fitted at the end. */
export async function writeModelSoFar(prepared: PreparedRun, folder: string): Promise<void> {
  if (prepared.answering) {
    const answering = plainAnswering(prepared.dataset, prepared.split.train)
    await writeJsonAtomic(join(folder, MODEL_SO_FAR), await runModelOf(prepared, neutralAnswers, { answering }))
    return
  }
  const calibration = prepared.marking ? neutralTags : prepared.targets && neutral(prepared.targets)
  if (calibration) await writeJsonAtomic(join(folder, MODEL_SO_FAR), await runModelOf(prepared, calibration))
}

/** The validation metrics of the best weights with their intervals, read as they were while training: what runs are chosen by. */
async function judgeValidation(
  { config }: TrainInput,
  { dataset, split, targetSettings, settings }: PreparedRun,
  run: TextRun,
  targets: Targets
): Promise<EvaluationResult['metrics']> {
  const reading = neutral(targets)
  const rows = split.validation
  const answers = readLogits(targets.kind, await run.logits(run.validation), targets.classes, reading, targetSettings)
  const { metrics } = evaluate(evaluationInput(targets, dataset.classNames, rows, answers, reading), {
    seed: settings.seed,
    rowIds: Array.from(rows, (row) => dataset.lines[row] ?? row),
    groups: groupNumbers(dataset, rows),
    resamples: config.training.bootstrap_resamples
  })
  return metrics
}
