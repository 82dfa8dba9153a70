import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'

describe.skipIf(!canBrowse)('an adapter that was made elsewhere', () => {
  let folder: string
  let application: Application
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-e2e-adapter-'))
    application = await openTestApplication(folder, { pages: join(import.meta.dirname, '../../out/renderer') })
    await mkdir(join(folder, 'brought'))
    await cp(join(import.meta.dirname, '../fixtures/adapters/suffixes'), join(folder, 'brought/urgency-lora'), {
      recursive: true
    })
    browser = await launchBrowser()
    page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1366, height: 768 } })
    await page.goto(application.shell.newAddress())
  })
  afterAll(async () => {
    await browser.close()
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test('is imported by its folder and answers in Use', { timeout: 180_000 }, async () => {
    await page.getByRole('link', { name: 'Library' }).click()
    await page.getByRole('tab', { name: 'Adapters' }).click()
    await page.getByRole('button', { name: 'Import an adapter' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'brought', exact: true }).press('Enter')
    await dialog.getByRole('button', { name: 'urgency-lora' }).press('Enter')
    // Until it is opened, the button would take the folder above it.
    await dialog.getByText('No folders in here.').waitFor()
    await page.keyboard.press('Control+Enter')
    await dialog.getByText('It was trained on bert-3.').waitFor({ timeout: 60_000 })
    await dialog.getByText(/fits by its shapes, but the adapter was trained on bert-3/).waitFor()
    const bring = dialog.getByRole('button', { name: 'Import', exact: true })
    expect(await bring.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('urgent\nsoon\nsoon')
    await dialog.getByText('Two classes have the same name.').waitFor()
    await dialog.getByRole('textbox').fill('urgent\nsoon\nroutine')
    await bring.click()
    await dialog.waitFor({ state: 'detached', timeout: 60_000 })
    await page.getByText('Answers: urgent, soon and routine').waitFor()

    await page.getByRole('link', { name: 'Use', exact: true }).last().click()
    await page.getByRole('textbox', { name: 'Texts, one a line' }).fill('abba dab\ncede bed')
    await page.getByRole('button', { name: 'Answer 2 texts' }).click()
    const answers = page.getByRole('grid', { name: 'Answers' })
    await answers.waitFor({ timeout: 60_000 })
    expect(await answers.getByText(/^(?:urgent|soon|routine)$/).count()).toBe(2)
  })
})
