import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blockOf, optimizerState, stretchShape } from '../../../../../src/main/engine/optimizers/state.ts'
import {
  buildUpdateGraph,
  partSlot,
  updatedOutput,
  updateScalars,
  type UpdateSettings
} from '../../../../../src/main/engine/optimizers/update-graphs.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime, StateTensor } from '../../../../../src/main/engine/runtime/port.ts'
import { loadGraph, scalarTensor } from '../../../../../src/main/engine/training/feeding.ts'

const optimizer = 'adamw_8bit'

/** What scripts/reference/optimizers_8bit.py records: two tensors, each a group of its own, padded to whole blocks. */
interface Record8 {
  readonly settings: UpdateSettings
  readonly max_norm: number
  readonly groups: readonly { readonly learning_rate: number; readonly weight_decay: number }[]
  readonly start: readonly (readonly number[])[]
  /** By step, then by group. */
  readonly gradients: readonly { readonly norm: number; readonly values: readonly (readonly number[])[] }[]
  readonly after: readonly (readonly (readonly number[])[])[]
  /** State after the last step. */
  readonly last: readonly Readonly<Record<string, readonly number[]>>[]
}

const file = join(import.meta.dirname, '../../../../fixtures/optimizers/block-wise.json')
// Our own fixture.
const record = JSON.parse(readFileSync(file, 'utf8')) as Record8

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ threads: 1 })
})
afterAll(() => runtime.dispose())

type Slots = Readonly<Record<string, StateTensor>>

async function allocate(weight: readonly number[]): Promise<Slots> {
  const slots: Record<string, StateTensor> = {}
  for (const { name, type, per } of [
    { name: 'weight', type: 'float32', per: 1 } as const,
    { name: 'grad', type: 'float32', per: 1 } as const,
    ...optimizerState[optimizer]
  ])
    slots[name] = runtime.allocate(type, stretchShape(optimizer, weight.length, per))
  await slots['weight']?.write(Float32Array.from(weight))
  return slots
}

it('follows the reference for eight steps: weights to the last bits, codes to the last one', async () => {
  const groups = await Promise.all(record.start.map((weight) => allocate(weight)))
  // Two stretches in one run, the second of them empty, as at the end of a sweep.
  const empty = await allocate([])
  const { program } = await loadGraph(runtime, buildUpdateGraph(optimizer, 2), {
    name: 'optimizer_model',
    weights: null,
    state: () => empty['weight']!
  })
  for (const [step, { norm, values }] of record.gradients.entries()) {
    for (const [group, slots] of groups.entries()) {
      await slots['grad']?.write(Float32Array.from(values[group] ?? []))
      const { learning_rate: learningRate = NaN, weight_decay: weightDecay = NaN } = record.groups[group] ?? {}
      const clipScale = Math.min(1, record.max_norm / (norm + 1e-6))
      const scalars = updateScalars(optimizer, record.settings, { step: step + 1, learningRate, weightDecay, clipScale })
      const stretches = [slots, empty].flatMap((each, part) =>
        Object.entries(each).map(([name, state]) => [partSlot(name, part), state] as const)
      )
      await program.run({
        inputs: {
          ...Object.fromEntries(stretches),
          ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalarTensor(value)]))
        },
        outputs: Object.fromEntries(
          stretches.filter(([name]) => !name.startsWith('grad')).map(([name, state]) => [updatedOutput(name), state])
        )
      })
      const found = Array.from((await slots['weight']?.read()) ?? [], Number)
      const expected = record.after[step]?.[group] ?? []
      const worst = Math.max(
        ...expected.map((value, i) => Math.abs((found[i] ?? NaN) - value) / (Math.abs(value) + learningRate))
      )
      expect(worst, `step ${step}, group ${group}`).toBeLessThanOrEqual(1e-6)
    }
  }
  for (const [group, slots] of groups.entries()) {
    for (const { name, type } of optimizerState[optimizer]) {
      const found = Array.from((await slots[name]?.read()) ?? [], Number)
      const expected = record.last[group]?.[name] ?? []
      expect(found).toHaveLength(expected.length)
      const apart = expected.map((value, i) => Math.abs((found[i] ?? NaN) - value))
      if (type === 'float32') expect(Math.max(...apart.map((d, i) => d / (expected[i] ?? 1)))).toBeLessThanOrEqual(1e-6)
      else {
        expect(Math.max(...apart)).toBeLessThanOrEqual(1)
        expect(apart.filter((d) => d > 0).length).toBeLessThanOrEqual(expected.length / 100)
      }
    }
  }
  await program.dispose()
})

it('never forgets a mean of squares that is not zero, however small beside its block', async () => {
  const size = blockOf(optimizer)
  const slots = await allocate(new Array<number>(size).fill(0))
  const gradient = Float32Array.from({ length: size }, (_, i) => (i === 0 ? 1e3 : i === 1 ? 0 : 1e-9))
  await slots['grad']?.write(gradient)
  const { program } = await loadGraph(runtime, buildUpdateGraph(optimizer), {
    name: 'optimizer_model',
    weights: null,
    state: (slot) => slots[slot]!
  })
  const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 }
  const { grad: _, ...updated } = slots
  for (let step = 1; step <= 3; step++) {
    const scalars = updateScalars(optimizer, settings, { step, learningRate: 1e-3, weightDecay: 0, clipScale: 1 })
    await program.run({
      inputs: { ...slots, ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalarTensor(value)])) },
      outputs: Object.fromEntries(Object.entries(updated).map(([name, state]) => [updatedOutput(name), state]))
    })
  }
  const codes = (await slots['exp_avg_sq']?.read()) ?? []
  expect(Array.from(codes, Number)).toEqual(Array.from({ length: size }, (_, i) => (i === 0 ? 255 : i === 1 ? 0 : 1)))
  // Nothing moved further than Adam lets it.
  const weights = Array.from((await slots['weight']?.read()) ?? [], Number)
  expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(3.1e-3)
  await program.dispose()
})
