import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'

const HEADLINE = /^(?:Found|Right on) \d/

/** What a page complains about that a person would not see. */
const listen = (page: Page, complaints: string[]): void => {
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`))
  page.on('console', (message) => {
    // That another tab was open until now is answered by a question.
    if (message.type() === 'error' && !message.text().includes('409 (Conflict)')) complaints.push(message.text())
  })
}

export interface NamedFile {
  readonly name: string
  readonly bytes: Buffer
}

/** One person's way through the application, with everything counted that they had to do. */
export class Walk {
  readonly page: Page
  readonly complaints: string[] = []
  readonly #browser: Browser
  readonly #began = performance.now()
  readonly #looks: string | undefined = process.env['ATTUNE_LOOKS']
  #gestures = 0
  #typed = 0

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser
    this.page = page
    listen(page, this.complaints)
  }

  static async begin(address: string): Promise<Walk> {
    const browser = await launchBrowser()
    const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1366, height: 768 }, acceptDownloads: true })
    const walk = new Walk(browser, page)
    // Attune asks whether to go on here where it was open in another tab a moment ago.
    page.on('dialog', (dialog) => void dialog.accept())
    await page.goto(address)
    await page.locator('main').waitFor()
    return walk
  }

  /** Drops, clicks and choices so far. */
  get gestures(): number {
    return this.#gestures
  }

  /** Fields filled in so far. */
  get typed(): number {
    return this.#typed
  }

  async button(name: string | RegExp): Promise<void> {
    this.#gestures++
    await this.page.getByRole('button', { name, exact: true }).first().click()
  }

  async link(name: string | RegExp): Promise<void> {
    this.#gestures++
    await this.page.getByRole('link', { name, exact: true }).first().click()
  }

  async fill(label: string, text: string): Promise<void> {
    this.#typed++
    await this.page.getByLabel(label, { exact: true }).fill(text)
  }

  /** Ticks every box of the screen, once there are so many. */
  async tickAll(count: number): Promise<void> {
    const boxes = this.page.getByRole('checkbox')
    await boxes.nth(count - 1).waitFor()
    for (const box of await boxes.all()) {
      this.#gestures++
      await box.check()
    }
  }

  /** Lets go of a file over the page. */
  async drop({ name, bytes }: NamedFile): Promise<void> {
    this.#gestures++
    await this.page.evaluate(`
      const bytes = Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), (letter) => letter.charCodeAt(0))
      const data = new DataTransfer()
      data.items.add(new File([bytes], ${JSON.stringify(name)}))
      document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
    `)
  }

  /** Presses what asks for files, and chooses these. */
  async choose(press: () => Promise<void>, files: readonly NamedFile[]): Promise<void> {
    this.#gestures++
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), press()])
    await chooser.setFiles(files.map(({ name, bytes }) => ({ name, mimeType: 'application/octet-stream', buffer: bytes })))
  }

  async see(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  /** Trains with what the Train screen proposes, until the result is there. Returns its headline. */
  async train(): Promise<string> {
    await this.button('Start training')
    const headline = this.page.getByRole('heading', { name: HEADLINE })
    await headline.waitFor({ timeout: 120_000 })
    return (await headline.textContent()) ?? ''
  }

  /** A picture of where the person is, for whoever asked for them with ATTUNE_LOOKS. */
  async look(name: string): Promise<void> {
    if (this.#looks === undefined) return
    await this.page.waitForTimeout(400)
    await this.page.screenshot({ path: `${this.#looks}/${name}.png` })
  }

  /** Says what the way took; closes the browser. */
  async end(way: string): Promise<void> {
    const seconds = (performance.now() - this.#began) / 1000
    process.stdout.write(`${way}: ${this.#gestures} drops, clicks and choices, ${this.#typed} fields, ${seconds.toFixed(0)} s.\n`)
    await this.#browser.close()
  }
}
