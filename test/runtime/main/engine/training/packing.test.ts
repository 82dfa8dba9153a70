import { join } from 'node:path'
import { NumberLists } from '../../../../../src/main/engine/text/number-lists.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PeftMethod } from '../../../../../src/main/engine/peft/define-method.ts'
import { full } from '../../../../../src/main/engine/peft/full/index.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import type { HeadOptions } from '../../../../../src/main/engine/tasks/options.ts'
import { Arena } from '../../../../../src/main/engine/training/arena.ts'
import { answerInputs } from '../../../../../src/main/engine/training/answer-batches.ts'
import { collate, type Sequence } from '../../../../../src/main/engine/training/batches.ts'
import type { Batch } from '../../../../../src/main/engine/training/feeding.ts'
import { buildTrainingGraph } from '../../../../../src/main/engine/training/graphs.ts'
import { initialiseWeights } from '../../../../../src/main/engine/training/initialise.ts'
import { maskBatch } from '../../../../../src/main/engine/training/masked-lm.ts'
import { selectParameters, type ModelDefinition } from '../../../../../src/main/engine/training/model-definition.ts'
import { openModelFolder, storedTensors } from '../../../../../src/main/engine/training/model-folder.ts'
import { collatePacked, packLayout } from '../../../../../src/main/engine/training/packing.ts'
import { layOut } from '../../../../../src/main/engine/training/parameter-groups.ts'
import { Stepper } from '../../../../../src/main/engine/training/stepper.ts'
import { askUnits } from '../../../../../src/main/engine/training/token-batches.ts'
import { batchTargets } from '../../../../../src/main/engine/training/targets.ts'
import { draw } from '../../../../helpers/samples.ts'

const models = join(import.meta.dirname, '../../../../fixtures/encoders/models')
const lengths = [9, 3, 5, 7, 4, 12, 3, 6]
const sequences: Sequence[] = lengths.map((length, row) => ({
  ids: Int32Array.from(draw(`packing ${row}`, length, (random) => 4 + random.below(36))),
  typeIds: Int32Array.from({ length }, (_, i) => (i * 2 < length ? 0 : 1))
}))

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ threads: 2 })
})
afterAll(() => runtime.dispose())

interface Result {
  readonly loss: number
  readonly gradients: ReadonlyMap<string, Float32Array>
}

/** Loss and gradients of one batch of full fine-tuning; the weights are those of the checkpoint and of seed 1. */
async function oneStep(name: string, packed: boolean, batch: Batch, headOptions?: HeadOptions): Promise<Result> {
  const model = await openModelFolder(join(models, name))
  const head = name.includes('mlm') ? 'masked-lm' : name.includes('questions') ? 'question-answering' : 'sequence-classification'
  const definition: ModelDefinition = {
    architecture: model.architecture,
    config: model.config,
    head,
    ...(headOptions ? { headOptions } : {}),
    labels: 3,
    method: full as PeftMethod<unknown>,
    options: { freeze: [], freeze_embeddings: false },
    stored: storedTensors(model, head, 3, null, headOptions)
  }
  const selection = selectParameters(definition)
  const { groups, size } = layOut(selection.parameters, () => ({ learningRateScale: 1, weightDecay: 0, schedule: 0, phase: 0 }))
  const arena = new Arena(runtime, groups, size, 'adamw')
  await initialiseWeights(arena, model, 1)
  const kinds = {
    'masked-lm': 'masked_cross_entropy',
    'question-answering': 'answer',
    'sequence-classification': 'cross_entropy'
  } as const
  const kind = kinds[head]
  const built = buildTrainingGraph(definition, selection, {
    loss: { kind, focalGamma: 2, huberDelta: 1 },
    accumulate: false,
    packed
  })
  // Everything is trained: there are no frozen weights to locate.
  const weights = { folder: models, locate: (tensor: string): never => expect.fail(`${tensor} is frozen`) }
  const update = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 }
  const stepper = await Stepper.open(runtime, arena, built, weights, { optimizer: 'adamw', update, accumulate: false })
  const loss = await stepper.accumulate(stepper.prepare(batch, { seed: 1, step: 0, microStep: 0 }), 0.25)
  const gradients = new Map<string, Float32Array>()
  for (const { parameter } of arena.slots)
    gradients.set(parameter.name, (await arena.read(arena.gradients, parameter.name)) as Float32Array) // The arena holds float32.
  await stepper.dispose()
  return { loss, gradients }
}

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))

/** A key's bias, and what shifts the scores of all tokens of a question alike. */
const withoutGradient = /self\.key\.bias$|^qa_outputs\.bias$/

function expectSame(packed: Result, padded: Result): void {
  expect(Math.abs(packed.loss - padded.loss)).toBeLessThanOrEqual(1e-5 * Math.abs(padded.loss))
  const whole = norm([...padded.gradients.values()].map(norm))
  for (const [name, gradient] of padded.gradients) {
    const error = norm(gradient.map((value, i) => value - (packed.gradients.get(name)?.[i] ?? NaN)))
    // What has no gradient but for rounding counts against the whole.
    expect(error, name).toBeLessThanOrEqual(1e-5 * (withoutGradient.test(name) ? whole : norm(gradient)))
  }
  expect(whole).toBeGreaterThan(0)
}

const pooled = (pooling: HeadOptions['pooling']): HeadOptions => ({ pooling, hidden_sizes: [8], init: 'default' })

it.each([
  ['the first token', undefined, 'bert-3', 0],
  ["RoBERTa's numbering of positions", undefined, 'roberta-3', 2],
  ['the mean of all tokens', pooled('mean'), 'bert-3', 0],
  ['the largest of all tokens', pooled('max'), 'bert-3', 0]
] as const)('a packed batch gives the loss and gradients of the padded one: %s', async (_, headOptions, name, positionOffset) => {
  const settings = { padId: positionOffset === 0 ? 0 : 1, positionOffset }
  const layout = packLayout(lengths, 16)
  expect(layout.rows).toBeLessThan(lengths.length)
  const targets = { kind: 'single-label', labels: Int32Array.of(0, 1, 2, 0, 1, 2, 2, 1), classes: 3 } as const
  const rows = Int32Array.from(lengths, (_, i) => i)
  const made = batchTargets(targets, { smoothing: 0, classWeights: null, shift: 0, scale: 1 }, rows)
  const withTargets = ({ sizes, inputs }: Batch): Batch => ({ sizes, inputs: { ...inputs, ...made.inputs } })
  // RoBERTa has one token type only.
  const texts = sequences.map(({ ids, typeIds }) => ({ ids, typeIds: positionOffset === 0 ? typeIds : null }))
  const padded = await oneStep(name, false, withTargets(collate(texts, settings)), headOptions)
  const packed = await oneStep(name, true, withTargets(collatePacked(texts, settings, layout)), headOptions)
  expectSame(packed, padded)
})

it('a packed batch of questions gives the loss and gradients of the padded one', async () => {
  const settings = { padId: 0, positionOffset: 0 }
  const layout = packLayout(lengths, 16)
  const rows = Int32Array.from(lengths, (_, i) => i)
  const places = { first: rows.map((row) => row % 3), last: rows.map((row) => (row % 3) + (row % 2)) }
  const numbers = NumberLists.of(lengths.map((length) => Int32Array.from({ length }, (_, i) => i)))
  const units = { from: rows, to: rows, starts: rows, tags: rows, classes: 2 }
  const asked = (batch: Batch, startOf: (row: number) => number): Batch => {
    const { batch: whole } = askUnits({ ...units, places: numbers, units: numbers }, rows, batch, startOf)
    const inputs = { ...whole.inputs, ...answerInputs(places, Int32Array.from(lengths), rows) }
    return { sizes: { ...whole.sizes, texts: rows.length, longest: 12 }, inputs }
  }
  const name = '../../questions/models/bert-questions'
  const padded = await oneStep(
    name,
    false,
    asked(collate(sequences, settings), (row) => row * 12)
  )
  const packed = await oneStep(
    name,
    true,
    asked(collatePacked(sequences, settings, layout), (row) => layout.starts[row] ?? 0)
  )
  expectSame(packed, padded)
})

it('a packed masked-language batch gives the loss and gradients of the padded one', async () => {
  const settings = {
    padId: 0,
    positionOffset: 0,
    maskId: 3,
    vocabularySize: 40,
    specialIds: new Set([0, 1, 2, 3]),
    probability: 0.3,
    continues: null
  }
  const { batch: padded, count } = maskBatch(sequences, settings, 1, 'test')
  const { batch: packed, count: packedCount } = maskBatch(sequences, { ...settings, packRoom: 16 }, 1, 'test')
  expect(packedCount).toBe(count)
  expect(packed.sizes['rows']).toBeLessThan(sequences.length)
  expectSame(await oneStep('bert-mlm', true, packed), await oneStep('bert-mlm', false, padded))
})
