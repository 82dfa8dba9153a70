import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import { launchBrowser } from './browser.ts'
import type { FakeOptions } from './fake-bridge/index.ts'
import { buildGallery } from './gallery/build.ts'

const root = resolve(import.meta.dirname, '../..')
const pages = join(root, 'out/renderer')

/** The policy that both shells serve (security.md §1). */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

let gallery: ReturnType<typeof buildGallery> | undefined

/** A file of the built page, or of the page with all failures, which is built when it is first asked for. */
async function fileAt(address: string): Promise<Buffer | string | null> {
  if (address.startsWith('/gallery/')) return (await (gallery ??= buildGallery())).get(address) ?? null
  const path = resolve(pages, `.${address}`)
  return path.startsWith(pages + sep) ? readFile(path).catch(() => null) : null
}

/** Serves the built page as a shell would, and the page of failures beside it, and nothing else. */
async function serve(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const address = request.url === '/' ? '/index.html' : (request.url ?? '/')
    void fileAt(address).then((body) => {
      if (body === null) return response.writeHead(404).end()
      return response
        .writeHead(200, { 'content-type': TYPES[extname(address)] ?? 'text/plain', 'content-security-policy': POLICY })
        .end(body)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}

/** The fake bridge as one script for the page. */
async function fakeScript(): Promise<string> {
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
  return first.output[0].code
}

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

/** A browser with the built page in it and a fake behind the page. */
export class BuiltPage {
  readonly #browser: Browser
  readonly #server: Server
  readonly #origin: string
  readonly #fake: string
  #context: BrowserContext | undefined
  /** What the page complained about: exceptions, errors on its console, refusals of its policy. */
  readonly complaints: string[] = []

  private constructor(browser: Browser, server: Server, origin: string, fake: string) {
    this.#browser = browser
    this.#server = server
    this.#origin = origin
    this.#fake = fake
  }

  /** `env`: added to the browser's environment. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<BuiltPage> {
    const [{ server, origin }, fake, browser] = await Promise.all([serve(), fakeScript(), launchBrowser(env)])
    return new BuiltPage(browser, server, origin, fake)
  }

  async open(hash: string, options: FakeOptions = {}, look: Look = {}): Promise<Page> {
    await this.#context?.close()
    const { width = 1366, height = 768, scheme = 'light', locale = 'en-GB', scale = 1, preferences } = look
    this.#context = await this.#browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: scale,
      colorScheme: scheme,
      ...(locale !== null && { locale }),
      timezoneId: 'UTC'
    })
    const stored = preferences
      ? `localStorage.setItem('attune.preferences', ${JSON.stringify(JSON.stringify(preferences))});`
      : ''
    await this.#context.addInitScript({
      content: `${this.#fake}; window.attune = AttuneFake.makeFakeBridge(${JSON.stringify(options)}); ${stored}`
    })
    const page = await this.#context.newPage()
    page.on('pageerror', (error) => this.complaints.push(`exception: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(`${message.type()}: ${message.text()}`)
    })
    await page.goto(`${this.#origin}/${hash}`)
    await page.locator('main').waitFor()
    return page
  }

  get browser(): Browser {
    return this.#browser
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await new Promise((done) => this.#server.close(done))
  }
}
