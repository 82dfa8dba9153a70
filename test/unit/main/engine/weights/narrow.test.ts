import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { narrowWeight } from '../../../../../src/main/engine/weights/narrow.ts'

const values = Float32Array.of(1, -2.5, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 2 ** -130, Infinity, NaN, 70_000)
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-narrow-'))
  await writeFile(join(folder, 'weights'), Buffer.concat([Buffer.alloc(12), Buffer.from(values.buffer), Buffer.alloc(4)]))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const place = { location: 'weights', offset: 12, length: values.byteLength }

it('rounds to bfloat16, to the nearest with an even last bit, and keeps what is not finite', async () => {
  const bits = await narrowWeight(folder, place, 'bfloat16')
  const back = new Float32Array(Uint32Array.from(bits, (word) => word << 16).buffer)
  expect([...back.slice(0, 4)]).toEqual([1, -2.5, 1, 1 + 2 ** -6])
  expect(back[4]).toBe(2 ** -130)
  expect([back[5], back[6]]).toEqual([Infinity, NaN])
})

it('rounds to float16, beyond whose range lies infinity', async () => {
  const half = new Float16Array((await narrowWeight(folder, place, 'float16')).buffer)
  expect([...half]).toEqual([1, -2.5, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 0, Infinity, NaN, Infinity])
})

it('fails where the file is too short', async () => {
  await expect(narrowWeight(folder, { ...place, length: 64 }, 'float16')).rejects.toThrow('weights ends before byte 76')
})
