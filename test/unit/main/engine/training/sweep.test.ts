import { expect, it } from 'vitest'
import type { Program } from '../../../../../src/main/engine/runtime/port.ts'
import type { ParameterGroup } from '../../../../../src/main/engine/training/parameter-groups.ts'
import { cut, sweep } from '../../../../../src/main/engine/training/sweep.ts'
import { sweepingOf } from '../../../../../src/main/engine/training/sweeping.ts'

/** `sweep` hands programs to `work` and does nothing else with them. */
const lanes = ['first', 'second'].map((name) => ({ name })) as unknown as readonly Program[]

it('cuts a stretch into pieces that cover it once, the last one shorter', () => {
  expect(cut({ offset: 5, size: 10 }, 4)).toEqual([
    { offset: 5, size: 4 },
    { offset: 9, size: 4 },
    { offset: 13, size: 2 }
  ])
  expect(cut({ offset: 5, size: 0 }, 4)).toEqual([])
})

it('gives results in the order of the stretches, whichever lane is quicker, and never runs a lane twice at once', async () => {
  const busy = new Set<Program>()
  const results = await sweep(lanes, cut({ offset: 0, size: 9 }, 1), async (program, { offset }) => {
    expect(busy.has(program)).toBe(false)
    busy.add(program)
    for (let turns = offset % 2 === 0 ? 20 : 1; turns > 0; turns--) await Promise.resolve()
    busy.delete(program)
    return `${program.name} ${offset}`
  })
  expect(results).toEqual(Array.from({ length: 9 }, (_, i) => `${i % 2 === 0 ? 'first' : 'second'} ${i}`))
})

it('fails where one stretch fails', async () => {
  const work = (_: Program, { offset }: { readonly offset: number }): Promise<number> =>
    offset === 1 ? Promise.reject(new Error('stopped')) : Promise.resolve(offset)
  await expect(sweep(lanes, cut({ offset: 0, size: 4 }, 1), work)).rejects.toThrow('stopped')
})

it('goes over each group in one run on a card, over the norm of all in one, and over parameters one by one on WebGPU', () => {
  const group = (offset: number, size: number): ParameterGroup => ({
    ...{ learningRateScale: 1, weightDecay: 0, schedule: 0, phase: 0, slots: [], offset, size }
  })
  const groups = [group(0, 10_000_000), group(10_000_000, 1000)]
  const { norms, updates } = sweepingOf({ provider: 'cuda', threads: 8 })
  expect(groups.map((each) => updates(each).map((run) => run.map(({ size }) => size)))).toEqual([
    [[4_194_304, 4_194_304, 1_611_392]],
    [[1000]]
  ])
  expect(norms(groups).map((run) => run.map(({ size }) => size))).toEqual([[4_194_304, 4_194_304, 1_612_392]])
  // Where the middle one does not learn, what lies on both sides of it is not one stretch.
  expect(norms([group(0, 16), group(32, 16)])).toEqual([[{ offset: 0, size: 16 }], [{ offset: 32, size: 16 }]])
  expect(sweepingOf({ provider: 'webgpu', threads: 8 }).updates(group(0, 16))).toEqual([])
})
