import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderHtml } from '../../src/main/report/html.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'
import { openTestDesktop, type TestDesktop } from '../helpers/electron/desktop.ts'
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
