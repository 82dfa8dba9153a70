import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PeftMethod } from '../../../../../src/main/engine/peft/define-method.ts'
import { full } from '../../../../../src/main/engine/peft/full/index.ts'
import { lastN } from '../../../../../src/main/engine/peft/last-n/index.ts'
import { lora } from '../../../../../src/main/engine/peft/lora/index.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { Arena } from '../../../../../src/main/engine/training/arena.ts'
import { collate, type Sequence } from '../../../../../src/main/engine/training/batches.ts'
import type { Batch, WeightSource } from '../../../../../src/main/engine/training/feeding.ts'
import { buildTrainingGraph, type TrainingGraph } from '../../../../../src/main/engine/training/graphs.ts'
import { initialiseWeights } from '../../../../../src/main/engine/training/initialise.ts'
import { GraphMemory } from '../../../../../src/main/engine/training/memory.ts'
import { selectParameters, type ModelDefinition } from '../../../../../src/main/engine/training/model-definition.ts'
import { openModelFolder, storedTensors, type ModelFolder } from '../../../../../src/main/engine/training/model-folder.ts'
import { collatePacked, packLayout } from '../../../../../src/main/engine/training/packing.ts'
import { layOut } from '../../../../../src/main/engine/training/parameter-groups.ts'
import { Stepper } from '../../../../../src/main/engine/training/stepper.ts'
import { batchTargets } from '../../../../../src/main/engine/training/targets.ts'
import { prepareWeights } from '../../../../../src/main/engine/weights/prepared.ts'
import { openCase, readCase, replay, type CaseRecord } from '../../../../helpers/reference-case.ts'
import { draw } from '../../../../helpers/samples.ts'

const fixtures = join(import.meta.dirname, '../../../../fixtures')
const layers = 4

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ threads: 2 })
})
afterAll(() => runtime.dispose())

const adapter = { r: 4, lora_alpha: 8, lora_dropout: 0.1, use_rslora: false, loraplus_lr_ratio: null, init_lora_weights: true }
const methods = {
  full: [full as PeftMethod<unknown>, { freeze: [], freeze_embeddings: false }],
  lora: [
    lora as PeftMethod<unknown>,
    {
      ...adapter,
      target_modules: ['query', 'value', 'q_lin', 'v_lin', 'output.dense', 'lin2'],
      layers_to_transform: null,
      modules_to_save: [],
      bias: 'none'
    }
  ],
  // Nothing behind a GELU learns: its slope is kept in its input's place (passes/gelu-once.ts), and both are written alike where they are made again.
  'lora in attention': [
    lora as PeftMethod<unknown>,
    {
      ...adapter,
      target_modules: ['query', 'value', 'q_lin', 'v_lin'],
      layers_to_transform: null,
      modules_to_save: [],
      bias: 'none'
    }
  ],
  last_n: [lastN as PeftMethod<unknown>, { layers: 3 }]
} as const

/** A fixture's encoder of two layers with each of them twice. */
async function fourLayers(name: string): Promise<ModelFolder> {
  const model = await openModelFolder(join(fixtures, 'encoders/models', name))
  const storedNames = new Map(model.storedNames)
  for (const [own, stored] of model.storedNames)
    if (/layer\.[01]\./.test(own))
      storedNames.set(
        own.replace(/layer\.([01])\./, (_, layer) => `layer.${Number(layer) + 2}.`),
        stored
      )
  return { ...model, config: { ...model.config, layers }, storedNames }
}

interface Trial {
  readonly step: (built: TrainingGraph, batch: Batch) => Promise<ReadonlyMap<string, ArrayLike<number>>>
  readonly build: (recomputed: number, rest?: { readonly packed?: boolean; readonly from?: string }) => TrainingGraph
}

/** One model and method with first weights of seed 1. */
async function openTrial(name: string, method: keyof typeof methods): Promise<Trial> {
  const model = await fourLayers(name)
  const { architecture, config } = model
  const stored = storedTensors(model, 'sequence-classification', 3, null)
  const [peft, options] = methods[method]
  const definition: ModelDefinition = {
    ...{ architecture, config, labels: 3, stored, options },
    ...{ head: 'sequence-classification', method: peft }
  }
  const selection = selectParameters(definition)
  const { groups, size } = layOut(selection.parameters, () => ({ learningRateScale: 1, weightDecay: 0, schedule: 0, phase: 0 }))
  const arena = new Arena(runtime, groups, size, 'adamw')
  await initialiseWeights(arena, model, 1)
  const prepared = await prepareWeights(model.checkpoint, '/nonexistent', { need: [...model.checkpoint.tensors.keys()] })
  const weights: WeightSource = {
    folder: prepared.folder,
    locate: (tensor) => prepared.locate(model.storedNames.get(tensor) ?? tensor)
  }
  const loss = { kind: 'cross_entropy', focalGamma: 2, huberDelta: 1 } as const
  const update = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 }
  return {
    build: (recomputed, rest) => buildTrainingGraph(definition, selection, { loss, accumulate: false, recomputed, ...rest }),
    step: async (built, batch) => {
      const stepper = await Stepper.open(runtime, arena, built, weights, { optimizer: 'adamw', update, accumulate: false })
      const lossSum = await stepper.accumulate(stepper.prepare(batch, { seed: 1, step: 0, microStep: 0 }), 0.125)
      const results = new Map<string, ArrayLike<number>>([['loss', [lossSum]]])
      for (const { parameter } of arena.slots)
        results.set(parameter.name, (await arena.read(arena.gradients, parameter.name)) as Float32Array) // The arena holds float32.
      await stepper.dispose()
      return results
    }
  }
}

const lengths = [9, 3, 5, 7, 4, 12, 3, 6]
const sequences: Sequence[] = lengths.map((length, row) => ({
  ids: Int32Array.from(draw(`recomputation ${row}`, length, (random) => 4 + random.below(36))),
  typeIds: null
}))

function withTargets({ sizes, inputs }: Batch): Batch {
  const rows = Int32Array.from(lengths, (_, row) => row)
  const targets = { kind: 'single-label', labels: rows.map((row) => row % 3), classes: 3 } as const
  const made = batchTargets(targets, { smoothing: 0, classWeights: null, shift: 0, scale: 1 }, rows)
  return { sizes, inputs: { ...inputs, ...made.inputs } }
}

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))

/** Bit by bit: NaN and the sign of a zero count. */
function expectSameBits(found: ReadonlyMap<string, ArrayLike<number>>, wanted: ReadonlyMap<string, ArrayLike<number>>): void {
  expect([...found.keys()]).toEqual([...wanted.keys()])
  expect([...wanted].filter(([name, values]) => name !== 'loss' && norm(values) > 0).length).toBeGreaterThan(3)
  for (const [name, values] of wanted) expect(Array.from(found.get(name) ?? []), name).toEqual(Array.from(values))
}

describe.each([
  ['bert-3-dropout', 0],
  ['roberta-3-dropout', 2],
  ['distilbert-3-dropout', 0]
] as const)('a step of four layers that makes values again, %s', (name, positionOffset) => {
  const settings = { padId: positionOffset === 0 ? 0 : 1, positionOffset }
  const batch = withTargets(collate(sequences, settings))

  it.each(['full', 'lora', 'lora in attention'] as const)(
    'has the gradients of one that keeps them, bit by bit, in less memory: %s',
    async (method) => {
      const trial = await openTrial(name, method)
      const kept = trial.build(0)
      expect(kept.recomputable).toBe(4)
      const wanted = await trial.step(kept, batch)
      const sizes = { ...batch.sizes, rows: 32, time: 64, tokens: 2048, texts: 32, examples: 32 }
      const need = ({ graph }: TrainingGraph): number => new GraphMemory(graph).need(sizes)
      let most = need(kept)
      for (const recomputed of [1, 2, 3, 4]) {
        const built = trial.build(recomputed)
        expect(built.masks).toEqual(kept.masks)
        // The layer above the third works on the token that the head reads and keeps next to nothing: the third's values are wanted at once.
        if (recomputed < 3) expect(need(built)).toBeLessThan(most)
        else expect(need(built)).toBeLessThanOrEqual(most)
        most = need(built)
      }
      for (const recomputed of [3, 4]) expectSameBits(await trial.step(trial.build(recomputed), batch), wanted)
    }
  )
})

it('packed rows have the same gradients too', async () => {
  const batch = withTargets(collatePacked(sequences, { padId: 0, positionOffset: 0 }, packLayout(lengths, 16)))
  const trial = await openTrial('bert-3-dropout', 'full')
  const wanted = await trial.step(trial.build(0, { packed: true }), batch)
  for (const recomputed of [3, 4]) expectSameBits(await trial.step(trial.build(recomputed, { packed: true }), batch), wanted)
})

it('above a frozen prefix read from disk only the layers that learn are made again, from its vectors on', async () => {
  const trial = await openTrial('bert-3-dropout', 'last_n')
  const from = 'layer.0'
  const kept = trial.build(0, { from })
  expect(kept.recomputable).toBe(3)
  const plain = withTargets(collate(sequences, { padId: 0, positionOffset: 0 }))
  const tokens = plain.sizes['tokens'] ?? 0
  const data = Float32Array.from(draw('prefix', tokens * 16, (random) => random.uniform() - 0.5))
  const batch = {
    ...plain,
    inputs: { ...plain.inputs, [`prefix/${from}`]: { type: 'float32', shape: [tokens, 16], data } as const }
  }
  expectSameBits(await trial.step(trial.build(3, { from }), batch), await trial.step(kept, batch))
})

describe.each([
  'encoders/cases/bert-masked-lm',
  'encoders/cases/bert-rslora-all-linear',
  'encoders/cases/xlm-roberta-regression',
  'methods/cases/dora-every-layer',
  'questions/cases/distilbert-questions-dropout',
  'tokens/cases/bert-tokens-crf',
  'tokens/cases/roberta-tokens-dropout'
])('%s', (path) => {
  it.each([1, 2])(
    'ends five steps with the same weights where layers are made again, the last among them or not: %d',
    async (layers) => {
      const folder = join(fixtures, path)
      const record = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseRecord // Our own fixture.
      const expected = await readCase(folder)
      const kept = await replay(runtime, record, expected)
      const again = await replay(runtime, record, expected, layers)
      expect(again.losses).toEqual(kept.losses)
      expectSameBits(again.gradients, kept.gradients)
      expectSameBits(again.after, kept.after)
    }
  )
})

it.each([
  ['tokens/cases/bert-tokens-crf', 'crf', [true, true]],
  ['tokens/cases/roberta-tokens-dropout', 'cross_entropy', [true, true]],
  ['questions/cases/distilbert-questions-dropout', 'answer', [true, true]],
  // The head reads one token: of the last layer next to nothing is kept.
  ['encoders/cases/bert-single-label', 'cross_entropy', [true, false]]
] as const)('%s takes less memory with each of its layers that keeps something', async (path, kind, saves) => {
  const folder = join(fixtures, path)
  const record = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseRecord // Our own fixture.
  const { definition: tiny } = await openCase(runtime, record, await readCase(folder))
  // The sizes of a usual model, of which nothing is computed here.
  const definition = { ...tiny, config: { ...tiny.config, width: 768, intermediate: 3072, heads: 12 } }
  const selection = selectParameters(definition)
  const loss = { kind, focalGamma: 2, huberDelta: 1 } as const
  const readsOne = definition.head === 'sequence-classification'
  const sizes = { rows: 16, time: 128, tokens: 2048, texts: 16, examples: readsOne ? 16 : 2048, longest: 128 }
  const needs = [0, 1, 2].map((recomputed) => {
    const { graph } = buildTrainingGraph(definition, selection, { loss, accumulate: false, crfSteps: 128, recomputed })
    return new GraphMemory(graph).need(sizes)
  })
  expect(needs.slice(1).map((bytes, i) => bytes < 0.97 * (needs[i] ?? 0))).toEqual(saves)
})
