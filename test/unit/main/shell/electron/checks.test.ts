import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PrivacyCheck } from '../../../../../src/preload/contract/app.ts'
import { openTestDesktop, type TestDesktop } from '../../../../helpers/electron/desktop.ts'
import { makeFakeDist } from '../../../../helpers/electron/fake-dist.ts'

type Results = Readonly<Record<string, PrivacyCheck['result']>>

let desktop: TestDesktop
const ownData = process.env['ATTUNE_DATA']

beforeEach(async () => {
  desktop = await openTestDesktop()
  process.env['ATTUNE_DATA'] = desktop.folder
  // As main/index.ts has it before the window is opened.
  for (const name of ['userData', 'sessionData', 'crashDumps', 'logs'] as const)
    desktop.fake.module.app.setPath(name, join(desktop.folder, 'shell'))
})
afterEach(async () => {
  if (ownData === undefined) delete process.env['ATTUNE_DATA']
  else process.env['ATTUNE_DATA'] = ownData
  await desktop.dispose()
})

async function checks(): Promise<readonly Omit<PrivacyCheck, 'checkedAt'>[]> {
  const { windowChecks } = await import('../../../../../src/main/shell/electron/checks/index.ts')
  return windowChecks()
}

const results = async (): Promise<Results> => Object.fromEntries((await checks()).map(({ id, result }) => [id, result]))

/** What plain Node cannot tell of itself: it is no Electron, is not packaged, and its process may or may not be in a sandbox. */
const OUTSIDE = ['window-remote', 'window-fuses', 'window-sandbox']

const HOLDING = {
  'window-requests': 'holds',
  'window-names': 'holds',
  'window-proxy': 'holds',
  'window-background': 'holds',
  'window-openers': 'holds',
  'page-policy': 'holds',
  'window-isolation': 'holds',
  'window-permissions': 'holds',
  'window-leaving': 'holds',
  'window-calls': 'holds',
  'window-spelling': 'holds',
  'window-extensions': 'holds',
  'window-crashes': 'holds',
  'window-updates': 'holds',
  'window-files': 'holds'
} as const

const without = (all: Results): Results => Object.fromEntries(Object.entries(all).filter(([id]) => !OUTSIDE.includes(id)))

test('every claim holds in the window as it is opened, twice in a row', async () => {
  expect(without(await results())).toEqual(HOLDING)
  expect(without(await results())).toEqual(HOLDING)
  expect(desktop.window.webContents.opened).toBe(0)
  const found = new Map((await checks()).map((each) => [each.id, each.found]))
  expect(found.get('page-policy')).toMatch(/^default-src 'none'.*connect-src 'none'$/)
  // Its own trials are not counted.
  expect(found.get('window-requests')).toBe('It was. Besides, 0 were cancelled since Attune was opened.')
})

test('says how many requests of the page were cancelled', async () => {
  await desktop.fake.session.native.fetch('https://example.com/').catch(() => undefined)
  const found = (await checks()).find(({ id }) => id === 'window-requests')?.found
  expect(found).toBe('It was. Besides, 1 were cancelled since Attune was opened.')
})

describe('a claim fails, and no other one, once', () => {
  const causes: readonly (readonly [id: keyof typeof HOLDING, what: string, breaks: (desktop: TestDesktop) => void])[] = [
    [
      'window-requests',
      'nothing filters requests',
      ({ fake }) => fake.session.native.webRequest.onBeforeRequest((_, go) => go({}))
    ],
    ['window-names', 'names are looked up', ({ fake }) => (fake.session.resolves = true)],
    ['window-proxy', 'a proxy is used', ({ fake }) => (fake.session.proxy = 'PROXY proxy.example:3128')],
    ['window-background', 'a switch is not set', ({ fake }) => fake.switches.delete('disable-component-update')],
    ['window-background', 'a switch says something else', ({ fake }) => fake.switches.set('host-resolver-rules', 'MAP a b')],
    ['window-openers', 'it was started without its sandbox', ({ fake }) => fake.switches.set('no-sandbox', '')],
    ['window-openers', 'a debugger may look in', ({ fake }) => fake.switches.set('remote-debugging-port', '9222')],
    [
      'page-policy',
      'the page comes without its policy',
      ({ fake }) => fake.session.schemes.set('app', () => new Response('<p>'))
    ],
    [
      'page-policy',
      'the policy lets it speak to another machine',
      ({ fake }) =>
        fake.session.schemes.set(
          'app',
          () =>
            new Response('<p>', {
              headers: {
                'Content-Security-Policy':
                  "default-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'; img-src https://example.com"
              }
            })
        )
    ],
    ['window-isolation', 'the page sees Node', ({ window }) => (window.webContents.leaks['require'] = () => undefined)],
    ['window-isolation', 'the bridge is not there', ({ window }) => (window.webContents.leaks['window'] = { open: () => null })],
    ['window-permissions', 'nothing is denied', ({ fake }) => fake.session.native.setPermissionCheckHandler(null)],
    ['window-leaving', 'a window can be opened', ({ window }) => window.webContents.setWindowOpenHandler(null)],
    ['window-leaving', 'a way out is not guarded', ({ window }) => window.webContents.removeAllListeners('will-redirect')],
    ['window-calls', 'calls may take any way', ({ window }) => window.webContents.setWebRTCIPHandlingPolicy('default')],
    ['window-spelling', 'spelling is checked', ({ fake }) => fake.session.native.setSpellCheckerEnabled(true)],
    ['window-extensions', 'an extension is there', ({ fake }) => (fake.session.extensions = ['Reader'])],
    ['window-crashes', 'reports are sent', ({ fake }) => (fake.crashes.isSent = true)],
    ['window-crashes', 'a report was sent', ({ fake }) => fake.crashes.reports.push({ id: '7', date: new Date() })],
    ['window-updates', 'updates have an address', ({ fake }) => (fake.updates = 'https://example.com/feed')],
    ['window-files', 'Chromium writes elsewhere', ({ fake }) => fake.paths.set('crashDumps', '/var/crash')]
  ]
  test.each(causes)('%s: %s', async (id, _what, breaks) => {
    breaks(desktop)
    expect(without(await results())).toEqual({ ...HOLDING, [id]: 'fails' })
  })
})

test.runIf(process.platform === 'linux')('without its sandbox, it says how to get it back', async () => {
  desktop.fake.switches.set('no-sandbox', '')
  const found = (await checks()).find(({ id }) => id === 'window-openers')?.found
  expect(found).toMatch(/^no-sandbox is set, as an AppImage does .* The \.deb package brings what the sandbox needs\.$/)
})

test('what cannot be looked at is said to be so, with the reason', async () => {
  desktop.window.webContents.executeJavaScript = () => Promise.reject(new Error('Render frame was disposed'))
  const found = (await checks()).filter(({ result, id }) => result === 'cannot-tell' && !OUTSIDE.includes(id))
  expect(found.map(({ id }) => id)).toEqual(['window-isolation', 'window-permissions', 'window-leaving'])
  expect(found[0]?.found).toContain('Render frame was disposed')
})

test('a page that does not answer is not waited for without end', async () => {
  vi.useFakeTimers()
  try {
    desktop.window.webContents.executeJavaScript = () => new Promise(() => undefined)
    const waiting = results()
    await vi.advanceTimersByTimeAsync(6000)
    expect((await waiting)['window-isolation']).toBe('cannot-tell')
  } finally {
    vi.useRealTimers()
  }
})

describe('the sandbox', () => {
  const status =
    (mode: number) =>
    (path: string): Promise<string> =>
      Promise.resolve(path === `/proc/${process.pid}/status` ? `Name:\tattune\nSeccomp:\t${mode}\nSeccomp_filters:\t1\n` : '')

  test.each([
    [2, true],
    [1, false],
    [0, false]
  ])('of Linux is a filter of calls: mode %i', async (mode, holds) => {
    const { sandboxOf } = await import('../../../../../src/main/shell/electron/checks/page.ts')
    expect(await sandboxOf(process.pid, 'linux', status(mode))).toMatchObject({ holds })
  })

  test.each(['win32', 'darwin'] as const)('of %s is what Electron says of the process', async (platform) => {
    const { sandboxOf } = await import('../../../../../src/main/shell/electron/checks/page.ts')
    expect(await sandboxOf(process.pid, platform)).toMatchObject({ holds: true })
    desktop.fake.isSandboxed = false
    expect(await sandboxOf(process.pid, platform)).toMatchObject({ holds: false })
    expect(await sandboxOf(1, platform)).toMatchObject({ holds: null })
  })
})

test.each([
  ['45.4.1', true],
  ['13.6.9', false],
  [undefined, null]
])('Electron %s without its remote module: %s', async (version, holds) => {
  const { remoteIn } = await import('../../../../../src/main/shell/electron/checks/page.ts')
  expect(remoteIn(version)).toMatchObject({ holds })
})

test('a file that names the place of updates is found beside the program', async () => {
  const { updatesIn } = await import('../../../../../src/main/shell/electron/checks/program.ts')
  expect(updatesIn(desktop.folder)).toMatchObject({ holds: true })
  await writeFile(join(desktop.folder, 'app-update.yml'), 'provider: generic')
  expect(updatesIn(desktop.folder)).toMatchObject({ holds: false })
})

describe('the fuses', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-fuses-'))
    await makeFakeDist(folder)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  const program = (): string => join(folder, 'dist', 'electron')
  const fuses = async (path: string) => (await import('../../../../../src/main/shell/electron/checks/program.ts')).fusesOf(path)

  test('fail one by one as they come from Electron, and hold as our packages have them', async () => {
    expect(await fuses(program())).toMatchObject({ holds: false, found: expect.stringContaining('run as Node is on') })
    await flipFuses(program(), {
      version: FuseVersion.V1,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true
    })
    expect(await fuses(program())).toMatchObject({ holds: true })
    await flipFuses(program(), { version: FuseVersion.V1, [FuseV1Options.OnlyLoadAppFromAsar]: false })
    expect(await fuses(program())).toEqual({ holds: false, found: 'only the archive is off.' })
  })

  test.each([-40, -20, 0, 20])('are found %i bytes from where one piece of the file ends', async (offset) => {
    const at = (1 << 22) + offset
    const wire = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, 6]), Buffer.from('010011')])
    await writeFile(program(), Buffer.concat([Buffer.alloc(at), wire, Buffer.alloc(100)]))
    expect(await fuses(program())).toMatchObject({ holds: true })
  })

  test('cannot be told of a file that has none', async () => {
    await mkdir(join(folder, 'other'))
    await writeFile(join(folder, 'other', 'program'), 'no fuses')
    expect(await fuses(join(folder, 'other', 'program'))).toMatchObject({ holds: null })
  })

  test('lie in a library beside the program on macOS', async () => {
    const { fuseFile } = await import('../../../../../src/main/shell/electron/checks/fuses.ts')
    expect(fuseFile('/Applications/Attune.app/Contents/MacOS/Attune', 'darwin')).toBe(
      '/Applications/Attune.app/Contents/Frameworks/Electron Framework.framework/Electron Framework'
    )
  })
})
