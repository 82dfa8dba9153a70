import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Failure, Reply } from '../../src/preload/contract/common.ts'
import { allRoutes, type RouteServices } from '../../src/main/ipc/routes/index.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'
import { ask, TestPage } from '../helpers/loopback-page.ts'

const root = join(import.meta.dirname, '../..')
let folder: string
let application: Application
/** Seconds by which the application's clock is ahead: a page that was closed gives its place free without a wait. */
let ahead = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-attacks-'))
  application = await openTestApplication(folder, {
    pages: join(root, 'out/renderer'),
    now: () => performance.now() / 1000 + ahead
  })
})
afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

/** Where somebody else's file would be, in every notation. */
const PATHS = [
  '../../secret.html',
  '..\\..\\secret.html',
  '/etc/passwd',
  'C:\\Windows\\win.ini',
  '\\\\server\\share\\x',
  'file:///etc/passwd',
  '%2e%2e%2fsecret.html',
  'secret.html\0.csv',
  'letters/../../secret.html',
  'letters::$DATA',
  'CON',
  'a\u202Egnp.exe',
  '__proto__',
  'constructor',
  'toString'
]
const PREFIXES = ['', 'd-', 'm-', 'r-', 'f-', 'o-', 'p-']
const OTHERS = [
  undefined,
  null,
  1e308,
  Number.NaN,
  true,
  [],
  {},
  [[[[]]]],
  { id: { id: {} } },
  { __proto__: { id: 'd-1' } },
  'x'.repeat(100_000)
]

/** Everything hostile that may stand where a route takes a name, a handle or an id: alone, or as any field of a request. */
function hostile(): unknown[] {
  const names = PATHS.flatMap((path) => PREFIXES.map((prefix) => prefix + path))
  const fields = (value: string): object => ({
    id: value,
    file: value,
    name: value,
    run: value,
    dataset: value,
    model: value,
    folder: value
  })
  return [
    ...names,
    ...names.map(fields),
    ...OTHERS,
    'd-0',
    'm-0',
    'r-0',
    'f-0',
    `f-${'0'.repeat(32)}`,
    { id: 'r-0' },
    { id: 'd-0' }
  ]
}

const HOSTILE = hostile()

/** Routes only read their services when they are called. */
const nothing = new Proxy({}, { get: (): object => ({}) }) as RouteServices

describe('every route that takes an argument', () => {
  const channels = Object.entries(allRoutes(nothing)).flatMap(([domain, routes]) =>
    Object.entries(routes).flatMap(([name, route]) => (route.length > 0 ? [`${domain}:${name}`] : []))
  )

  let page: TestPage
  beforeAll(async () => {
    page = await TestPage.open(application.shell)
  })

  test.each(channels)(
    '%s refuses paths, foreign handles and what is no request, in words, as the fault of who asks',
    async (channel) => {
      const before = await readdir(folder, { recursive: true })
      const faults: string[] = []
      for (const argument of HOSTILE) {
        const { body, status } = await page.post(`/api/${channel}`, JSON.stringify({ argument }))
        const reply = JSON.parse(body) as Reply<unknown> & { readonly error?: Failure } // Written by our own server.
        const isRefused = status === 200 && !reply.ok && reply.error.code !== 'internal' && !body.includes('outside')
        if (!isRefused) faults.push(`${status} ${JSON.stringify(argument)?.slice(0, 80)}: ${body.slice(0, 300)}`)
      }
      expect(faults).toEqual([])
      expect(await readdir(folder, { recursive: true })).toEqual(before)
    }
  )

  test('is reached by its own name alone', async () => {
    for (const name of [
      'app:constructor',
      '__proto__:facts',
      'app:__proto__',
      'app',
      ':',
      'app:facts:facts',
      'app%3Afacts',
      '../session'
    ]) {
      const { body } = await page.post(`/api/${name}`, '{}')
      expect(body, name).toMatch(/no-such-channel|not-found/)
    }
  })
})

const CELLS = [
  '<img src=x onerror="document.title=1">',
  '<script>document.title = 2</script>',
  '"><svg onload=document.title=3>',
  ['javascript', 'document.title=4'].join(':'),
  '=HYPERLINK("http://evil.example","press")',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)*cmd',
  '{{constructor.constructor("document.title=5")()}}',
  '\u202Egpj.exe',
  '&lt;b&gt;bold&lt;/b&gt;'
]

describe.skipIf(!canBrowse)('a table of hostile cells', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  async function opened(): Promise<Page> {
    ahead += 10
    const context = await browser.newContext({ locale: 'en-GB' })
    return context.newPage()
  }

  test('is shown as the text that it is, and nothing in it runs', async () => {
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
    const rows = [0, 1, 2].flatMap((n) =>
      CELLS.map((cell, i) => `${quoted(`${cell} ${n}`)},${i % 2 === 0 ? '<b>yes</b>' : '=no'}`)
    )
    const file = join(folder, '<img src=x onerror=document.title=6>.csv')
    await writeFile(file, `<u>text</u>,=answer\n${rows.join('\n')}\n`)
    const page = await opened()
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => void complaints.push(dialog.message()))
    await page.goto(application.shell.newAddress())
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a file' }).first().click()
    ])
    await chooser.setFiles(file)
    await page.getByText(CELLS[0]!).first().waitFor()
    for (const cell of CELLS) expect(await page.getByText(cell).count(), cell).toBeGreaterThan(0)
    expect(await page.getByText('<u>text</u>').count()).toBeGreaterThan(0)
    expect(await page.locator('main img, main script, main u, main b, main a[href^="javascript"]').count()).toBe(0)
    expect(await page.title()).not.toMatch(/^[1-6]$/)
    expect(complaints).toEqual([])
    await page.context().close()
    const { port } = application
    expect(requests.filter((url) => !url.startsWith(`http://127.0.0.1:${port}/`) && !url.startsWith('blob:'))).toEqual([])
  })

  test('on a page that no translator may send away, and that says who can read along', async () => {
    const { body } = await ask(application.port, 'GET', '/', { Host: `127.0.0.1:${application.port}` })
    expect(body).toMatch(/<html[^>]* translate="no"/)
    expect(body).toContain('<meta name="google" content="notranslate" />')
    const page = await opened()
    await page.goto(application.shell.newAddress())
    await page.getByText('extensions of this browser can read this page').waitFor()
  })
})
