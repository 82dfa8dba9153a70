import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openPower } from '../../../../src/main/services/power.ts'

let folder: string

/** A power supply as Linux shows it, by its files. */
async function supply(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, file), `${text}\n`)
}

async function stateNow(platform: NodeJS.Platform = 'linux'): Promise<string> {
  const power = await openPower({ platform, folder, every: 10 })
  power.dispose()
  return power.state()
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-power-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the power of this PC', () => {
  test('is a battery while one discharges and no mains is online', async () => {
    await supply('AC', { type: 'Mains', online: '0' })
    await supply('BAT0', { type: 'Battery', status: 'Discharging' })
    expect(await stateNow()).toBe('battery')
    await supply('AC', { online: '1' })
    expect(await stateNow()).toBe('mains')
  })

  test('is none where no battery is but that of a mouse', async () => {
    await supply('hidpp', { type: 'Battery', scope: 'Device', status: 'Discharging' })
    expect(await stateNow()).toBe('none')
  })

  test('is unknown where the system does not say', async () => {
    expect(await stateNow('darwin')).toBe('unknown')
    await rm(folder, { recursive: true })
    expect(await stateNow()).toBe('unknown')
  })

  test('tells of a plug that is pulled and put in again, until it is disposed of', async () => {
    await supply('AC', { type: 'Mains', online: '1' })
    await supply('BAT0', { type: 'Battery', status: 'Charging' })
    const power = await openPower({ platform: 'linux', folder, every: 10 })
    const heard: string[] = []
    power.follow(() => heard.push(power.state()))
    await supply('BAT0', { status: 'Discharging' })
    await supply('AC', { online: '0' })
    await vi.waitFor(() => expect(heard).toEqual(['battery']))
    await supply('AC', { online: '1' })
    await vi.waitFor(() => expect(heard).toEqual(['battery', 'mains']))
    power.dispose()
  })
})
