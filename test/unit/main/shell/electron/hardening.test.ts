import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ownFrame } from '../../../../helpers/electron/fake-electron.ts'
import { openTestDesktop, type TestDesktop } from '../../../../helpers/electron/desktop.ts'

let desktop: TestDesktop
afterEach(() => desktop.dispose())

/** A function that was handed to Electron, called as Electron would. */
function handed(name: string, at = 0): (...given: unknown[]) => unknown {
  const [[...given] = []] = desktop.fake.argumentsOf(name)
  return given[at] as (...given: unknown[]) => unknown // Each test names one that takes a function.
}

describe('the order of things', () => {
  test('what only counts before Electron is ready comes before it', async () => {
    desktop = await openTestDesktop()
    const { names } = desktop.fake
    const ready = names.indexOf('app.whenReady')
    for (const early of ['app.enableSandbox', 'protocol.registerSchemesAsPrivileged', 'commandLine.appendSwitch']) {
      expect(names.indexOf(early)).toBeGreaterThanOrEqual(0)
      expect(names.lastIndexOf(early), early).toBeLessThan(ready)
    }
    expect(names.indexOf('BrowserWindow')).toBeGreaterThan(ready)
  })

  test('nothing is loaded before every denial and every channel is in place', async () => {
    desktop = await openTestDesktop()
    const { names } = desktop.fake
    const load = names.indexOf('window.loadURL')
    const first = [
      'webRequest.onBeforeRequest',
      'protocol.handle',
      'session.setPermissionRequestHandler',
      'session.setPermissionCheckHandler',
      'session.setDevicePermissionHandler',
      'session.setDisplayMediaRequestHandler',
      'session.setSpellCheckerEnabled',
      'contents.setWindowOpenHandler',
      'ipcMain.handle'
    ]
    for (const name of first) {
      expect(names.indexOf(name), name).toBeGreaterThanOrEqual(0)
      expect(names.lastIndexOf(name), name).toBeLessThan(load)
    }
    expect(desktop.fake.argumentsOf('window.loadURL')).toEqual([['app://attune/index.html']])
  })
})

describe('the window', () => {
  test('shuts the page in', async () => {
    desktop = await openTestDesktop()
    const { preload, ...rest } = desktop.window.options.webPreferences ?? {}
    expect(preload).toBe(join(desktop.folder, 'preload.cjs'))
    expect(rest).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: true
    })
  })

  test('lets the page be inspected only where it is not packaged', async () => {
    desktop = await openTestDesktop([], true)
    expect(desktop.window.options.webPreferences?.devTools).toBe(false)
  })

  test('sets only preferences and switches that this version of Electron has', async () => {
    desktop = await openTestDesktop()
    const declared = readFileSync(join(import.meta.dirname, '../../../../../node_modules/electron/electron.d.ts'), 'utf8')
    const of = (name: string): string => new RegExp(`^  interface ${name}\\b[^]*?\\n  }`, 'm').exec(declared)?.[0] ?? ''
    for (const name of Object.keys(desktop.window.options.webPreferences ?? {}))
      expect(of('WebPreferences')).toMatch(new RegExp(`\\b${name}\\?:`))
    const options = `${of('BrowserWindowConstructorOptions')}${of('BaseWindowConstructorOptions')}`
    for (const name of Object.keys(desktop.window.options)) expect(options).toMatch(new RegExp(`\\b${name}\\?:`))
  })

  test('keeps a neutral title, whatever the page is called', async () => {
    desktop = await openTestDesktop()
    expect(desktop.window.options.title).toBe('Attune')
    expect(desktop.fake.emit(desktop.window, 'page-title-updated', 'Clinical letters · Attune')).toBe(true)
  })
})

describe('the session', () => {
  test.each([
    ['app://attune/index.html', false],
    ['blob:app://attune/7f', false],
    ['https://example.com/', true],
    ['http://127.0.0.1/', true],
    ['file:///etc/passwd', true],
    ['ws://example.com/', true],
    ['app://attune.example.com/', true],
    ['app://other/index.html', true],
    ['data:text/html,x', true],
    ['devtools://devtools/x', true]
  ])('a request for %s is cancelled: %s', async (url, cancel) => {
    desktop = await openTestDesktop()
    const answers: unknown[] = []
    handed('webRequest.onBeforeRequest')({ url }, (answer: unknown) => answers.push(answer))
    expect(answers).toEqual([{ cancel }])
  })

  test('denies every permission, device and screen', async () => {
    desktop = await openTestDesktop()
    const answers: unknown[] = []
    handed('session.setPermissionRequestHandler')(null, 'media', (answer: unknown) => answers.push(answer))
    handed('session.setDisplayMediaRequestHandler')({}, (answer: unknown) => answers.push(answer))
    expect(answers).toEqual([false, null])
    expect(handed('session.setPermissionCheckHandler')(null, 'clipboard-read', 'app://attune')).toBe(false)
    expect(handed('session.setDevicePermissionHandler')({})).toBe(false)
    expect(desktop.fake.argumentsOf('session.setSpellCheckerEnabled')).toEqual([[false]])
  })

  test('saves what the page itself has made, and downloads nothing', async () => {
    desktop = await openTestDesktop()
    const { session } = desktop.fake
    const item = (url: string) => ({ getURL: () => url })
    expect(desktop.fake.emit(session, 'will-download', item('blob:app://attune/1'))).toBe(false)
    expect(desktop.fake.emit(session, 'will-download', item('https://example.com/a.zip'))).toBe(true)
  })

  test('looks up no name and does nothing in the background', async () => {
    desktop = await openTestDesktop()
    expect(desktop.fake.argumentsOf('commandLine.appendSwitch')).toEqual(
      expect.arrayContaining([
        ['disable-background-networking', undefined],
        ['disable-component-update', undefined],
        ['disable-breakpad', undefined],
        ['host-resolver-rules', 'MAP * ~NOTFOUND']
      ])
    )
  })

  test('serves the built pages with the policy, and no path beside them', async () => {
    desktop = await openTestDesktop()
    const serve = handed('protocol.handle', 1) as (request: Request) => Response
    const page = serve(new Request('app://attune/index.html'))
    expect(page.status).toBe(200)
    expect(page.headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; connect-src 'none'"
    )
    for (const url of [
      'app://attune/../window.json',
      'app://attune/%2e%2e/window.json',
      'app://other/index.html',
      'app://attune/',
      'app://attune/unlisted.html',
      'app://attune/pages.json'
    ])
      expect(serve(new Request(url)).status, url).toBe(404)
    expect(serve(new Request('app://attune/index.html', { method: 'POST' })).status).toBe(404)
  })
})

describe('whatever the page tries', () => {
  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])('%s is prevented', async (name) => {
    desktop = await openTestDesktop()
    expect(desktop.fake.emit(desktop.window.webContents, name, 'https://example.com/')).toBe(true)
  })

  test('it opens no window', async () => {
    desktop = await openTestDesktop()
    expect(handed('contents.setWindowOpenHandler')({ url: 'app://attune/index.html' })).toEqual({ action: 'deny' })
  })

  test('it leaves Attune for no other program', () => {
    const names = ['harden', 'window', 'desktop', 'files', 'save', 'pdf', 'menu', 'leaving', 'run-watch', 'system', 'trainer']
    const text = names
      .map((name) => readFileSync(join(import.meta.dirname, `../../../../../src/main/shell/electron/${name}.ts`), 'utf8'))
      .join('')
    expect(text).not.toMatch(/openExternal|openPath|\bshell\b.*from 'electron'/)
  })

  test.each([
    ['another page', { senderFrame: ownFrame('app://other/index.html') }],
    ['a page from the network', { senderFrame: ownFrame('https://attune/index.html') }],
    ['a page that only begins alike', { senderFrame: ownFrame('app://attune.example.com/index.html') }],
    ['a frame inside of the page', { senderFrame: { ...ownFrame(), parent: ownFrame() } as Electron.WebFrameMain }],
    ['a frame that has been left', { senderFrame: { ...ownFrame(), detached: true } as Electron.WebFrameMain }],
    ['no frame at all', { senderFrame: null }],
    ['another window', { sender: {} as Electron.WebContents }]
  ])('%s is refused', async (_who, from) => {
    desktop = await openTestDesktop()
    for (const channel of ['data:list', 'bridge:mint', 'bridge:choose', 'bridge:save', 'bridge:save-pdf']) {
      expect(await desktop.fake.invoke(channel, join(desktop.folder, 'window.json'), from)).toMatchObject({
        ok: false,
        error: { code: 'refused' }
      })
    }
    expect(await desktop.fake.invoke('data:list')).toEqual({ ok: true, value: ['letters'] })
  })
})
