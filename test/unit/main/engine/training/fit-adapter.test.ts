import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import { openAdapterFolder } from '../../../../../src/main/engine/training/adapter-folder.ts'
import { fitAdapter, type FittedAdapter } from '../../../../../src/main/engine/training/fit-adapter.ts'
import { openModelFolder } from '../../../../../src/main/engine/training/model-folder.ts'
import { openSafetensors } from '../../../../../src/main/engine/weights/checkpoint-folder.ts'
import { readTensor } from '../../../../../src/main/engine/weights/read-tensor.ts'
import { writeSafetensors } from '../../../../../src/main/engine/weights/safetensors.ts'
import { sourceOfArray } from '../../../../../src/main/engine/weights/tensor-source.ts'

const fixtures = join(import.meta.dirname, '../../../../fixtures')

let root: string
let count = 0

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-fit-adapter-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

type Config = Record<string, unknown>

/** A copy of an adapter that peft made, with another configuration. */
async function adapter(name: string, change: (config: Config) => Config = (config) => config): Promise<string> {
  const folder = join(root, String(count++))
  await cp(join(fixtures, 'adapters', name), folder, { recursive: true })
  const path = join(folder, 'adapter_config.json')
  const config = JSON.parse(await readFile(path, 'utf8')) as Config
  await writeFile(path, JSON.stringify(change(config)))
  return folder
}

interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
}

/** The same adapter with other tensors, zeros where a shape is another. */
async function withTensors(folder: string, change: (tensors: Tensor[]) => readonly Tensor[]): Promise<string> {
  const path = join(folder, 'adapter_model.safetensors')
  const checkpoint = await openSafetensors(path)
  const before = [...checkpoint.tensors].map(([name, { shape }]) => ({ name, shape }))
  const sources = []
  for (const { name, shape } of change(before)) {
    const size = shape.reduce((product, each) => product * each, 1)
    const isAsItWas = checkpoint.tensors.get(name)?.shape.join() === shape.join()
    const values = isAsItWas ? await readTensor(checkpoint, name) : new Float32Array(size)
    sources.push(sourceOfArray({ name, dtype: 'F32', shape }, values))
  }
  const aside = `${path}.new`
  await writeSafetensors(aside, sources)
  await cp(aside, path)
  return folder
}

const fitted = async (folder: string, model = 'bert-3'): Promise<FittedAdapter> =>
  fitAdapter(await openAdapterFolder(folder), await openModelFolder(join(fixtures, 'encoders/models', model)))

async function refusal(work: Promise<unknown>): Promise<InputError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error
  )
  expect(thrown).toBeInstanceOf(InputError)
  return thrown as InputError // As was just looked at.
}

describe('an adapter put to its model', () => {
  it('brings ranks, strengths and layers by their paths', async () => {
    const { options, labels, hasHead } = await fitted(await adapter('regex-and-patterns'))
    expect(options.target_modules).toHaveLength(8)
    expect(options.target_modules).not.toContain('bert.pooler.dense')
    const ranks = Object.entries(options.rank_pattern ?? {})
    expect(ranks.map(([path, rank]) => `${path.replace('bert.encoder.', '')} ${rank}`).sort()).toEqual([
      'layer.0.attention.output.dense 2',
      'layer.0.output.dense 2',
      'layer.1.attention.output.dense 2',
      'layer.1.intermediate.dense 6',
      'layer.1.output.dense 2'
    ])
    expect(options.alpha_pattern?.['bert.encoder.layer.0.attention.self.query']).toBe(3)
    expect({ labels, hasHead, isStabilised: options.use_rslora }).toEqual({ labels: 3, hasHead: true, isStabilised: true })
  })

  it('is found by the family’s prefix where it was made of a bare model', async () => {
    const folder = await withTensors(await adapter('suffixes'), (tensors) =>
      tensors
        .filter(({ name }) => name.includes('lora'))
        .map(({ name, shape }) => ({ name: name.replace('model.bert.', 'model.'), shape }))
    )
    const { options, hasHead } = await fitted(folder)
    expect(options.target_modules).toContain('bert.encoder.layer.1.attention.self.value')
    expect(hasHead).toBe(false)
  })

  it('with ten thousand names of layers is read at once', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `layer.${i}.nothing`)
    const folder = await adapter('suffixes', (config) => ({ ...config, target_modules: [...names, 'query', 'value'] }))
    const before = performance.now()
    expect((await fitted(folder)).options.target_modules).toHaveLength(4)
    expect(performance.now() - before).toBeLessThan(2000)
  })

  it('whose regular expression cannot be read here is known by its weights', async () => {
    const folder = await adapter('suffixes', (config) => ({ ...config, target_modules: '(?s).*(query|value)++' }))
    expect((await fitted(folder)).options.target_modules).toHaveLength(4)
  })
})

describe('an adapter is refused', () => {
  const config = (change: Config) => async (): Promise<string> => adapter('suffixes', (own) => ({ ...own, ...change }))
  const tensors =
    (change: (all: Tensor[]) => readonly Tensor[]): (() => Promise<string>) =>
    async () =>
      withTensors(await adapter('suffixes'), change)
  const first = 'base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight'

  it.each([
    ['another kind of adapter', config({ peft_type: 'IA3' }), 'adapter-config', 'peft_type is "IA3"'],
    ['another task', config({ task_type: 'CAUSAL_LM' }), 'adapter-config', 'task_type is "CAUSAL_LM"'],
    ['DoRA', config({ use_dora: true }), 'adapter-config', 'use_dora is true; Attune does not follow DoRA'],
    ['a start that changes the model', config({ init_lora_weights: 'pissa' }), 'adapter-config', 'init_lora_weights is "pissa"'],
    ['an option that is not known', config({ use_later_idea: 3 }), 'adapter-config', 'use_later_idea is 3'],
    ['a huge rank', config({ r: 1e9 }), 'adapter-config', 'ranks from 1 to 1024'],
    ['a rank that its weights do not have', config({ r: 5 }), 'adapter-shape', 'says rank 5'],
    ['a layer without weights', config({ target_modules: ['query', 'key', 'value'] }), 'adapter-incomplete', 'self.key'],
    [
      'a regular expression that backtracks for ever',
      config({ target_modules: '(([a-z._0-9]+)+)+!' }),
      'adapter-config',
      'takes too long'
    ],
    [
      'a pattern that backtracks for ever',
      config({ rank_pattern: { '(([a-z._0-9]+)+)+!': 3 } }),
      'adapter-config',
      'rank_pattern holds a regular expression that takes too long'
    ],
    ['no layers at all', config({ target_modules: [] }), 'adapter-config', 'target_modules is []'],
    [
      'no LoRA weights',
      tensors((all) => all.filter(({ name }) => !name.includes('lora'))),
      'adapter-incomplete',
      'no LoRA weights'
    ],
    ['a missing half', tensors((all) => all.filter(({ name }) => name !== first)), 'adapter-incomplete', 'lacks bert.encoder'],
    [
      'a layer that the model does not have',
      tensors((all) => all.map((tensor) => ({ ...tensor, name: tensor.name.replace('layer.0', 'layer.7') }))),
      'adapter-other-model',
      'layer.7'
    ],
    [
      'the widths of another model',
      tensors((all) => all.map(({ name, shape }) => ({ name, shape: name.includes('lora_A') ? [shape[0] ?? 0, 99] : shape }))),
      'adapter-other-model',
      'It was trained on bert-3: choose that model.'
    ],
    [
      'a magnitude of DoRA',
      tensors((all) => [...all, { name: first.replace('A.weight', 'magnitude_vector'), shape: [16] }]),
      'adapter-config',
      'more than plain LoRA'
    ]
  ])('with %s', async (_what, make, code, sentence) => {
    const error = await refusal(make().then((folder) => fitted(folder)))
    expect(error.message).toContain(sentence)
    expect(error.code).toBe(code)
  })

  it('by a model of another family', async () => {
    const error = await refusal(adapter('suffixes').then((folder) => fitted(folder, 'distilbert-3')))
    expect(error.code).toBe('adapter-other-model')
  })

  it('as a pickle, with a lying header, a link out of its folder, or no configuration', async () => {
    const pickle = await adapter('suffixes')
    await cp(join(pickle, 'adapter_model.safetensors'), join(pickle, 'adapter_model.bin'))
    await rm(join(pickle, 'adapter_model.safetensors'))
    expect(await refusal(fitted(pickle))).toMatchObject({ code: 'weights-pickle' })
    const lying = await adapter('suffixes')
    const path = join(lying, 'adapter_model.safetensors')
    const bytes = await readFile(path, 'latin1')
    await writeFile(path, bytes.replace('"shape":[4,16]', '"shape":[4,61]'), 'latin1')
    expect(await refusal(fitted(lying))).toMatchObject({ code: 'weights-damaged' })
    const linked = await adapter('suffixes')
    await rm(join(linked, 'adapter_model.safetensors'))
    await symlink(join(fixtures, 'adapters/suffixes/adapter_model.safetensors'), join(linked, 'adapter_model.safetensors'))
    expect(await refusal(fitted(linked))).toMatchObject({ code: 'link-outside' })
    expect(await refusal(fitted(root))).toMatchObject({ code: 'adapter-incomplete' })
  })

  it.each(['../../../../etc/passwd', '/etc/passwd', 'C:\\models\\passwd', 'org/passwd', '..', 'pass\u202ewd'])(
    'by nothing that its base model’s name says: %s is a name, never opened',
    async (name) => {
      const folder = await adapter('suffixes', (own) => ({ ...own, base_model_name_or_path: name }))
      const { baseName } = (await openAdapterFolder(folder)).config
      expect([null, 'passwd', 'pass\ufffdwd']).toContain(baseName)
    }
  )
})
