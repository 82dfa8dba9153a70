import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'
import { violations } from '../helpers/seen.ts'

describe.skipIf(!canBrowse)('a folder of this machine', () => {
  let folder: string
  let application: Application
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-folders-'))
    application = await openTestApplication(folder, { pages: join(import.meta.dirname, '../../out/renderer') })
    await mkdir(join(folder, 'models'))
    await cp(join(folder, 'resources/model'), join(folder, 'models/tiny-bert'), { recursive: true })
    browser = await launchBrowser()
    page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1366, height: 768 } })
    // Shorter than a test may take, so that what is waited for in vain is named.
    page.setDefaultTimeout(20_000)
    await page.goto(application.shell.newAddress())
  })
  afterAll(async () => {
    await browser.close()
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test('is chosen by keyboard alone, read where it lies, and the page never learns its path', async () => {
    const seen: string[] = []
    page.on('response', (response) => {
      if (response.url().includes('/folders/')) void response.text().then((text) => seen.push(text))
    })
    await page.getByRole('link', { name: 'Library' }).click()
    await page
      .getByRole('button', { name: /^Import a model folder/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'models', exact: true }).waitFor()
    const focused = (): Promise<string> => page.evaluate<string>('document.activeElement.textContent.trim()')
    for (let press = 0; press < 20 && (await focused()) !== 'models'; press++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await expect.poll(focused).toBe('tiny-bert')
    await page.keyboard.press('ArrowLeft')
    await dialog.getByRole('button', { name: 'models', exact: true }).waitFor()
    await dialog.getByRole('button', { name: 'models', exact: true }).press('Enter')
    await dialog.getByRole('button', { name: 'tiny-bert' }).press('Enter')
    await dialog.getByText('No folders in here.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('tiny-bert').first().waitFor()
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.join('\n')).not.toContain(folder)
  })

  test('is left alone where the person thinks better of it', async () => {
    await page
      .getByRole('button', { name: /^Import a model folder/ })
      .first()
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'models', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})
