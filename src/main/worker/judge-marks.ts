import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { defined } from '../base/assert.ts'
import { writeJsonAtomic } from '../base/files.ts'
import {
  dictionaryAnswers,
  entityMetrics,
  evaluateEntities,
  fitTemperature,
  type EntityBaseline,
  type EntityInput,
  type FoundMark
} from '../engine/evaluation/index.ts'
import { crfSurprise } from '../engine/tasks/crf-scores.ts'
import type { LossOptions } from '../engine/tasks/losses.ts'
import { readTags } from '../engine/training/read-tags.ts'
import type { Mark } from '../base/mark.ts'
import type { Examples } from '../engine/training/examples.ts'
import { hostLoss } from '../engine/training/host-loss.ts'
import type { TaggedUnits } from '../engine/training/token-examples.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import { countTestLook } from '../report/test-looks.ts'
import { writeMarkFold } from './fold-marks.ts'
import { groupNumbers } from './group-numbers.ts'
import { finite, type Calibration } from './judge.ts'
import { tagReading, transitionsOf, type MarkReading } from './mark-reading.ts'
import { MODEL_FILE, MODEL_SO_FAR, runModelOf, type Judged } from './run-model.ts'
import { crfOf, marksIn, type Marking, type TensorReader } from './prepare-marks.ts'
import type { PreparedRun } from './prepare.ts'
import type { PhaseName } from './protocol.ts'
import { isCompared, isUntested, writeValidation } from './shares.ts'
import type { Stopwatch } from './seconds.ts'
import type { TrainInput } from './train-run.ts'
import { writePassages } from './write-passages.ts'

/** Probabilities as they come. */
export const neutralTags: Calibration = { temperatures: [1], thresholds: null }

/** Passages that logits [units, tags] tell of, by row. */
export function foundMarks({ tagged }: Examples, logits: Float32Array, marking: Marking, facts: MarkReading): FoundMark[][] {
  return readTags(defined(tagged, 'units'), logits, tagReading(marking, facts))
}

const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i)

function answersTo(
  prepared: PreparedRun,
  marking: Marking,
  examples: Examples,
  logits: Float32Array,
  reading: MarkReading
): EntityInput {
  const marks = marksIn(prepared.dataset)
  const truth = Array.from(examples.rows, (row) => marks[row] ?? [])
  return { types: marking.tags.types, truth, said: foundMarks(examples, logits, marking, reading) }
}

/** Mean surprise at the true tags, a word: of each text's sequence with a conditional random field. */
function lossOfWords(
  prepared: PreparedRun,
  { tags, classes, starts }: TaggedUnits,
  logits: Float32Array,
  loss: LossOptions,
  { crf }: MarkReading
): number {
  if (!crf) {
    const words = all(tags.length)
    return hostLoss({ kind: 'single-label', labels: tags, classes }, prepared.targetSettings, loss, words, logits)
  }
  const learned = transitionsOf(crf, classes)
  let sum = 0
  for (let row = 0; row + 1 < starts.length; row++) {
    const [first, end] = [starts[row] ?? 0, starts[row + 1] ?? 0]
    sum += crfSurprise(logits.subarray(first * classes, end * classes), tags.subarray(first, end), learned)
  }
  return sum / tags.length
}

/** Validation metrics while training, uncalibrated, and the loss that is trained, over the words. */
export async function markMetrics(
  prepared: PreparedRun,
  marking: Marking,
  logits: Float32Array,
  loss: LossOptions,
  tensor: TensorReader
): Promise<Record<string, number>> {
  const examples = prepared.examples.validation
  const reading = { calibration: neutralTags, ...(await crfOf(marking, tensor)) }
  const words = lossOfWords(prepared, defined(examples.tagged, 'units'), logits, loss, reading)
  return finite({ loss: words, ...entityMetrics(answersTo(prepared, marking, examples, logits, reading)) })
}

/** The temperature of words, fitted on validation; a conditional random field's probabilities are of sequences and stay as they are. */
function calibrateTags({ options }: Marking, { tags, classes }: TaggedUnits, logits: Float32Array): Calibration {
  if (options.crf || tags.length === 0) return neutralTags
  return { temperatures: [fitTemperature(logits, tags, classes)], thresholds: null }
}

/** Fits the temperature on validation words, then looks at the test rows, once, with the dictionary beside. */
export async function judgeMarks(
  input: TrainInput,
  prepared: PreparedRun,
  marking: Marking,
  run: TextRun,
  folder: string,
  watch: Stopwatch
): Promise<Judged> {
  const { split } = prepared
  const tell = (phase: PhaseName): void => input.emit({ event: 'progress', phase, done: 0, total: 0 })
  tell('validating')
  const logits = await watch.time('validating', () => run.logits(run.validation))
  const learned = await crfOf(marking, (name) => run.tensor(name))
  const calibration = calibrateTags(marking, defined(run.validation.tagged, 'units'), logits)
  const reading = { calibration, ...learned }
  await writePassages(
    folder,
    'validation',
    prepared,
    run.validation.rows,
    answersTo(prepared, marking, run.validation, logits, reading)
  )
  await writeJsonAtomic(join(folder, MODEL_FILE), await runModelOf(prepared, calibration, learned))
  await rm(join(folder, MODEL_SO_FAR), { force: true })
  if (isCompared(input, prepared)) {
    const asTrained = answersTo(prepared, marking, run.validation, logits, { ...reading, calibration: neutralTags })
    const { metrics } = evaluateEntities(asTrained, judging(input, prepared, split.validation))
    await writeValidation(folder, prepared, metrics)
  }
  if (isUntested(input, prepared) || split.test.length === 0) return { evaluation: null, calibration, testLooks: 0 }
  tell('baselines')
  const baselines = await watch.time('baselines', async () => (input.config.training.baselines ? [dictionary(prepared)] : []))
  tell('testing')
  const testLooks = await countTestLook(input.config.output, split.splitHash)
  const evaluation = await watch.time('testing', async () => {
    const answered = answersTo(prepared, marking, run.test, await run.logits(run.test), reading)
    await writePassages(folder, 'test', prepared, split.test, answered)
    if (prepared.fold) await writeMarkFold(folder, prepared, baselines)
    return evaluateEntities(answered, { ...judging(input, prepared, split.test), baselines })
  })
  return { evaluation, calibration, testLooks }
}

const judging = ({ config }: TrainInput, { dataset, settings }: PreparedRun, rows: Int32Array) => ({
  seed: settings.seed,
  rowIds: Array.from(rows, (row) => dataset.lines[row] ?? row),
  groups: groupNumbers(dataset, rows),
  resamples: config.training.bootstrap_resamples
})

/** What a dictionary of the training marks finds. */
function dictionary({ dataset, split }: PreparedRun): EntityBaseline {
  const marks = marksIn(dataset)
  const part = (rows: Int32Array) => ({
    texts: Array.from(rows, (row) => dataset.texts[row] ?? ''),
    marks: Array.from(rows, (row) => marks[row] ?? [])
  })
  const score = (truth: readonly (readonly Mark[])[], said: readonly (readonly Mark[])[]): number =>
    entityMetrics({ types: dataset.classNames, truth, said }).micro_f1
  const said = dictionaryAnswers(part(split.train), part(split.validation), part(split.test).texts, score)
  return { id: 'dictionary', title: 'Dictionary of the marked passages', said }
}
