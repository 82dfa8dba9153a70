import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EnergyMeter } from '../../../../src/main/base/energy-meter.ts'
import { energyOf, energySentence } from '../../../../src/main/report/energy.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-rapl-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function counter(name: string, value: number, range = 1_000_000_000): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'energy_uj'), `${value}\n`)
  await writeFile(join(folder, name, 'max_energy_range_uj'), `${range}\n`)
}

test('adds up the packages, each counter over its own end, and leaves their parts out', async () => {
  await counter('intel-rapl:0', 900_000_000)
  await counter('intel-rapl:1', 1_000_000)
  await counter('intel-rapl:0:0', 5)
  const meter = new EnergyMeter(folder)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await counter('intel-rapl:0', 100_000_000)
  await counter('intel-rapl:1', 3_000_000)
  await counter('intel-rapl:0:0', 5_000_000)
  const { joules, busySeconds } = await meter.finish()
  expect(joules).toBeCloseTo(202, 9)
  expect(busySeconds).toBeGreaterThan(0)
})

test('measures nothing where there is no counter, or one is gone', async () => {
  expect((await new EnergyMeter(join(folder, 'none')).finish()).joules).toBeNull()
  await counter('intel-rapl:0', 5)
  const meter = new EnergyMeter(folder)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await rm(join(folder, 'intel-rapl:0'), { recursive: true })
  expect((await meter.finish()).joules).toBeNull()
})

test('is told with its method, to one digit', () => {
  const assumed = energySentence(energyOf({ joules: null, busySeconds: 1200 }, 700, 2)).replaceAll('\u00a0', ' ')
  // 1200 s · 3 W = 1 Wh; · 15 W = 5 Wh.
  expect(assumed).toContain('Roughly 1 to 5 Wh, assumed, not measured')
  const read = energySentence(energyOf({ joules: 7300, busySeconds: 1200 }, 700, 2)).replaceAll('\u00a0', ' ')
  expect(read).toContain('About 2 Wh for processor and memory')
})
