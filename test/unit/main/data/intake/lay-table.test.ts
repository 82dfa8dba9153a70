import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ReadShare } from '../../../../../src/preload/contract/data.ts'
import { layTable } from '../../../../../src/main/data/intake/lay-table.ts'
import { secondsLeft } from '../../../../../src/main/data/intake/time-left.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'attune-lay-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const ROWS = 24_000

async function told(read: object): Promise<readonly { readonly rows: number; readonly share: number }[]> {
  const text = Array.from({ length: ROWS }, (_, i) => `a letter of some length with number ${i},soon\n`).join('')
  await writeFile(join(folder, 'table.csv'), `text,label\n${text}`)
  const heard: { readonly rows: number; readonly share: number }[] = []
  const onProgress = (rows: number, _total: number, { share = NaN }: Partial<ReadShare> = {}): void =>
    void heard.push({ rows, share })
  await layTable({ folder, copy: 'table.csv', read }, onProgress, new AbortController().signal)
  return heard
}

describe('how far a table is read', () => {
  test('is told in rows and in bytes, which only rise and end with the file', async () => {
    const heard = await told({})
    expect(heard.length).toBeGreaterThan(3)
    expect(heard.every(({ share }, i) => share >= (heard[i - 1]?.share ?? 0) && share <= 1)).toBe(true)
    expect(heard.every(({ rows }, i) => rows >= (heard[i - 1]?.rows ?? 0))).toBe(true)
    expect(heard.at(-1)).toEqual({ rows: ROWS, share: 1 })
  })

  test('goes over both readings where the file is read as the person says', async () => {
    const heard = await told({ leaveOut: true })
    expect(heard.every(({ share }, i) => share >= (heard[i - 1]?.share ?? 0) && share <= 1)).toBe(true)
    expect(heard[0]!.share).toBeLessThan(0.5)
    expect(heard[0]!.rows).toBe(0)
    expect(heard.at(-1)).toEqual({ rows: ROWS, share: 1 })
  })
})

test('the time left follows from the pace, once there is one', () => {
  expect(secondsLeft(0.25, 10)).toBe(30)
  expect(secondsLeft(1, 10)).toBe(0)
  expect(secondsLeft(0.01, 10)).toBeNull()
  expect(secondsLeft(0.5, 1)).toBeNull()
})
