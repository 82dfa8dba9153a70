import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import type { Dataset } from '../data/dataset-types.ts'
import {
  answerMetrics,
  bestThreshold,
  scoreAnswer,
  type AnswerBaseline,
  type AnswerPlace,
  type AnswerResult,
  type JudgedAnswer
} from '../engine/evaluation/index.ts'
import { answerBy, answerSurprise, findAnswers, type ReadQuestion } from '../engine/training/find-answers.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import { countTestLook } from '../report/test-looks.ts'
import { answerBaselines } from './answer-baselines.ts'
import { writeAnswerFold } from './fold-answers.ts'
import { finite, type Calibration } from './judge.ts'
import { measureAnswers } from './measure-answers.ts'
import { answersIn, type Answering } from './prepare-answers.ts'
import type { PreparedRun } from './prepare.ts'
import type { PhaseName } from './protocol.ts'
import { MODEL_FILE, MODEL_SO_FAR, runModelOf, type AnsweringFacts, type Judged } from './run-model.ts'
import { isCompared, isUntested, writeValidation } from './shares.ts'
import type { Stopwatch } from './seconds.ts'
import type { TrainInput } from './train-run.ts'
import { writeAnswers } from './write-answers.ts'

/** Nothing is fitted to scores of answers but the threshold. */
export const neutralAnswers: Calibration = { temperatures: [1], thresholds: null }

/** Whether a question of the training rows has no answer: else the model learned that there always is one. */
export function mayHaveNone(dataset: Dataset, train: Int32Array): boolean {
  const answers = answersIn(dataset)
  return train.some((row) => (answers[row]?.length ?? 0) === 0)
}

/** While training, "no answer" is said where it scores highest. */
export const plainAnswering = (dataset: Dataset, train: Int32Array): AnsweringFacts => ({
  threshold: mayHaveNone(dataset, train) ? 0 : null
})

/** What was said to the questions `rows`, beside what is right. */
export function judgeQuestions(
  dataset: Pick<Dataset, 'texts' | 'labels'>,
  rows: Int32Array,
  read: readonly ReadQuestion[],
  { threshold }: AnsweringFacts
): JudgedAnswer[] {
  const answers = dataset.labels.kind === 'answers' ? dataset.labels.values : []
  return read.map((question, i) => {
    const row = rows[i] ?? 0
    const text = dataset.texts[row] ?? ''
    const words = ({ start, end }: AnswerPlace): string => text.slice(start, end)
    const truth = answers[row] ?? []
    const { said, score } = answerBy(question, threshold)
    return {
      ...scoreAnswer(truth.map(words), said ? words(said) : ''),
      ...{ truth, said, score }
    }
  })
}

/** The gap from which on none is said, fitted on validation; null where the model learned to answer always. */
export function fitAnswering(
  dataset: Dataset,
  train: Int32Array,
  rows: Int32Array,
  read: readonly ReadQuestion[]
): AnsweringFacts {
  if (!mayHaveNone(dataset, train)) return { threshold: null }
  if (rows.length === 0) return { threshold: 0 }
  const said = judgeQuestions(dataset, rows, read, { threshold: null })
  const none = judgeQuestions(dataset, rows, read, { threshold: -Infinity })
  const choices = read.map(({ noneGap }, i) => ({ noneGap, said: said[i]?.f1 ?? 0, none: none[i]?.f1 ?? 0 }))
  return { threshold: bestThreshold(choices) }
}

/** Validation metrics while training, and the loss that is trained. */
export function answerMetricsOf(prepared: PreparedRun, { reading }: Answering, logits: Float32Array): Record<string, number> {
  const { dataset, split } = prepared
  const examples = prepared.examples.validation
  const read = findAnswers(examples, logits, reading)
  const judged = judgeQuestions(dataset, examples.rows, read, plainAnswering(dataset, split.train))
  return finite({ loss: answerSurprise(examples, logits), ...answerMetrics(judged) })
}

function evaluated(
  { config }: Pick<TrainInput, 'config'>,
  { dataset, settings }: Pick<PreparedRun, 'dataset' | 'settings'>,
  rows: Int32Array,
  judged: readonly JudgedAnswer[],
  { threshold }: AnsweringFacts,
  baselines: readonly AnswerBaseline[] = []
): AnswerResult {
  const { bootstrap_resamples: resamples } = config.training
  return measureAnswers(dataset, { rows, judged, threshold, baselines, seed: settings.seed, resamples })
}

/** Fits the threshold on validation questions, then looks at the test rows, once, with the baselines beside. */
export async function judgeAnswers(
  input: TrainInput,
  prepared: PreparedRun,
  { reading }: Answering,
  run: TextRun,
  folder: string,
  watch: Stopwatch
): Promise<Judged> {
  const { split, dataset } = prepared
  const tell = (phase: PhaseName): void => input.emit({ event: 'progress', phase, done: 0, total: 0 })
  tell('validating')
  const read = findAnswers(run.validation, await watch.time('validating', () => run.logits(run.validation)), reading)
  const facts = fitAnswering(dataset, split.train, split.validation, read)
  await writeAnswers(folder, 'validation', prepared, run.validation.rows, judgeQuestions(dataset, split.validation, read, facts))
  await writeJsonAtomic(join(folder, MODEL_FILE), await runModelOf(prepared, neutralAnswers, { answering: facts }))
  await rm(join(folder, MODEL_SO_FAR), { force: true })
  if (isCompared(input, prepared)) {
    const plain = plainAnswering(dataset, split.train)
    const asTrained = judgeQuestions(dataset, split.validation, read, plain)
    const { metrics } = evaluated(input, prepared, split.validation, asTrained, plain)
    await writeValidation(folder, prepared, metrics)
  }
  if (isUntested(input, prepared) || split.test.length === 0)
    return { evaluation: null, calibration: neutralAnswers, testLooks: 0 }
  tell('baselines')
  const baselines = await watch.time('baselines', async () =>
    input.config.training.baselines ? answerBaselines(dataset, split, mayHaveNone(dataset, split.train)) : []
  )
  tell('testing')
  const testLooks = await countTestLook(input.config.output, split.splitHash)
  const evaluation = await watch.time('testing', async () => {
    const found = findAnswers(run.test, await run.logits(run.test), reading)
    const judged = judgeQuestions(dataset, split.test, found, facts)
    await writeAnswers(folder, 'test', prepared, split.test, judged)
    if (prepared.fold) await writeAnswerFold(folder, prepared, facts, baselines)
    return evaluated(input, prepared, split.test, judged, facts, baselines)
  })
  return { evaluation, calibration: neutralAnswers, testLooks }
}
