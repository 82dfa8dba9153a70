import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSpent, type Spent } from '../../../../src/main/report/spent.ts'
import { costOf } from '../../../../src/main/services/sweep-cost.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-sweep-cost-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const spent: Spent = {
  cost: {
    ...{ operations: 1e12, seconds: 10, rows: 100, machineRate: null, gridIntensity: 380, goesOn: false },
    ...{ tokens: 5000, elapsed: 30, busySeconds: 40, waits: { rows: 0, disk: 1 } },
    reused: { passes: 400, found: 100, seconds: 8, texts: 120 }
  },
  energy: { method: 'assumed', low: 120, high: 600, busySeconds: 40, seconds: 30, threads: 2 }
}

test('a sweep takes what its runs took, those included that were stopped or have parts', async () => {
  const folder = async (name: string): Promise<string> => {
    await mkdir(join(root, name), { recursive: true })
    return join(root, name)
  }
  const [one, parted] = [await folder('one'), await folder('parted')]
  await writeSpent(one, spent, 8)
  await writeSpent(await folder('parted/share-1-8'), spent, 8)
  await writeSpent(parted, spent, null)
  const rows = [{ folder: one }, { folder: parted }, { folder: await folder('unwritten') }, { folder: null }]
  expect(await costOf(rows)).toEqual({
    ...{ runs: 2, isPartial: false, seconds: 90, busySeconds: 120, tokens: 15_000, gridIntensity: 380 },
    energy: { method: 'assumed', low: 360, high: 1800 },
    reused: { passes: 1200, found: 300, seconds: 24, texts: 360 }
  })
  expect(await costOf(rows.slice(2))).toBeNull()
})

test('electricity that one run does not tell is not told of the sweep', async () => {
  const place = join(root, 'card')
  await mkdir(place)
  await writeSpent(place, { ...spent, energy: null }, null)
  expect(await costOf([{ folder: place }])).toMatchObject({ runs: 1, energy: null })
})
