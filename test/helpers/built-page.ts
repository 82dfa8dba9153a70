import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { build } from 'vite'
import { launchBrowser } from './browser.ts'
import type { FakeOptions } from './fake-bridge/index.ts'
import { lazy } from '../../src/main/base/lazy.ts'
import { buildGallery } from './gallery/build.ts'
import { AXE, axeSource } from './seen.ts'

const root = resolve(import.meta.dirname, '../..')
const pages = join(root, 'out/renderer')

/** The policy that both shells serve (security.md §1). */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

let gallery: ReturnType<typeof buildGallery> | undefined

/** The fake that is put in the page's place of the bridge: a file of its own, which the browser keeps compiled. */
const FAKE = '/fake.js'
const fakeScript = lazy(buildFake)

/** A file of the built page, or of the page with all failures, which is built when it is first asked for. */
async function fileAt(address: string): Promise<Buffer | string | null> {
  // All of it is compiled when it is first loaded, and kept: else each page would compile anew what it calls.
  if (address === AXE) return `//# allFunctionsCalledOnLoad\n${await axeSource()}`
  if (address === FAKE) return fakeScript()
  const body = address.startsWith('/gallery/') ? (await (gallery ??= buildGallery())).get(address) : await builtFile(address)
  if (body === undefined || extname(address) !== '.html') return body ?? null
  // The page's own script is a module and comes after it.
  return body.toString().replace('<head>', `<head><script src="${FAKE}"></script>`)
}

async function builtFile(address: string): Promise<Buffer | undefined> {
  const path = resolve(pages, `.${address}`)
  return path.startsWith(pages + sep) ? readFile(path).catch(() => undefined) : undefined
}

/** Serves the built page as a shell would, and the page of failures beside it, and nothing else. */
async function serve(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    const address = path === '/' ? '/index.html' : path
    void fileAt(address).then((body) => {
      if (body === null) return response.writeHead(404).end()
      return response
        .writeHead(200, {
          'content-type': TYPES[extname(address)] ?? 'text/plain',
          'content-security-policy': POLICY,
          // Scripts stay the same as long as this server lives: the browser keeps them compiled.
          ...(address !== '/index.html' && { 'cache-control': 'max-age=3600' })
        })
        .end(body)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}

/** The fake bridge as one script for the page; what it has at the start is set before. */
async function buildFake(): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, 'fake-bridge/index.ts'), formats: ['iife'], name: 'AttuneFake' }
    }
  })
  const [first] = Array.isArray(built) ? built : [built]
  if (!first || !('output' in first)) throw new Error('The fake bridge was not built.')
  return `${first.output[0].code}; window.attune = AttuneFake.makeFakeBridge(window.attuneOptions ?? {})`
}

/** Until the page has its main part. Without a locator: the first one in a page takes half as much as opening it. */
const HAS_MAIN = `
  new Promise((done) => {
    const look = () => (document.querySelector('main') ? done(true) : setTimeout(look, 5))
    look()
  })
`

const kindOf = (locale: string | null, scale: number): string => `${locale} ${scale}`

export interface Look {
  readonly width?: number
  readonly height?: number
  /** Pixels of the screen for one of the page. */
  readonly scale?: number
  readonly scheme?: 'light' | 'dark'
  /** The browser's language; null: what it makes of its environment. */
  readonly locale?: string | null
  /** What the page finds in its own storage. */
  readonly preferences?: Readonly<Record<string, string>>
}

/** A tab that is opened again and again: what the browser has loaded and compiled stays, what a page has kept goes. */
interface Tab {
  /** What a tab cannot change once it is open. */
  readonly kind: string
  readonly page: Page
  readonly session: CDPSession
  /** Takes what this page found at its start out of the pages that come after. */
  readonly without: () => Promise<void>
}

/** A browser with the built page in it and a fake behind the page. */
export class BuiltPage {
  readonly #browser: Browser
  readonly #server: Server
  readonly #origin: string
  #count = 0
  #tab: Tab | undefined
  /** What the page complained about: exceptions, errors on its console, refusals of its policy. */
  readonly complaints: string[] = []

  private constructor(browser: Browser, server: Server, origin: string) {
    this.#browser = browser
    this.#server = server
    this.#origin = origin
  }

  /** `env`: added to the browser's environment; `more`: to its arguments. */
  static async start(env: Readonly<Record<string, string>> = {}, more: readonly string[] = []): Promise<BuiltPage> {
    const [{ server, origin }, browser] = await Promise.all([serve(), launchBrowser(env, more), fakeScript()])
    return new BuiltPage(browser, server, origin)
  }

  /** Opens the page with this fake behind it, as in a window that nobody has used before. The page that was open is gone. */
  async open(hash: string, options: FakeOptions = {}, look: Look = {}): Promise<Page> {
    const { width = 1366, height = 768, scheme = 'light', locale = 'en-GB', scale = 1, preferences } = look
    const { page, session } = await this.#emptyTab(locale, scale)
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: scheme, contrast: null, forcedColors: null })
    const stored = preferences
      ? `localStorage.setItem('attune.preferences', ${JSON.stringify(JSON.stringify(preferences))});`
      : ''
    const script = await page.addInitScript({
      content: `window.attuneOptions = ${JSON.stringify(options)}; ${stored}`
    })
    this.#tab = { kind: kindOf(locale, scale), page, session, without: () => script.dispose() }
    // Another address each time: with another hash alone the page would stay.
    await page.goto(`${this.#origin}/${hash.replace('#', `?${++this.#count}#`)}`)
    await page.evaluate(HAS_MAIN)
    return page
  }

  /** The tab with nothing in it and nothing kept, or another one where another kind is wanted. */
  async #emptyTab(locale: string | null, scale: number): Promise<Pick<Tab, 'page' | 'session'>> {
    const tab = this.#tab
    if (tab && tab.kind === kindOf(locale, scale) && !tab.page.isClosed()) {
      await tab.without()
      // Where the mouse was left, something of the next page would be under it.
      await tab.page.mouse.move(-1, -1)
      await tab.session.send('Storage.clearDataForOrigin', { origin: this.#origin, storageTypes: 'local_storage,indexeddb' })
      return tab
    }
    await tab?.page.context().close()
    const context = await this.#browser.newContext({
      deviceScaleFactor: scale,
      ...(locale !== null && { locale }),
      timezoneId: 'UTC'
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => this.complaints.push(`exception: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(`${message.type()}: ${message.text()}`)
    })
    return { page, session: await context.newCDPSession(page) }
  }

  /** The open page as PNG, packed fast rather than small. */
  async picture(): Promise<Buffer> {
    if (!this.#tab) throw new Error('No page is open.')
    const { data } = await this.#tab.session.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true })
    return Buffer.from(data, 'base64')
  }

  get browser(): Browser {
    return this.#browser
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await new Promise((done) => this.#server.close(done))
  }
}
