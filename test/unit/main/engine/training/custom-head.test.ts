import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { HeadOptions } from '../../../../../src/main/engine/tasks/options.ts'
import { headOf, poolingOf } from '../../../../../src/main/engine/training/custom-head.ts'
import { openModelFolder, storedTensors } from '../../../../../src/main/engine/training/model-folder.ts'
import { heUniform, xavierUniform } from '../../../../../src/main/engine/weights/initializers.ts'
import { Random } from '../../../../../src/main/base/random.ts'

const model = await openModelFolder(join(import.meta.dirname, '../../../../fixtures/encoders/models/bert-3'))
const { architecture, config } = model
const head = 'sequence-classification'
const options = (changes: Partial<HeadOptions>): HeadOptions => ({
  pooling: 'default',
  hidden_sizes: [],
  init: 'default',
  ...changes
})
const shapes = (changes: Partial<HeadOptions>): Record<string, string> =>
  Object.fromEntries(
    headOf({ architecture, head, headOptions: options(changes) })
      .tensors(config, 3)
      .map(({ name, shape }) => [name, shape.join('×')])
  )

describe('the head of a run', () => {
  it("is the family's own where nothing else is asked for", () => {
    expect(headOf({ architecture, head, headOptions: options({}) })).toBe(architecture.heads[head])
    expect(headOf({ architecture, head: 'masked-lm', headOptions: options({ pooling: 'mean' }) })).toBe(
      architecture.heads['masked-lm']
    )
  })

  it('has the layers that are asked for, from the pooled text to the answer', () => {
    const own = { 'classifier.out.weight': '3×16', 'classifier.out.bias': '3' }
    expect(shapes({ pooling: 'cls' })).toEqual(own)
    expect(shapes({ hidden_sizes: [12, 6] })).toEqual({
      'classifier.hidden.0.weight': '12×16',
      'classifier.hidden.0.bias': '12',
      'classifier.hidden.1.weight': '6×12',
      'classifier.hidden.1.bias': '6',
      'classifier.out.weight': '3×6',
      'classifier.out.bias': '3'
    })
  })

  it('is always new: the checkpoint has no part of it', () => {
    const stored = storedTensors(model, head, 3, null, options({ pooling: 'mean', hidden_sizes: [8] }))
    expect([...stored].filter((name) => /classifier|pooler/.test(name))).toEqual([])
  })

  it('changes the start of weight matrices alone by init', () => {
    const tensors = headOf({ architecture, head, headOptions: options({ init: 'xavier_uniform' }) }).tensors(config, 3)
    expect(tensors.map(({ name, init }) => [name, init.kind])).toEqual([
      ['bert.pooler.dense.weight', 'xavier-uniform'],
      ['bert.pooler.dense.bias', 'zeros'],
      ['classifier.weight', 'xavier-uniform'],
      ['classifier.bias', 'zeros']
    ])
    const [first] = headOf({ architecture, head, headOptions: options({ pooling: 'max', init: 'kaiming_uniform' }) }).tensors(
      config,
      3
    )
    expect(first?.init).toEqual({ kind: 'he-uniform' })
  })

  it('keeps caches of pooled texts apart by what they pool', () => {
    const kinds = (['default', 'cls', 'mean', 'max'] as const).map((pooling) =>
      poolingOf({ architecture, head, headOptions: options({ pooling }) })
    )
    expect(kinds).toEqual(['first', 'first', 'mean', 'max'])
  })
})

it.each([
  ['He', heUniform, Math.sqrt(6 / 20)],
  ['Glorot', xavierUniform, Math.sqrt(6 / 70)]
])('%s initialisation fills its interval evenly', (_, initializer, bound) => {
  const values = initializer([50, 20], new Random(1, 'init'))
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound)
  expect(Math.max(...values)).toBeGreaterThan(0.98 * bound)
  const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length
  // The variance of a uniform distribution is bound²/3; four standard errors of its estimate from 1000 draws.
  expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(4 * Math.sqrt(0.8 / 1000))
})
