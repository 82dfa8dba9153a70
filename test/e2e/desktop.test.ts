import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Reply } from '../../src/preload/contract/common.ts'
import type { RunSummary } from '../../src/preload/contract/runs.ts'
import { installFake } from '../helpers/electron/desktop.ts'
import type { FakeElectron } from '../helpers/electron/fake-electron.ts'

const root = join(import.meta.dirname, '../..')

let fake: FakeElectron
let folder: string
const { argv } = process
const ownData = process.env['ATTUNE_DATA']

beforeEach(async () => {
  fake = installFake()
  folder = await mkdtemp(join(tmpdir(), 'attune-main-'))
  process.env['ATTUNE_DATA'] = join(folder, 'data')
})
afterEach(async () => {
  process.argv = argv
  if (ownData === undefined) delete process.env['ATTUNE_DATA']
  else process.env['ATTUNE_DATA'] = ownData
  delete process.env['ATTUNE_CACHE']
  vi.doUnmock('electron')
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

/** Starts the built program in the fake Electron, with these words. */
async function start(...words: readonly string[]): Promise<void> {
  process.argv = ['electron', root, ...words]
  await import(join(root, 'out/main/index.js'))
}

const until = (name: string, timeout = 20_000): Promise<void> =>
  vi.waitFor(() => expect(fake.names).toContain(name), { timeout, interval: 20 })

async function call<T>(channel: string, argument?: unknown): Promise<T> {
  const reply = (await fake.invoke(channel, argument)) as Reply<T> // Written by our own routes.
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`)
  return reply.value
}

describe('the built program in a fake Electron', () => {
  test('opens its window in the right order and keeps every file in the data folder', async () => {
    await start()
    await until('window.loadURL')
    const order = [
      'app.enableSandbox',
      'protocol.registerSchemesAsPrivileged',
      'app.setPath',
      'app.requestSingleInstanceLock',
      'app.whenReady',
      'ipcMain.handle',
      'window.loadURL'
    ]
    expect(order.map((name) => fake.names.indexOf(name))).toEqual(
      order.map((name) => fake.names.indexOf(name)).toSorted((a, b) => a - b)
    )
    expect(fake.argumentsOf('app.setPath').map(([name, path]) => [name, path])).toEqual(
      ['userData', 'sessionData', 'crashDumps', 'logs'].map((name) => [name, join(folder, 'data', 'shell')])
    )
    expect(fake.window?.options.webPreferences?.preload).toBe(join(root, 'out', 'preload', 'index.cjs'))
    expect(existsSync(join(root, 'out', 'preload', 'index.cjs'))).toBe(true)
    expect(await call('app:facts')).toMatchObject({ shell: 'electron' })
    const checks = await call<{ id: string; result: string; found: string }[]>('app:privacy')
    const [failing, telling] = ['fails', 'holds'].map((result) => checks.filter((each) => each.result === result))
    // Plain Node stands where Electron would: whether its process is in a sandbox says nothing of Attune.
    expect(failing?.filter(({ id }) => id !== 'window-sandbox')).toEqual([])
    expect(telling?.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'connections',
        'window-requests',
        'window-names',
        'page-policy',
        'window-isolation',
        'window-files'
      ])
    )
    fake.window?.close()
    await until('quitted')
    expect(existsSync(join(folder, 'data', 'attune.lock'))).toBe(false)
  })

  test('trains in a utility process, and stops at a checkpoint when it is closed', { timeout: 90_000 }, async () => {
    await start()
    await until('window.loadURL')
    const { id: dataset } = await call<{ id: string }>('data:openSample', 'letters')
    const [model] = await call<{ id: string }[]>('models:list')
    const draft = { dataset, model: model?.id, thoroughness: 4, changed: {}, mustNotMiss: null, quietly: false, name: null }
    const id = await call<string>('runs:start', draft)
    await vi.waitFor(async () => expect((await call<RunSummary>('runs:get', id)).step).toBeGreaterThan(1), {
      timeout: 60_000,
      interval: 100
    })
    expect(fake.blocked.size).toBe(1)
    expect(fake.trainers.length).toBeGreaterThan(0)
    fake.answers.message = 1
    fake.window?.close()
    await until('quitted')
    expect(fake.argumentsOf('dialog.showMessageBox')).toHaveLength(1)
    expect(fake.trainers.every(({ pid }) => pid === undefined)).toBe(true)
    expect(existsSync(join(folder, 'data', 'attune.lock'))).toBe(false)
  })

  test('started a second time, it leaves at once and touches nothing', async () => {
    fake.isFirstInstance = false
    await start()
    await until('app.exit')
    expect(fake.argumentsOf('app.exit')).toEqual([[0]])
    expect(fake.names).not.toContain('BrowserWindow')
    expect(existsSync(join(folder, 'data', 'attune.sqlite'))).toBe(false)
  })

  test('says in a dialog why it cannot be opened', async () => {
    await mkdir(join(folder, 'data'))
    await writeFile(join(folder, 'data', 'runs'), 'a file where a folder belongs')
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await start()
    await until('app.exit')
    expect(fake.argumentsOf('dialog.showErrorBox')).toEqual([
      ['Attune', expect.stringMatching(/^Attune could not be opened\. ./)]
    ])
    expect(fake.argumentsOf('app.exit')).toEqual([[1]])
    expect(fake.names).not.toContain('BrowserWindow')
  })
})

describe('the built program with --cli', () => {
  test('does what attune does, with its trainer in a utility process and without a window', { timeout: 60_000 }, async () => {
    let printed = ''
    vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
      printed += String(text)
      for (const done of rest) if (typeof done === 'function') done()
      return true
    })
    await start('--cli', 'plan', join(root, 'resources/sample/letters.yaml'), '--no-probe', '--json')
    await until('app.exit', 50_000)
    vi.restoreAllMocks()
    const last = printed.trim().split('\n').at(-1) ?? ''
    expect(JSON.parse(last)).toMatchObject({ event: 'finished' })
    expect(fake.argumentsOf('app.exit')).toEqual([[0]])
    expect(fake.trainers).toHaveLength(1)
    expect(fake.names).not.toContain('BrowserWindow')
    expect(fake.names).not.toContain('app.requestSingleInstanceLock')
  })

  test('gives the exit code of a command at fault', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await start('--cli', 'trian', 'run.yaml')
    await until('app.exit')
    expect(fake.argumentsOf('app.exit')).toEqual([[2]])
    expect(stderr.mock.calls.join()).toMatch(/train/)
  })
})
