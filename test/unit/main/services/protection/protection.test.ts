import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { VaultStatus } from '../../../../../src/preload/contract/vault.ts'
import type { RunId } from '../../../../../src/preload/contract/common.ts'
import type { RunSummary } from '../../../../../src/preload/contract/runs.ts'
import { isSealed } from '../../../../../src/main/base/sealed/format.ts'
import { keyRing } from '../../../../../src/main/base/sealed/key-ring.ts'
import type { Runs } from '../../../../../src/main/runs/runs.ts'
import { holdRuns } from '../../../../../src/main/services/protection/hold-runs.ts'
import { IdleTimer } from '../../../../../src/main/services/protection/idle-timer.ts'
import { Protection, type Inside } from '../../../../../src/main/services/protection/protection.ts'
import type { Keyring } from '../../../../../src/main/vault/vault.ts'

// scrypt is slow on purpose.
vi.setConfig({ testTimeout: 60_000 })

const passphrase = 'four plain words here'
let dataFolder: string
let heard: VaultStatus[]
let opened: (string | undefined)[]
let recorded: string[]
beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'attune-protect-'))
  ;[heard, opened, recorded] = [[], [], []]
  await mkdir(join(dataFolder, 'datasets/d-1'), { recursive: true })
  await mkdir(join(dataFolder, 'models/m'), { recursive: true })
  await mkdir(join(dataFolder, 'quarantine/upload'), { recursive: true })
  for (const path of paths) await writeFile(join(dataFolder, path), 'canary')
})
afterEach(() => {
  keyRing.use()
  rmSync(dataFolder, { recursive: true, force: true })
})

const paths = [
  'datasets/d-1/table.csv',
  'models/m/model.safetensors',
  'quarantine/own.csv',
  'quarantine/upload/model.safetensors',
  'attune.lock'
]
const runs = { list: () => [] as readonly RunSummary[], pause: () => undefined, resume: () => undefined } as unknown as Runs

function openProtection(keyring: Keyring | null = null): Promise<Protection<Inside>> {
  return Protection.open<Inside>({
    dataFolder,
    keyring,
    open: async (key) => {
      opened.push(key)
      return {
        runs,
        hasOwnFiles: () => true,
        belongings: () => [],
        record: (event) => void recorded.push(event),
        encryptRecord: (record) => void opened.push(record),
        dispose: async () => undefined
      }
    },
    onChange: (status) => heard.push(status),
    onLocked: () => undefined,
    quit: () => undefined
  })
}

describe('protection', () => {
  test('asks once, and not again after Not now', async () => {
    const protection = await openProtection()
    expect(protection.status()).toMatchObject({ state: 'unprotected', isAsked: true })
    expect((await protection.postpone()).isAsked).toBe(false)
    await protection.dispose()
    const again = await openProtection()
    expect(again.status()).toMatchObject({ state: 'unprotected', isAsked: false })
    await again.dispose()
  })

  test('encrypts the record and what was there before, but for weights that others published and what lies at the top', async () => {
    const protection = await openProtection()
    await protection.protect(passphrase, false)
    await protection.dispose()
    expect(opened).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{64}$/)])
    const sealed = await Promise.all(paths.map(async (path) => isSealed(await readFile(join(dataFolder, path)))))
    expect(sealed).toEqual([true, false, true, false, false])
    expect(heard.at(-1)?.conversion).toBeNull()
    expect(Math.max(...heard.map(({ conversion }) => conversion?.done ?? 0))).toBe(2)
  })

  test('opens nothing at the next start until it is unlocked, and goes on with what a crash left plain', async () => {
    const first = await openProtection()
    await first.protect(passphrase, false)
    await first.dispose()
    const [, recordKey] = opened
    await writeFile(join(dataFolder, 'datasets/d-1/late.csv'), 'canary')
    opened = []
    const protection = await openProtection()
    expect([protection.isLocked, protection.inside, opened]).toEqual([true, null, []])
    await expect(protection.unlock({ passphrase: 'not these words' })).rejects.toMatchObject({ code: 'passphrase-wrong' })
    expect([protection.isLocked, opened]).toEqual([true, []])
    await protection.unlock({ passphrase })
    expect([protection.isLocked, opened]).toEqual([false, [recordKey]])
    await protection.dispose()
    expect(isSealed(await readFile(join(dataFolder, 'datasets/d-1/late.csv')))).toBe(true)
  })

  test('a lock closes nothing, and the record is opened once', async () => {
    const protection = await openProtection()
    expect(protection.lock().state).toBe('unprotected')
    await protection.protect(passphrase, false)
    const { inside } = protection
    expect(protection.lock().state).toBe('locked')
    expect(protection.inside).toBe(inside)
    await protection.unlock({ passphrase })
    expect(opened.filter((key) => key === undefined)).toHaveLength(1)
    expect(recorded).toEqual(['encrypted', 'locked', 'unlocked'])
    await protection.dispose()
  })

  test('what was done with the folder while it was locked is written down once, at the next unlocking, by whatever process', async () => {
    const first = await openProtection()
    await first.protect(passphrase, false)
    await first.dispose()
    const locked = await openProtection()
    await locked.owe('moved')
    await locked.dispose()
    recorded = []
    const again = await openProtection()
    await again.unlock({ passphrase })
    again.lock()
    await again.unlock({ passphrase })
    expect(recorded).toEqual(['unlocked', 'moved', 'locked', 'unlocked'])
    await again.dispose()
  })

  test('the keyring opens at the start, where it has the key', async () => {
    const keyring = {
      isAvailable: () => true,
      wrap: (text: string) => Buffer.from(text),
      unwrap: (bytes: Uint8Array) => Buffer.from(bytes).toString()
    }
    const first = await openProtection(keyring)
    await first.protect(null, true)
    await first.dispose()
    const again = await openProtection(keyring)
    expect(again.status().state).toBe('open')
    expect(recorded).toEqual(['encrypted', 'unlocked'])
    await again.dispose()
    const elsewhere = await openProtection({ ...keyring, unwrap: () => 'nonsense' })
    expect(elsewhere.status().state).toBe('locked')
    await elsewhere.dispose()
  })
})

test('runs are held in their order, and whoever was discarded meanwhile stays so', async () => {
  const states = new Map<string, RunSummary['state']>([
    ['r-a', 'queued'],
    ['r-b', 'running'],
    ['r-c', 'queued']
  ])
  const resumed: string[] = []
  const release = await holdRuns({
    list: () => [...states].map(([id, state]) => ({ id: id as RunId, state, place: id === 'r-a' ? 2 : 1 })),
    pause: (id) => void states.set(id, 'paused'),
    resume: (id) => void resumed.push(id)
  })
  expect([...states.values()]).toEqual(['paused', 'paused', 'paused'])
  states.delete('r-a')
  release()
  expect(resumed).toEqual(['r-b', 'r-c'])
})

test('the idle timer acts after so many minutes without a hand, and never at 0', () => {
  let [now, acted] = [0, 0]
  const timer = new IdleTimer(
    () => acted++,
    () => now
  )
  timer.look()
  now = 10_000
  timer.look()
  expect(acted).toBe(0)
  timer.after(5)
  now += 299
  timer.look()
  timer.touch()
  now += 299
  timer.look()
  expect(acted).toBe(0)
  now += 1
  timer.look()
  expect(acted).toBe(1)
  timer.dispose()
})
