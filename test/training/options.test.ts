import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { makeTinyProject, tinyTable, type TinyProject } from '../helpers/tiny-project.ts'

// Options of run.yaml end to end: what they change in a run of the tiny project (a two-layer BERT of random weights).

let root: string
let home: string
let project: TinyProject

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-options-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
  await writeFile(join(project.folder, 'other.csv'), tinyTable(30, 3))
})

afterAll(() => rm(root, { recursive: true, force: true }))

const shared = {
  num_train_epochs: 1,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  seed: 1,
  early_stopping: null,
  bootstrap_resamples: 0,
  baselines: false
}
const files = '{ train: data.csv, validation: other.csv, test: more.csv, text: text, label: label, id: id }'
const noDropout = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }

async function train(name: string, training: object, extra: Readonly<Record<string, string>> = {}): Promise<CliRun> {
  return hostedAttune(['train', await project.config(name, { ...shared, ...training }, extra), '--json'], { home })
}

const of = (run: CliRun, event: string): CliEvent[] => run.events().filter((each) => each.event === event)
const losses = (run: CliRun): number[] => of(run, 'step').map(({ loss }) => Number(loss))
const last = (run: CliRun): CliEvent => run.events().at(-1) ?? { event: 'nothing' }

/** The largest relative difference of two curves of equal length. */
function difference(a: readonly number[], b: readonly number[]): number {
  expect(a).toHaveLength(b.length)
  return Math.max(...a.map((value, i) => Math.abs(value / (b[i] ?? NaN) - 1)))
}

describe('frozen weights in 8 bits', () => {
  const lora = { method: '{ type: lora, r: 4, target_modules: [query, value] }', data: files }

  test('change a run a little, which is told before it and kept in its report', async () => {
    const float = await train('float', { ...noDropout }, lora)
    const int8 = await train('int8', { ...noDropout, frozen_weights: 'int8' }, lora)
    expect([float.code, int8.code]).toEqual([0, 0])
    // Another forward pass, but nearly the same one; validation and test are of float32 models.
    expect(losses(int8)).not.toEqual(losses(float))
    expect(difference(losses(int8), losses(float))).toBeLessThan(0.02)
    const [note] = of(int8, 'note').filter(({ code }) => code === 'int8-cost')
    const sentence = String(note?.['message'])
    expect(sentence).toMatch(
      /^Frozen layers compute forward in 8 bits while training\. Before training that moves what the model says to 16 texts by [\d.]+\s% of its spread\. \d+ answers? of 16 becomes? another class\. /
    )
    const report = JSON.parse(await readFile(join(String(last(int8)['run']), 'report.json'), 'utf8')) as {
      data: { notes: string[] }
      int8: object
    }
    expect(report.data.notes).toContain(sentence)
    expect(report.int8).toMatchObject({
      sequences: 16,
      part: 'validation',
      measure: 'logits',
      isFresh: true,
      changed: { of: 16 }
    })
    expect(of(float, 'note').filter(({ code }) => code === 'int8-cost')).toEqual([])
  })

  test('are planned with what they cost, and change nothing where the frozen layers are computed once', async () => {
    const plan = async (name: string, method: string): Promise<CliRun> =>
      hostedAttune(
        [
          'plan',
          await project.config(name, { ...shared, frozen_weights: 'int8' }, { data: files, method }),
          '--no-probe',
          '--json'
        ],
        { home }
      )
    const planned = last(await plan('int8-plan', lora.method))
    const cost = planned['int8_cost'] as { sequences: number; relative: number; changed: { of: number; count: number } }
    expect(cost).toMatchObject({ sequences: 16, changed: { of: 16 } })
    expect(cost.relative).toBeGreaterThan(0)
    expect(cost.relative).toBeLessThan(0.2)
    const idle = await plan('int8-head', '{ type: head }')
    expect(of(idle, 'note').map(({ code }) => code)).toContain('int8-idle')
    expect(last(idle)).not.toHaveProperty('int8_cost')
  })

  test('are refused where nothing is frozen', async () => {
    const full = await train('int8-full', { frozen_weights: 'int8' }, { data: files, method: '{ type: full }' })
    expect(full.code).toBe(2)
    expect(String(last(full)['message'])).toContain(
      'training.frozen_weights would do nothing: it needs a method that leaves layers frozen'
    )
  })
})

describe('head', () => {
  test.each([
    ['mean', '{ type: head }'],
    ['max', '{ type: lora, r: 4 }']
  ])('a head with %s pooling and hidden layers is trained, saved and rebuilt: %s', async (pooling, method) => {
    const extra = {
      data: files,
      head: `{ pooling: ${pooling}, hidden_sizes: [12, 8], init: xavier_uniform }`,
      method
    }
    const run = await train(`head-${pooling}`, { num_train_epochs: 4, learning_rate: 0.01 }, extra)
    expect(run.stderr).toBe('')
    expect(losses(run).at(-1)).toBeLessThan(losses(run)[0] ?? 0)
    const adapters = method.includes('lora') ? 2 * 2 * 2 * 4 * 16 : 0
    expect(last(run)['trainable_parameters']).toBe(12 * 16 + 12 + 8 * 12 + 8 + 3 * 8 + 3 + adapters)
    const folder = String(last(run)['run'])
    const again = await hostedAttune(['evaluate', folder, '--data', join(project.folder, 'more.csv'), '--json'], { home })
    expect(last(again)).toMatchObject({ event: 'finished', rows: 30 })
    const { test: whileTraining } = last(run)['metrics'] as { test: Record<string, { value: number }> }
    const { test: rebuilt } = last(again)['metrics'] as { test: Record<string, { value: number }> }
    expect(rebuilt['log_loss']?.value).toBeCloseTo(whileTraining['log_loss']?.value ?? NaN, 5)
    expect(rebuilt['accuracy']?.value).toBe(whileTraining['accuracy']?.value)
  })
})

describe('packing', () => {
  test.each(['{ type: full }', '{ type: last_n, layers: 1 }'])(
    'learns what padded batches teach, from a frozen prefix on disk too: %s',
    async (method) => {
      const plain = { ...noDropout, classifier_dropout: 0, group_by_length: false }
      const name = method.includes('full') ? 'full' : 'last'
      const padded = await train(`${name}-padded`, { ...plain, cache: { prefix: false } }, { method })
      const packed = await train(`${name}-packed`, { ...plain, packing: true }, { method })
      expect(packed.stderr).toBe('')
      expect(of(packed, 'progress').some(({ phase }) => phase === 'prefix')).toBe(name === 'last')
      expect(difference(losses(packed), losses(padded))).toBeLessThan(1e-4)
    }
  )

  test('also packs masked language modelling, which may hide whole words', async () => {
    const data = '{ file: data.csv, text: text }'
    const plain = { ...noDropout, group_by_length: false, whole_word_mask: true, mlm_probability: 0.3 }
    const extra = { task: 'masked-lm', method: '{ type: full }', data }
    const padded = await train('mlm-padded', plain, extra)
    const packed = await train('mlm-packed', { ...plain, packing: true }, extra)
    const tokens = await train('mlm-tokens', { ...plain, whole_word_mask: false }, extra)
    expect(padded.stderr + packed.stderr).toBe('')
    expect(difference(losses(packed), losses(padded))).toBeLessThan(1e-4)
    expect(difference(losses(tokens), losses(padded))).toBeGreaterThan(1e-3)
  })
})

describe('logging_steps', () => {
  test('reports the mean of the steps since the last report, and always the last step', async () => {
    const each = await train('log-each', { num_train_epochs: 2 })
    const some = await train('log-some', { num_train_epochs: 2, logging_steps: 5 })
    const all = losses(each)
    expect(all).toHaveLength(16)
    expect(of(some, 'step').map(({ step }) => step)).toEqual([5, 10, 15, 16])
    const means = [all.slice(0, 5), all.slice(5, 10), all.slice(10, 15), all.slice(15)].map(
      (part) => part.reduce((sum, value) => sum + value, 0) / part.length
    )
    expect(difference(losses(some), means)).toBeLessThan(1e-12)
    const tokens = (run: CliRun): number => of(run, 'step').reduce((sum, event) => sum + Number(event['tokens']), 0)
    expect(tokens(some)).toBe(tokens(each))
    expect(last(some)['weights_hash']).toBe(last(each)['weights_hash'])
  })
})

describe('what a model does not have', () => {
  test.each([
    ['a module', '{ type: lora, target_modules: [qurey] }', 'Did you mean query?'],
    ['a layer', '{ type: last_n, layers: 5 }', 'the model has 2 layers']
  ])('%s is refused before anything is trained', async (_, method, sentence) => {
    const run = await train('unknown', {}, { method })
    expect(run.code).toBe(2)
    expect(last(run)).toMatchObject({ event: 'failed', exitCode: 2, message: expect.stringContaining(sentence) })
    expect(of(run, 'step')).toEqual([])
  })
})

test('a learning rate outside of what is usual is noted', async () => {
  const run = await train('rate-high', { learning_rate: 0.5 })
  const note = of(run, 'note').find(({ code }) => code === 'learning-rate')
  expect(note?.['message']).toMatch(/^The learning rate 0\.5 is higher than usual for lora/)
})
