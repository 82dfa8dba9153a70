import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildNormGraph, buildUpdateGraph, updatedOutput } from '../../../../../src/main/engine/optimizers/update-graphs.ts'
import { optimizerState } from '../../../../../src/main/engine/optimizers/state.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Program, Runtime, StateTensor } from '../../../../../src/main/engine/runtime/port.ts'
import { loadGraph, scalarTensor } from '../../../../../src/main/engine/training/feeding.ts'
import { optimizerCases, scalarsAt, type OptimizerCase } from '../../../../helpers/optimizer-cases.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ threads: 1 })
})
afterAll(() => runtime.dispose())

type Slots = Readonly<Record<string, StateTensor>>

/** One group's arrays: the weight as recorded, the optimizer's state at zero. */
async function allocate({ optimizer }: OptimizerCase, weight: readonly number[]): Promise<Slots> {
  const slots: Record<string, StateTensor> = {}
  for (const name of ['weight', 'grad', ...optimizerState[optimizer].map(({ name }) => name)]) {
    slots[name] = runtime.allocate('float32', [weight.length])
    await slots[name].clear()
  }
  await slots['weight']?.write(Float32Array.from(weight))
  return slots
}

async function updateInPlace(program: Program, slots: Slots, scalars: Readonly<Record<string, number>>): Promise<void> {
  const { grad: _, ...updated } = slots
  await program.run({
    inputs: { ...slots, ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalarTensor(value)])) },
    outputs: Object.fromEntries(Object.entries(updated).map(([name, state]) => [updatedOutput(name), state]))
  })
}

describe.each(optimizerCases)('$name in ONNX Runtime, in place', (record) => {
  it('follows torch.optim for ten steps, to 1e-4 or a hundredth of the learning rate', async () => {
    const groups = await Promise.all(record.start.map((weight) => allocate(record, weight)))
    const open = (graph: ReturnType<typeof buildNormGraph>, name: string) =>
      loadGraph(runtime, graph, { name, weights: null, state: (slot) => groups[0]?.[slot] ?? runtime.allocate('float32', [1]) })
    const update = await open(buildUpdateGraph(record.optimizer), 'optimizer_model')
    const norm = await open(buildNormGraph(), 'gradient_norm')
    for (const [step, gradients] of record.gradients.entries()) {
      let sum = 0
      for (const [group, slots] of groups.entries()) {
        await slots['grad']?.write(Float32Array.from(gradients[group] ?? []))
        const { sum: part } = await norm.program.run({ inputs: { grad: slots['grad']! }, fetch: ['sum'] })
        sum += Number(part?.data[0])
      }
      const length = Math.sqrt(sum)
      expect(Math.abs(length - (record.norms[step] ?? NaN))).toBeLessThanOrEqual(1e-6 * length)
      for (const [group, slots] of groups.entries()) {
        await updateInPlace(update.program, slots, scalarsAt(record, step, group, length))
        const found = (await slots['weight']?.read()) ?? []
        const rate = record.groups[group]?.learning_rate ?? NaN
        for (const [i, value] of (record.after[step]?.[group] ?? []).entries()) {
          const tolerance = Math.max(1e-4 * Math.abs(value), rate * 1e-2)
          expect(Math.abs(Number(found[i]) - value), `step ${step}, group ${group}, element ${i}`).toBeLessThanOrEqual(tolerance)
        }
      }
    }
    await update.program.dispose()
    await norm.program.dispose()
  })
})
