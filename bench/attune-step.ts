import { createInterface } from 'node:readline'
import { defined } from '../src/main/base/assert.ts'
import { afterTurn } from '../src/main/base/turns.ts'
import type { Graph } from '../src/main/engine/graph/types.ts'
import type { PeftMethod } from '../src/main/engine/peft/define-method.ts'
import { full } from '../src/main/engine/peft/full/index.ts'
import { head } from '../src/main/engine/peft/head/index.ts'
import { lora } from '../src/main/engine/peft/lora/index.ts'
import type { Precision, Runtime, StateTensor } from '../src/main/engine/runtime/port.ts'
import { Arena } from '../src/main/engine/training/arena.ts'
import { collate } from '../src/main/engine/training/batches.ts'
import { loadGraph, type Batch, type LoadedGraph, type WeightSource } from '../src/main/engine/training/feeding.ts'
import { buildPrefixGraph, buildTrainingGraph } from '../src/main/engine/training/graphs.ts'
import { firstLossScale } from '../src/main/engine/training/loss-scale.ts'
import { initialiseWeights } from '../src/main/engine/training/initialise.ts'
import { selectParameters, type ModelDefinition, type ParameterSelection } from '../src/main/engine/training/model-definition.ts'
import { openModelFolder, storedTensors } from '../src/main/engine/training/model-folder.ts'
import { isDecayExempt, layOut } from '../src/main/engine/training/parameter-groups.ts'
import { Stepper, type PreparedBatch } from '../src/main/engine/training/stepper.ts'
import { batchTargets } from '../src/main/engine/training/targets.ts'
import { prepareWeights } from '../src/main/engine/weights/prepared.ts'
import { openNamed } from '../scripts/gpu/device.ts'
import { alpha, labels, learningRate, maxGradNorm, rank, rows, threads, time, type Case, type Ran, type Ready } from './cases.ts'
import { frozenLinears, int8Forward } from '../src/main/engine/graph/passes/int8-forward.ts'
import { Int8Weights, type ReadFloats } from '../src/main/engine/training/int8-weights.ts'
import { readTensor } from '../src/main/engine/weights/read-tensor.ts'
import { countOperations } from '../src/main/engine/graph/passes/count-operations.ts'

const boundary = 'pooled'

type Job = Case & {
  readonly folder: string
  readonly prepack?: boolean
  readonly tf32?: boolean
  readonly int8?: boolean
  readonly precision?: Precision
  /** Layers made again in the backward pass. */
  readonly recomputed?: number
}

/** Our side of bench/step.ts, also run alone to profile: `attune-step.ts '{"folder": …, "method": "lora", …}' [profile prefix]`. */
async function main(): Promise<void> {
  const [text = '{}', profile] = process.argv.slice(2)
  const job = JSON.parse(text) as Job // The harness wrote it.
  const runtime = await openNamed({ threads, kind: 'c-api', tf32: job.tf32 ?? false, precision: job.precision ?? 'float32' })
  const { step, flop, endProfile } = await prepare(runtime, job, profile)
  const ready: Ready = { ready: true, pid: process.pid, flop, about: `onnxruntime ${runtime.version}, Node ${process.version}` }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  for await (const line of createInterface({ input: process.stdin })) {
    const { run } = JSON.parse(line) as { readonly run: number } // The harness wrote it.
    const milliseconds: number[] = []
    const parts: (readonly number[])[] = []
    let loss = 0
    const before = process.cpuUsage()
    for (let i = 0; i < run; i++) {
      const start = performance.now()
      const stepped = await step()
      loss = stepped.loss
      milliseconds.push(performance.now() - start)
      parts.push(stepped.parts)
    }
    const { user, system } = process.cpuUsage(before)
    const ran: Ran = { milliseconds, cpuSeconds: (user + system) / 1e6, loss, parts }
    process.stdout.write(`${JSON.stringify(ran)}\n`)
  }
  await endProfile()
  await runtime.dispose()
}

interface Prepared {
  readonly step: () => Promise<{ readonly loss: number; readonly parts: readonly number[] }>
  readonly flop: number
  readonly endProfile: () => Promise<unknown>
}

/** What the programs of a case are made of. */
interface Setup {
  readonly runtime: Runtime
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly arena: Arena
  readonly weights: WeightSource
  /** Whether frozen weights are repacked (StepperOptions). */
  readonly prepack: boolean
  readonly profile: { readonly profile?: string }
  /** Reads a frozen tensor. */
  readonly read: ReadFloats
}

async function prepare(runtime: Runtime, job: Job, profile?: string): Promise<Prepared> {
  const setup = await setUp(runtime, job, profile)
  const { definition, selection, arena, weights, prepack } = setup
  const isHead = job.method === 'head' || job.method === 'cached'
  const loss = { kind: 'cross_entropy', focalGamma: 2, huberDelta: 1 } as const
  const float = buildTrainingGraph(definition, selection, {
    ...{ loss, accumulate: false, recomputed: job.recomputed ?? 0 },
    ...(isHead ? { from: boundary } : {})
  })
  const built = job.int8 === true ? { ...float, graph: int8Forward(float.graph) } : float
  const int8 = job.int8 === true ? await Int8Weights.make(runtime, frozenLinears(float.graph), setup.read) : null
  const update = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 }
  const drawsMasks = runtime.provider !== 'cpu'
  const options = { optimizer: 'adamw', update, accumulate: false, prepack, drawsMasks, int8 } as const
  const stepper = await Stepper.open(runtime, arena, built, weights, options, isHead ? undefined : profile)
  const batch = makeBatch()
  const prefix = isHead ? await openPrefix(setup) : null
  const kept = prefix ? await prefixOf(prefix.loaded, batch) : batch
  const repeats = job.method === 'head' ? prefix : null
  let drawn = 0
  let taken = 0
  const prepared = (fed: Batch): PreparedBatch => stepper.prepare(fed, { seed: 1, step: drawn++, microStep: 0 })
  // Like the training loop, a step lays out the next batch while it computes; where a prefix runs each time, the batch depends on it.
  let next = repeats ? null : prepared(kept)
  // As the loop does for fp16 (training/loss-scale.ts), without ever changing it.
  const lossScale = runtime.precision === 'fp16' ? firstLossScale.scale : 1
  const step: Prepared['step'] = async () => {
    const begun = performance.now()
    const now = next ?? prepared(await prefixOf(defined(repeats, 'a prefix').loaded, batch))
    const running = stepper.accumulate(now, lossScale / rows)
    const following = next && afterTurn(async () => prepared(kept))
    const sum = await running
    if (following) next = await following
    const passed = performance.now()
    const norm = (await stepper.gradientNorm(arena.groups)) / lossScale
    const measured = performance.now()
    if (!Number.isFinite(norm)) throw new Error(`the norm of step ${taken} is ${norm}`)
    taken++
    const groups = arena.groups.map((group) => ({ group, learningRate, step: taken }))
    await stepper.update(groups, Math.min(1, maxGradNorm / norm) / lossScale)
    return { loss: sum / rows, parts: [passed - begun, measured - passed, performance.now() - measured] }
  }
  const flop = countOperations(built.graph)(batch.sizes) + (repeats ? countOperations(repeats.graph)(batch.sizes) : 0)
  return { step, flop, endProfile: () => (prefix ? prefix.loaded.program.endProfile() : stepper.endProfile()) }
}

async function setUp(runtime: Runtime, { folder, dropout, method, prepack }: Job, profile?: string): Promise<Setup> {
  const model = await openModelFolder(folder, { hidden: dropout, attention: dropout, classifier: dropout })
  const stored = storedTensors(model, 'sequence-classification', labels, null)
  const [peft, options] = methodOf(method)
  const { architecture, config } = model
  const task = { architecture, config, head: 'sequence-classification', labels } as const
  const definition: ModelDefinition = { ...task, method: peft, options, stored }
  const selection = selectParameters(definition)
  const { groups, size } = layOut(selection.parameters, ({ name, learningRateScale }) => ({
    ...{ learningRateScale, schedule: 0, phase: 0 },
    weightDecay: isDecayExempt(name) ? 0 : 0.01
  }))
  const arena = new Arena(runtime, groups, size, 'adamw')
  await initialiseWeights(arena, model, 1)
  const trained = new Set(selection.parameters.map(({ name }) => name))
  const storedName = (name: string): string => model.storedNames.get(name) ?? name
  const need = [...stored].filter((name) => !trained.has(name)).map(storedName)
  const prepared = await prepareWeights(model.checkpoint, '/nonexistent', { need })
  const weights: WeightSource = { folder: prepared.folder, locate: (name) => prepared.locate(storedName(name)) }
  return {
    ...{ runtime, definition, selection, arena, weights },
    prepack: prepack ?? false,
    profile: profile === undefined ? {} : { profile },
    read: (name) => readTensor(model.checkpoint, storedName(name))
  }
}

/** The frozen prefix of a head-only run: everything below the pooled vectors. */
async function openPrefix({ runtime, definition, selection, arena, weights, prepack, profile }: Setup): Promise<{
  readonly graph: Graph
  readonly loaded: LoadedGraph
}> {
  const graph = buildPrefixGraph(definition, selection, boundary)
  const state = (slot: string): StateTensor => arena.weight(slot)
  return { graph, loaded: await loadGraph(runtime, graph, { name: 'prefix_model', weights, state, prepack, ...profile }) }
}

/** The batch with the frozen prefix's pooled vectors. */
async function prefixOf(prefix: LoadedGraph, batch: Batch): Promise<Batch> {
  const { prefix: pooled } = await prefix.program.run({ inputs: prefix.feed(batch), fetch: ['prefix'] })
  if (!pooled) throw new Error('the prefix has no output')
  return { ...batch, inputs: { ...batch.inputs, [`prefix/${boundary}`]: pooled } }
}

function methodOf(method: Case['method']): [PeftMethod<unknown>, unknown] {
  // Each method with its own options, as the engine's schema makes them.
  if (method === 'full') return [full as PeftMethod<unknown>, { freeze: [], freeze_embeddings: false }]
  if (method !== 'lora') return [head as PeftMethod<unknown>, {}]
  const adapter = { r: rank, lora_alpha: alpha, lora_dropout: 0, use_rslora: false, loraplus_lr_ratio: null }
  const places = { target_modules: ['query', 'value'], layers_to_transform: null, modules_to_save: [] }
  return [lora as PeftMethod<unknown>, { ...adapter, ...places, bias: 'none', init_lora_weights: true }]
}

function makeBatch(): Batch {
  const sequences = Array.from({ length: rows }, (_, row) => ({
    ids: Int32Array.from({ length: time }, (__, i) => (((row * time + i) * 7919) % 30000) + 100),
    typeIds: null
  }))
  const batch = collate(sequences, { padId: 0, positionOffset: 0 })
  const numbers = Int32Array.from({ length: rows }, (_, row) => row)
  const targets = { kind: 'single-label', labels: numbers.map((row) => row % labels), classes: labels } as const
  const { inputs } = batchTargets(targets, { smoothing: 0, classWeights: null, shift: 0, scale: 1 }, numbers)
  return { ...batch, inputs: { ...batch.inputs, ...inputs } }
}

await main()
