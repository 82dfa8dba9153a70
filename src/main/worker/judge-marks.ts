import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { defined } from '../base/assert.ts'
import { writeFileAtomic, writeJsonAtomic } from '../base/files.ts'
import { codePointOffsets } from '../data/spans/span.ts'
import {
  dictionaryAnswers,
  entityMetrics,
  evaluateEntities,
  fitTemperature,
  type EntityBaseline,
  type EntityInput,
  type FoundMark
} from '../engine/evaluation/index.ts'
import type { LossOptions } from '../engine/tasks/losses.ts'
import { readTags } from '../engine/tasks/read-tags.ts'
import type { Mark } from '../engine/tasks/tags.ts'
import type { Examples } from '../engine/training/examples.ts'
import { hostLoss } from '../engine/training/host-loss.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import { passagesName, type PredictedPart } from '../report/predictions.ts'
import { countTestLook } from '../report/test-looks.ts'
import { groupNumbers } from './group-numbers.ts'
import { finite, type Calibration } from './judge.ts'
import { MODEL_FILE, MODEL_SO_FAR, VALIDATION_FILE, runModelOf, type Judged } from './judge-run.ts'
import { marksIn, type Marking } from './prepare-marks.ts'
import type { PreparedRun } from './prepare.ts'
import type { Stopwatch } from './seconds.ts'
import type { TrainInput } from './train-run.ts'

/** Probabilities as they come. */
export const neutralTags: Calibration = { temperatures: [1], thresholds: null }

/** Passages that logits [units, tags] tell of, by row. */
export function foundMarks(
  { tagged }: Examples,
  logits: Float32Array,
  { tags, options }: Marking,
  { temperatures }: Calibration
): FoundMark[][] {
  return readTags(defined(tagged, 'units'), logits, { tags, decoding: options.decoding, temperature: temperatures[0] ?? 1 })
}

const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i)

function answersTo(
  prepared: PreparedRun,
  marking: Marking,
  examples: Examples,
  logits: Float32Array,
  calibration: Calibration
): EntityInput {
  const marks = marksIn(prepared.dataset)
  const truth = Array.from(examples.rows, (row) => marks[row] ?? [])
  return { types: marking.tags.types, truth, said: foundMarks(examples, logits, marking, calibration) }
}

/** Validation metrics while training, uncalibrated, and the loss that is trained, over the words. */
export function markMetrics(
  prepared: PreparedRun,
  marking: Marking,
  logits: Float32Array,
  loss: LossOptions
): Record<string, number> {
  const examples = prepared.examples.validation
  const { tags, classes } = defined(examples.tagged, 'units')
  const words = hostLoss({ kind: 'single-label', labels: tags, classes }, prepared.targetSettings, loss, all(tags.length), logits)
  return finite({ loss: words, ...entityMetrics(answersTo(prepared, marking, examples, logits, neutralTags)) })
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
  const { split, settings } = prepared
  const resamples = input.config.training.bootstrap_resamples
  input.emit({ event: 'progress', phase: 'validating', done: 0, total: 0 })
  const validation = await watch.time('validating', () => run.logits(run.validation))
  const { tags, classes } = defined(run.validation.tagged, 'units')
  const calibration =
    tags.length === 0 ? neutralTags : { temperatures: [fitTemperature(validation, tags, classes)], thresholds: null }
  await writePassages(
    folder,
    'validation',
    prepared,
    run.validation,
    answersTo(prepared, marking, run.validation, validation, calibration)
  )
  await writeJsonAtomic(join(folder, MODEL_FILE), await runModelOf(prepared, calibration))
  await rm(join(folder, MODEL_SO_FAR), { force: true })
  const options = (rows: Int32Array) => ({
    seed: settings.seed,
    rowIds: Array.from(rows, (row) => prepared.dataset.lines[row] ?? row),
    groups: groupNumbers(prepared.dataset, rows),
    resamples
  })
  if (input.selection?.isChosen === false) {
    const { metrics } = evaluateEntities(
      answersTo(prepared, marking, run.validation, validation, neutralTags),
      options(split.validation)
    )
    await writeJsonAtomic(join(folder, VALIDATION_FILE), { metrics })
    return { evaluation: null, calibration, testLooks: 0 }
  }
  if (split.test.length === 0) return { evaluation: null, calibration, testLooks: 0 }
  input.emit({ event: 'progress', phase: 'baselines', done: 0, total: 0 })
  const baselines = await watch.time('baselines', async () => (input.config.training.baselines ? [dictionary(prepared)] : []))
  input.emit({ event: 'progress', phase: 'testing', done: 0, total: 0 })
  const testLooks = await countTestLook(input.config.output, split.splitHash)
  const evaluation = await watch.time('testing', async () => {
    const answered = answersTo(prepared, marking, run.test, await run.logits(run.test), calibration)
    await writePassages(folder, 'test', prepared, run.test, answered)
    return evaluateEntities(answered, { ...options(split.test), baselines })
  })
  return { evaluation, calibration, testLooks }
}

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

/** Keeps what was found in the rows of a part beside what is there, without their texts. Characters are counted as Python counts them. */
async function writePassages(
  folder: string,
  part: PredictedPart,
  { dataset, split }: PreparedRun,
  { rows }: Examples,
  { types, truth, said }: EntityInput
): Promise<void> {
  const documents = Array.from(rows, (row, i) => {
    const text = dataset.texts[row] ?? ''
    const points = codePointOffsets(text)
    const place = <M extends Mark>(mark: M): M => ({ ...mark, start: points[mark.start] ?? 0, end: points[mark.end] ?? 0 })
    const key = createHash('sha256').update(text).digest('hex').slice(0, 16)
    return { line: dataset.lines[row] ?? row, key, truth: truth[i]?.map(place) ?? [], said: said[i]?.map(place) ?? [] }
  })
  const stored = { format: 'attune-passages-1', part, types, splitHash: split.splitHash, documents }
  await writeFileAtomic(join(folder, passagesName(part)), JSON.stringify(stored))
}
