import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bitfit } from '../../src/main/engine/peft/bitfit/index.ts'
import type { PeftMethod } from '../../src/main/engine/peft/define-method.ts'
import { full } from '../../src/main/engine/peft/full/index.ts'
import { head } from '../../src/main/engine/peft/head/index.ts'
import { lastN } from '../../src/main/engine/peft/last-n/index.ts'
import { lora } from '../../src/main/engine/peft/lora/index.ts'
import type { LoraOptions } from '../../src/main/engine/peft/lora/options.ts'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../src/main/engine/runtime/port.ts'
import { arenaHash, findBest, loadArena, saveArena } from '../../src/main/engine/training/checkpoints.ts'
import { initialState } from '../../src/main/engine/training/loop-settings.ts'
import { MethodTrial } from '../helpers/method-trial.ts'
import { bottleneck } from '../helpers/methods/bottleneck.ts'
import { dora } from '../helpers/methods/dora.ts'
import { ia3 } from '../helpers/methods/ia3.ts'
import { prefixTuning } from '../helpers/methods/prefix.ts'

interface Row {
  readonly name: string
  readonly method: PeftMethod<unknown>
  readonly options: unknown
  /** The names of all that is trained; the new head always is. */
  readonly trained: RegExp
  /** Whether its first step equals the base model. */
  readonly startsAtBase?: false
}

const row = <O>(name: string, method: PeftMethod<O>, options: NoInfer<O>, trained: RegExp): Row => ({
  name,
  // The options are this method's own: the type parameter says so.
  method: method as PeftMethod<unknown>,
  options,
  trained
})

const loraOptions: LoraOptions = {
  from_adapter: null,
  adapter_labels: [],
  r: 4,
  lora_alpha: 8,
  lora_dropout: 0,
  target_modules: ['query', 'value'],
  use_rslora: false,
  loraplus_lr_ratio: null,
  rank_pattern: null,
  alpha_pattern: null,
  layers_to_transform: null,
  modules_to_save: [],
  bias: 'none',
  init_lora_weights: true
}
const plain = { freeze: [], freeze_embeddings: false }

const table: readonly Row[] = [
  row('full', full, plain, /^bert\./),
  row('full without embeddings', full, { ...plain, freeze_embeddings: true }, /^bert\.(?!embeddings)/),
  row(
    'full with frozen weights',
    full,
    { ...plain, freeze: ['layer\\.0\\.', 'LayerNorm'] },
    /^bert\.(?!.*(layer\.0\.|LayerNorm))/
  ),
  row('head', head, {}, /^$/),
  row('last layer', lastN, { layers: 1 }, /layer\.1\.|^bert\.pooler/),
  row('BitFit', bitfit, {}, /\.bias$/),
  row('LoRA', lora, loraOptions, /(query|value)\.lora_[AB]\.weight$/),
  row('rsLoRA with LoRA+', lora, { ...loraOptions, use_rslora: true, loraplus_lr_ratio: 4 }, /(query|value)\.lora_[AB]\.weight$/),
  row(
    'LoRA on one layer',
    lora,
    { ...loraOptions, target_modules: '.*\\.dense', layers_to_transform: [1] },
    /layer\.1\.(attention\.output|intermediate|output)\.dense\.lora_[AB]\.weight$/
  ),
  row(
    'LoRA on every linear layer with their biases',
    lora,
    { ...loraOptions, target_modules: 'all-linear', bias: 'lora_only' },
    /lora_[AB]\.weight$|(query|key|value|dense)\.bias$/
  ),
  row(
    'LoRA with ranks and strengths by layer',
    lora,
    { ...loraOptions, rank_pattern: { query: 2, 'layer.1.attention.self.value': 6 }, alpha_pattern: { value: 20 } },
    /(query|value)\.lora_[AB]\.weight$/
  ),
  row('LoRA with all biases', lora, { ...loraOptions, bias: 'all' }, /(query|value)\.lora_[AB]\.weight$|\.bias$/),
  row(
    'LoRA with the pooler saved whole',
    lora,
    { ...loraOptions, modules_to_save: ['pooler'] },
    /(query|value)\.lora_[AB]\.weight$|^bert\.pooler/
  ),
  row(
    'DoRA',
    dora,
    { r: 4, lora_alpha: 8, target_modules: ['query', 'dense'] },
    /(query|dense)\.lora_(A|B|magnitude_vector)\.weight$/
  ),
  row('IA3', ia3, { target_modules: ['key', 'value', 'output.dense'], feedforward_modules: ['output.dense'] }, /ia3_l$/),
  row('bottleneck adapters', bottleneck, { width: 4 }, /adapter_(down|up)\.(weight|bias)$/),
  { ...row('prefix tuning', prefixTuning, { num_virtual_tokens: 5 }, /self\.prefix_(keys|values)$/), startsAtBase: false }
]

let runtime: Runtime
let base: Float32Array
beforeAll(async () => {
  runtime = await openRuntime({ threads: 2 })
  base = await (await MethodTrial.base(runtime)).logits()
})
afterAll(() => runtime.dispose())

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))
const distance = (a: Float32Array, b: Float32Array): number => norm(a.map((value, i) => value - (b[i] ?? NaN)))

describe.each(table)('$name', ({ method, options, trained, startsAtBase = true }) => {
  let trial: MethodTrial
  let before: ReadonlyMap<string, Float32Array>
  let untrained: Float32Array
  let losses: readonly number[]
  let after: Float32Array
  let fileBefore: string
  beforeAll(async () => {
    fileBefore = await MethodTrial.checkpointHash()
    trial = await MethodTrial.open(runtime, method, options)
    before = await trial.tensors()
    untrained = await trial.logits()
    losses = await trial.train(30, 0.01)
    after = await trial.logits()
  })

  it(startsAtBase ? 'starts as the base model' : 'starts elsewhere than the base model', () => {
    if (startsAtBase) expect(distance(untrained, base)).toBeLessThanOrEqual(1e-6 * norm(base))
    else expect(distance(untrained, base)).toBeGreaterThan(0.01 * norm(base))
  })

  it('trains exactly what it selects', async () => {
    const names = [...trial.selection.tensors.map(({ name }) => name), ...before.keys()]
    const expected = new Set(names.filter((name) => trained.test(name) || /^classifier\./.test(name)))
    expect(new Set(before.keys())).toEqual(expected)
    const now = await trial.tensors()
    for (const [name, values] of before) expect(distance(now.get(name) ?? values, values), name).toBeGreaterThan(0)
    expect(await MethodTrial.checkpointHash()).toBe(fileBefore)
  })

  it('makes the loss fall', () => {
    expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] ?? 0))
  })

  it('is the same after saving and loading', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'attune-matrix-'))
    try {
      await saveArena(folder, trial.arena, 'best', initialState(trial.arena.groups.length), 'plan')
      const loaded = await MethodTrial.open(runtime, method, options)
      const found = await findBest(folder)
      if (!found) throw new Error('nothing was saved')
      await loadArena(loaded.arena, found, false)
      expect(await arenaHash(loaded.arena)).toBe(await arenaHash(trial.arena))
      expect(await loaded.logits()).toEqual(after)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('gives the same answers merged, or cannot be merged', async () => {
    if (trial.selection.attached.size > 0 && !method.merge) {
      expect([...trial.selection.attached.values()].every(({ site }) => site.kind !== 'linear')).toBe(true)
      return
    }
    const merged = await (await trial.merged()).logits()
    expect(distance(merged, after)).toBeLessThanOrEqual(1e-5 * norm(after))
    expect(distance(merged, base)).toBeGreaterThan(0.01 * norm(base))
  })

  it('is the base model once its adapters and its training are taken away', async () => {
    const isAdapter = new Set(trial.selection.parameters.filter(({ origin }) => origin === 'adapter').map(({ name }) => name))
    // The adapters keep what they learned: taken away, nothing of it may show.
    await trial.restore(new Map([...before].filter(([name]) => !isAdapter.has(name))))
    expect(distance(await trial.logits({ adapters: false }), base)).toBeLessThanOrEqual(1e-6 * norm(base))
  })
})
