import { join } from 'node:path'
import { NumberLists } from '../../src/main/engine/text/number-lists.ts'
import type { HeadKind } from '../../src/main/engine/architectures/define-architecture.ts'
import { bitfit } from '../../src/main/engine/peft/bitfit/index.ts'
import type { PeftMethod } from '../../src/main/engine/peft/define-method.ts'
import { full } from '../../src/main/engine/peft/full/index.ts'
import { head } from '../../src/main/engine/peft/head/index.ts'
import { lastN } from '../../src/main/engine/peft/last-n/index.ts'
import { lora } from '../../src/main/engine/peft/lora/index.ts'
import type { HostTensor, Runtime } from '../../src/main/engine/runtime/port.ts'
import type { LossKind, LossOptions } from '../../src/main/engine/tasks/losses.ts'
import type { HeadOptions } from '../../src/main/engine/tasks/options.ts'
import { Arena } from '../../src/main/engine/training/arena.ts'
import { answerInputs } from '../../src/main/engine/training/answer-batches.ts'
import { collate } from '../../src/main/engine/training/batches.ts'
import { feeds } from '../../src/main/engine/training/feeds.ts'
import { loadGraph, type Batch, type WeightSource } from '../../src/main/engine/training/feeding.ts'
import { buildEvaluationGraph, buildTrainingGraph } from '../../src/main/engine/training/graphs.ts'
import { initialiseWeights } from '../../src/main/engine/training/initialise.ts'
import {
  selectParameters,
  type ModelDefinition,
  type ParameterSelection
} from '../../src/main/engine/training/model-definition.ts'
import { openModelFolder, storedTensors, type ModelFolder } from '../../src/main/engine/training/model-folder.ts'
import { isDecayExempt, layOut } from '../../src/main/engine/training/parameter-groups.ts'
import { Stepper } from '../../src/main/engine/training/stepper.ts'
import { crfInputs, crfSteps } from '../../src/main/engine/training/crf-batches.ts'
import { askUnits, tagTargets } from '../../src/main/engine/training/token-batches.ts'
import type { TaggedUnits } from '../../src/main/engine/training/token-examples.ts'
import { batchTargets, type Targets, type TargetSettings } from '../../src/main/engine/training/targets.ts'
import { openSafetensors } from '../../src/main/engine/weights/checkpoint-folder.ts'
import { prepareWeights } from '../../src/main/engine/weights/prepared.ts'
import { readTensor } from '../../src/main/engine/weights/read-tensor.ts'
import { dora } from './methods/dora.ts'
import { ia3 } from './methods/ia3.ts'

/** What scripts/reference/encoders.py records of a case. */
export interface CaseRecord {
  readonly model: string
  readonly family: string
  readonly task: 'single-label' | 'multi-label' | 'regression' | 'masked-lm' | 'token-classification' | 'question-answering'
  readonly method: {
    readonly type: string
    readonly r?: number
    readonly lora_alpha?: number
    readonly target_modules?: string | readonly string[]
    readonly use_rslora?: boolean
    readonly bias?: string
    readonly feedforward_modules?: readonly string[]
    readonly pooling?: HeadOptions['pooling']
    readonly hidden_sizes?: readonly number[]
  }
  readonly settings: {
    readonly loss?: LossKind
    readonly focal_gamma?: number
    readonly huber_delta?: number
    readonly label_smoothing?: number
    readonly class_weights?: readonly number[]
    readonly loraplus_lr_ratio?: number
    readonly crf?: boolean
  }
  readonly labels: number
  readonly lengths: readonly number[]
  readonly input_ids: readonly (readonly number[])[]
  readonly token_type_ids: readonly (readonly number[])[]
  readonly target: readonly (number | readonly number[])[]
  readonly learning_rate: number
  readonly weight_decay: number
  readonly losses: readonly number[]
  readonly trained: readonly string[]
}

export type Expected = ReadonlyMap<string, Float32Array>

/** Reads expected.safetensors of a case, everything as float32. */
export async function readCase(folder: string): Promise<Expected> {
  const checkpoint = await openSafetensors(join(folder, 'expected.safetensors'))
  const values = new Map<string, Float32Array>()
  for (const name of checkpoint.tensors.keys()) values.set(name, await readTensor(checkpoint, name))
  return values
}

export interface Replayed {
  readonly logits: ArrayLike<number> | null
  readonly losses: readonly number[]
  readonly gradients: ReadonlyMap<string, Float32Array>
  readonly after: ReadonlyMap<string, Float32Array>
}

const models = join(import.meta.dirname, '../fixtures/encoders/models')

export interface OpenedCase {
  readonly model: ModelFolder
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly arena: Arena
  readonly weights: WeightSource
}

/** The case's model with its first trained weights. */
export async function openCase(runtime: Runtime, record: CaseRecord, expected: Expected): Promise<OpenedCase> {
  const overrides =
    record.task === 'token-classification'
      ? { tokenHead: true as const }
      : record.task === 'question-answering'
        ? { answerHead: true as const }
        : {}
  const model = await openModelFolder(join(models, record.model), overrides)
  const definition = definitionOf(record, model)
  const selection = selectParameters(definition)
  const exempt = (name: string): number => (isDecayExempt(name) ? 0 : record.weight_decay)
  const { groups, size } = layOut(selection.parameters, ({ name, learningRateScale }) => ({
    learningRateScale,
    weightDecay: exempt(name),
    schedule: 0,
    phase: 0
  }))
  const arena = new Arena(runtime, groups, size, 'adamw')
  await initialiseWeights(arena, model, 1)
  for (const { parameter } of arena.slots) {
    const init = expected.get(`init.${parameter.name}`)
    if (init) await arena.write(arena.weights, parameter.name, new Float32Array(init))
  }
  return { model, definition, selection, arena, weights: await weightSource(model, definition, selection) }
}

/** Runs the case's batch through our graphs: evaluation logits, then five training steps that make `recomputed` layers' values again. */
export async function replay(runtime: Runtime, record: CaseRecord, expected: Expected, recomputed = 0): Promise<Replayed> {
  const { model, definition, selection, arena, weights } = await openCase(runtime, record, expected)
  const { batch, weight } = batchOf(record, model)
  const loss = lossOf(record)
  const logits = await evaluationLogits(runtime, arena, { definition, selection, loss, weights, batch, record })
  return {
    logits,
    ...(await fiveSteps(runtime, arena, { definition, selection, loss, weights, batch, weight, record, expected, recomputed }))
  }
}

interface Setup {
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly loss: LossOptions
  readonly weights: WeightSource
  readonly batch: Batch
  readonly record: CaseRecord
}

async function evaluationLogits(
  runtime: Runtime,
  arena: Arena,
  { definition, selection, loss, weights, batch, record }: Setup
): Promise<ArrayLike<number> | null> {
  // With dropout the recorded logits are those of the training pass; masked-lm's evaluation gives a loss, not logits.
  if (record.model.endsWith('-dropout') || record.task === 'masked-lm') return null
  const graph = buildEvaluationGraph(definition, selection, { loss })
  const loaded = await loadGraph(runtime, graph, { name: 'eval_model', weights, state: (slot) => arena.weight(slot) })
  const { logits } = await loaded.program.run({ inputs: loaded.feed(batch), fetch: ['logits'] })
  await loaded.program.dispose()
  return logits?.data as Float32Array // The graph's output is float32.
}

async function fiveSteps(
  runtime: Runtime,
  arena: Arena,
  setup: Setup & { readonly weight: number; readonly expected: Expected; readonly recomputed: number }
): Promise<Omit<Replayed, 'logits'>> {
  const { definition, selection, loss, weights, record, weight, recomputed } = setup
  const built = buildTrainingGraph(definition, selection, { loss, accumulate: false, crfSteps: 8, recomputed })
  const batch = { ...setup.batch, inputs: { ...setup.batch.inputs, ...masksOf(built.masks, setup.batch, setup.expected) } }
  const update = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 }
  const stepper = await Stepper.open(runtime, arena, built, weights, { optimizer: 'adamw', update, accumulate: false })
  const losses: number[] = []
  const gradients = new Map<string, Float32Array>()
  for (let step = 1; step <= 5; step++) {
    const prepared = stepper.prepare(batch, { seed: 1, step, microStep: 0 })
    losses.push((await stepper.accumulate(prepared, 1 / weight)) / weight)
    if (step === 1) await readAll(arena, 'gradients', gradients)
    await stepper.update(
      arena.groups.map((group) => ({ group, learningRate: record.learning_rate * group.learningRateScale, step })),
      1
    )
  }
  const after = new Map<string, Float32Array>()
  await readAll(arena, 'weights', after)
  await stepper.dispose()
  return { losses, gradients, after }
}

async function readAll(arena: Arena, kind: 'gradients' | 'weights', into: Map<string, Float32Array>): Promise<void> {
  for (const { parameter } of arena.slots)
    into.set(parameter.name, (await arena.read(arena[kind], parameter.name)) as Float32Array)
}

function masksOf(
  masks: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[],
  batch: Batch,
  expected: Expected
): Record<string, HostTensor> {
  return Object.fromEntries(
    masks.map(({ name, shape }, i): [string, HostTensor] => {
      const recorded = expected.get(`mask.${i}`)
      if (!recorded) throw new Error(`the reference has no mask ${i} for ${name}`)
      const sizes = shape.map((dim) => (typeof dim === 'number' ? dim : (batch.sizes[dim] ?? 0)))
      return [name, { type: 'uint8', shape: sizes, data: Uint8Array.from(recorded) }]
    })
  )
}

async function weightSource(
  model: ModelFolder,
  definition: ModelDefinition,
  selection: ParameterSelection
): Promise<WeightSource> {
  const trained = new Set(selection.parameters.map(({ name }) => name))
  const need = [...definition.stored].filter((name) => !trained.has(name)).map((name) => model.storedNames.get(name) ?? name)
  const prepared = await prepareWeights(model.checkpoint, '/nonexistent', { need })
  return { folder: prepared.folder, locate: (name) => prepared.locate(model.storedNames.get(name) ?? name) }
}

function definitionOf(record: CaseRecord, model: ModelFolder): ModelDefinition {
  const [method, options] = methodOf(record)
  const isOfTexts = ['single-label', 'multi-label', 'regression'].includes(record.task)
  const head = isOfTexts ? 'sequence-classification' : (record.task as HeadKind) // The others are named as their heads.
  const { architecture, config } = model
  const { type, pooling = 'default', hidden_sizes = [] } = record.method
  if (type === 'own-head') {
    const headOptions: HeadOptions = { pooling, hidden_sizes, init: 'default' }
    const stored = storedTensors(model, head, record.labels, null, headOptions)
    return { architecture, config, head, headOptions, labels: record.labels, method, options, stored }
  }
  const stored = new Set([...storedTensors(model, head, record.labels, null), ...headsOf(model, head, record.labels)])
  return { architecture, config, head, crf: record.settings.crf ?? false, labels: record.labels, method, options, stored }
}

/** The reference starts from the head in its checkpoint, whatever the classes are called. */
function headsOf(model: ModelFolder, head: HeadKind, labels: number): string[] {
  return model.architecture.heads[head]
    .tensors(model.config, labels)
    .map(({ name }) => name)
    .filter((name) => model.storedNames.has(name))
}

function methodOf({ method, settings }: CaseRecord): [PeftMethod<unknown>, unknown] {
  const none = {}
  switch (method.type) {
    case 'full':
    case 'own-head':
      return [full as PeftMethod<unknown>, { freeze: [], freeze_embeddings: false }]
    case 'full-frozen-embeddings':
      return [full as PeftMethod<unknown>, { freeze: [], freeze_embeddings: true }]
    case 'head':
      return [head as PeftMethod<unknown>, none]
    case 'last_n':
      return [lastN as PeftMethod<unknown>, { layers: 1 }]
    case 'bitfit':
      return [bitfit as PeftMethod<unknown>, none]
    case 'dora':
      return [dora as PeftMethod<unknown>, method]
    case 'ia3':
      return [ia3 as PeftMethod<unknown>, method]
    default: {
      const { r = 8, lora_alpha = 16, target_modules = [], use_rslora = false, bias = 'none' } = method
      const rest = { lora_dropout: 0, layers_to_transform: null, modules_to_save: [], bias, init_lora_weights: true }
      return [
        lora as PeftMethod<unknown>,
        { r, lora_alpha, target_modules, use_rslora, loraplus_lr_ratio: settings.loraplus_lr_ratio ?? null, ...rest }
      ]
    }
  }
}

function lossOf({ task, settings }: CaseRecord): LossOptions {
  const usual = {
    'single-label': 'cross_entropy',
    'multi-label': 'bce',
    regression: 'mse',
    'token-classification': 'cross_entropy',
    'question-answering': 'answer',
    'masked-lm': 'masked_cross_entropy'
  } as const
  return {
    kind: settings.crf ? 'crf' : (settings.loss ?? usual[task]),
    focalGamma: settings.focal_gamma ?? 2,
    huberDelta: settings.huber_delta ?? 1
  }
}

function batchOf(record: CaseRecord, model: ModelFolder): { batch: Batch; weight: number } {
  const sequences = record.lengths.map((length, row) => ({
    ids: Int32Array.from(record.input_ids[row]?.slice(0, length) ?? []),
    typeIds: Int32Array.from(record.token_type_ids[row]?.slice(0, length) ?? [])
  }))
  const batch = collate(sequences, { padId: model.config.padId, positionOffset: model.architecture.positionOffset(model.config) })
  if (record.task === 'masked-lm') return withMaskedLabels(record, batch)
  const { smoothing, classWeights } = {
    smoothing: record.settings.label_smoothing ?? 0,
    classWeights: record.settings.class_weights ?? null
  }
  const settings = { smoothing, classWeights: classWeights && Float64Array.from(classWeights), shift: 0, scale: 1 }
  if (record.task === 'question-answering') return withAnswers(record, batch)
  if (record.task === 'token-classification') return withTags(record, batch, settings)
  const targets = targetsOf(record)
  const rows = Int32Array.from(record.lengths, (_, i) => i)
  const { inputs, weight } = batchTargets(targets, settings, rows)
  return { batch: { ...batch, inputs: { ...batch.inputs, ...inputs } }, weight }
}

/** Every token, and the true places of each row, as training asks for them. */
function withAnswers({ lengths, target }: CaseRecord, batch: Batch): { batch: Batch; weight: number } {
  const rows = Int32Array.from(lengths, (_, i) => i)
  const { time = 0 } = batch.sizes
  const positions = lengths.flatMap((length, row) => Array.from({ length }, (_, place) => BigInt(row * time + place)))
  const side = (at: number): Int32Array => Int32Array.from(target, (places) => [places].flat()[at] ?? 0)
  const inputs = answerInputs({ first: side(0), last: side(1) }, Int32Array.from(lengths), rows)
  const asked: HostTensor = { type: 'int64', shape: [positions.length], data: BigInt64Array.from(positions) }
  const sizes = { ...batch.sizes, texts: rows.length, examples: positions.length, longest: time }
  return { batch: { sizes, inputs: { ...batch.inputs, [feeds.labelPositions]: asked, ...inputs } }, weight: rows.length }
}

/** The labelled tokens as training asks for them. */
function withTags(record: CaseRecord, batch: Batch, settings: TargetSettings): { batch: Batch; weight: number } {
  const places = record.target.map((row) => [row].flat().flatMap((tag, place) => (tag === -100 ? [] : [place])))
  const tags = Int32Array.from(record.target.flat().filter((tag) => tag !== -100))
  let next = 0
  const tagged: TaggedUnits = {
    places: NumberLists.of(places.map((own) => Int32Array.from(own))),
    units: NumberLists.of(places.map((own) => Int32Array.from(own, () => next++))),
    starts: Int32Array.from([[], ...places].map((_, row) => places.slice(0, row).flat().length)),
    from: new Int32Array(0),
    to: new Int32Array(0),
    tags,
    classes: record.labels
  }
  const rows = Int32Array.from(record.lengths, (_, i) => i)
  const asked = askUnits(tagged, rows, batch, (row) => row * (batch.sizes['time'] ?? 0))
  const { inputs, weight } = tagTargets(tagged, settings, asked.units)
  const crf = record.settings.crf ? crfInputs(tagged, rows, crfSteps(tagged)) : {}
  const sizes = { ...asked.batch.sizes, texts: rows.length }
  return { batch: { sizes, inputs: { ...asked.batch.inputs, ...inputs, ...crf } }, weight }
}

function targetsOf({ task, target, labels }: CaseRecord): Targets {
  const flat = target.flat()
  if (task === 'single-label') return { kind: 'single-label', labels: Int32Array.from(flat), classes: labels }
  if (task === 'multi-label') return { kind: 'multi-label', labels: Uint8Array.from(flat), classes: labels }
  return { kind: 'regression', values: Float64Array.from(flat), classes: 1 }
}

function withMaskedLabels(record: CaseRecord, batch: Batch): { batch: Batch; weight: number } {
  const labels = record.target.flat()
  const places = labels.flatMap((label, i) => (label === -100 ? [] : [i]))
  const ints = (values: readonly number[]): HostTensor => ({
    type: 'int64',
    shape: [values.length],
    data: BigInt64Array.from(values, (value) => BigInt(value))
  })
  const inputs = { label_positions: ints(places), labels: ints(places.map((place) => labels[place] ?? 0)) }
  return {
    batch: { sizes: { ...batch.sizes, examples: places.length }, inputs: { ...batch.inputs, ...inputs } },
    weight: places.length
  }
}
