import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderHtml } from '../../src/main/report/html.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'
import { BuiltPage } from '../helpers/built-page.ts'
import { openTestDesktop, type TestDesktop } from '../helpers/electron/desktop.ts'
import type { FakeOptions } from '../helpers/fake-bridge/index.ts'
import { reportOf, singleLabel } from '../unit/main/report/reports.ts'

/** What Electron's options are called by Chromium's own protocol, which Electron hands them on to. */
async function print(browser: Browser, html: string, options: Electron.PrintToPDFOptions): Promise<Buffer> {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.route('http://report.invalid/', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }))
  await page.goto('http://report.invalid/')
  const inches = (length = 0): string => `${length}in`
  const { margins: { top, bottom, left, right } = {} } = options
  const pdf = await page.pdf({
    format: options.pageSize === 'A4' ? 'A4' : 'Letter',
    margin: { top: inches(top), bottom: inches(bottom), left: inches(left), right: inches(right) },
    printBackground: options.printBackground === true,
    displayHeaderFooter: options.displayHeaderFooter === true,
    headerTemplate: options.headerTemplate ?? '',
    footerTemplate: options.footerTemplate ?? '',
    tagged: options.generateTaggedPDF === true,
    outline: options.generateDocumentOutline === true
  })
  await context.close()
  return pdf
}

describe.skipIf(!canBrowse)('the report as a PDF, in the fake Electron with the real Chromium as its printer', () => {
  let browser: Browser
  let desktop: TestDesktop
  beforeAll(async () => {
    browser = await launchBrowser()
    desktop = await openTestDesktop()
  })
  afterAll(async () => {
    await desktop.dispose()
    await browser.close()
  })

  test('comes out on A4, with tags for screen readers, an outline and every section', async () => {
    const { fake, folder, waiting } = desktop
    const path = join(folder, 'outgoing')
    await writeFile(path, renderHtml(reportOf(singleLabel())))
    waiting.set('o-1', { path, name: 'report.html', remove: () => Promise.resolve() })
    const target = process.env['ATTUNE_TEST_PDF'] ?? join(folder, 'report.pdf')
    fake.answers.save = target
    let pdf: Buffer = Buffer.alloc(0)
    fake.onPrint = async (address, options) => {
      const served = await fake.partitions.get('report')?.native.fetch(address)
      return (pdf = await print(browser, (await served?.text()) ?? '', options))
    }
    expect(await fake.invoke('bridge:save-pdf', { ticket: 'o-1', name: 'report.pdf' })).toEqual({ ok: true, value: true })
    const text = pdf.toString('latin1')
    expect(text.slice(0, 5)).toBe('%PDF-')
    const boxes = [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, ...size]) => size.map(Number))
    expect(boxes.length).toBeGreaterThan(1)
    // Points: 210 × 297 mm.
    for (const [width = 0, height = 0] of boxes) {
      expect(Math.abs(width - 595.3)).toBeLessThan(1)
      expect(Math.abs(height - 841.9)).toBeLessThan(1)
    }
    expect(text).toContain('/StructTreeRoot')
    expect(text).toMatch(/\/Outlines \d+ 0 R/)
    // Each section's heading is an entry of the outline.
    expect(text.match(/\/Dest /g)?.length ?? 0).toBeGreaterThan(4)
  })
})

describe.skipIf(!canBrowse)('the report on its screen', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())
  const open = (options: FakeOptions) => built.open('#/runs/r3/report', { filled: true, beat: 0, ...options })

  test('is saved as a PDF by one button in a window of its own, by the keyboard too', async () => {
    const page = await open({})
    await page.getByRole('button', { name: 'Save as PDF' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('The report was saved as a PDF.').waitFor()
    expect(await page.getByRole('button', { name: 'Save as PDF' }).isEnabled()).toBe(true)
    expect(await page.getByText('print dialog').count()).toBe(0)
  })

  test('that cannot be written is said in its sentence, and can be tried again', async () => {
    const sentence = 'The report of this run could not be read. Train it again.'
    const page = await open({ failing: { 'results:reportFile': sentence } })
    await page.getByRole('button', { name: 'Save as PDF' }).click()
    await page.getByText(sentence).waitFor()
    expect(await page.getByRole('button', { name: 'Save as PDF' }).isEnabled()).toBe(true)
  })

  test('is printed by the browser elsewhere, and says how that makes a PDF, on the screen alone', async () => {
    const page = await open({ shell: 'loopback' })
    const how = page.getByText('For a PDF, choose “Save as PDF”')
    await how.waitFor()
    expect(await page.getByRole('button', { name: 'Save as PDF', exact: true }).count()).toBe(0)
    await page.evaluate("window.print = () => document.body.setAttribute('data-printed', '')")
    await page.getByRole('button', { name: 'Print or save as PDF' }).click()
    expect(await page.locator('body[data-printed]').count()).toBe(1)
    await page.emulateMedia({ media: 'print' })
    expect([await how.isVisible(), await page.getByText('Result on unseen rows').isVisible()]).toEqual([false, true])
  })
})
