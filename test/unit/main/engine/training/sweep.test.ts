import { expect, it } from 'vitest'
import type { Program } from '../../../../../src/main/engine/runtime/port.ts'
import { cut, sweep } from '../../../../../src/main/engine/training/sweep.ts'

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
