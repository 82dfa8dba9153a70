import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunSummary } from '../../src/preload/contract/runs.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'
import { ask, TestPage } from '../helpers/loopback-page.ts'

const settings = { 'training.bootstrap_resamples': 50, 'training.baselines': false, 'training.max_steps': 4 }

describe.skipIf(!canBrowse)('a run on its way out of the real window', () => {
  let folder: string
  let application: Application
  let browser: Browser
  let page: Page
  let run: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-e2e-serving-'))
    await mkdir(join(folder, 'out'))
    let clock = 0
    const pages = join(import.meta.dirname, '../../out/renderer')
    application = await openTestApplication(folder, { pages, grace: 1, now: () => clock })
    const first = await TestPage.open(application.shell)
    const [model] = await first.call<ModelSummary[]>('models:list')
    const { id: dataset } = await first.call<DatasetSummary>('data:openSample', 'letters')
    const draft = {
      dataset,
      model: model!.id,
      thoroughness: 0,
      mustNotMiss: null,
      quietly: false,
      changed: settings,
      name: 'Urgency'
    }
    run = await first.call<string>('runs:start', draft)
    while ((await first.call<RunSummary>('runs:get', run)).state !== 'finished')
      await new Promise((done) => setTimeout(done, 100))
    // The page that started it is gone by now.
    clock += 60
    browser = await launchBrowser()
    page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1366, height: 768 } })
    await page.goto(application.shell.newAddress())
  }, 240_000)
  afterAll(async () => {
    await browser.close()
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test(
    'leaves as int8 with measured ranges, words and groups, and then answers other programs until the window closes',
    {
      timeout: 400_000
    },
    async () => {
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.evaluate(`location.hash = '#/runs/${run}/export'`)
      await page.getByRole('radio', { name: /^ONNX Runtime/ }).check({ timeout: 60_000 })
      await page.getByRole('combobox', { name: 'Weights' }).selectOption('onnx-int8 fp32 static')
      await page.getByText(/are measured beforehand on validation rows/).waitFor()

      await page.getByRole('button', { name: 'Add your own words' }).click()
      await page.getByRole('textbox', { name: 'What is it meant for?' }).fill('Sorting letters of the ward')
      await page.getByRole('button', { name: 'Keep the words' }).click()
      await page.getByText('Your words are kept with this run.').waitFor()
      await page.locator('summary', { hasText: 'Group the report by columns' }).click()
      await page.getByRole('group', { name: 'Columns of the data' }).getByRole('checkbox').first().check()
      await page.getByText('They are content of your data.').waitFor()

      await page.getByRole('button', { name: 'Choose a folder' }).click()
      const folders = page.getByRole('dialog')
      await folders.getByRole('button', { name: 'out', exact: true }).press('Enter')
      await folders.getByText('No folders in here.').waitFor()
      await page.keyboard.press('Control+Enter')
      await page.getByText(/^A new folder below/).waitFor()
      await page.getByRole('button', { name: 'Export and verify' }).click()
      await page.getByText('Exported as “Urgency (ONNX, int8 static)” and tested.').waitFor({ timeout: 240_000 })
      await page.getByText('ONNX Runtime, int8 static').waitFor()
      const card = await readFile(join(folder, 'out', 'Urgency (ONNX, int8 static)', 'README.md'), 'utf8')
      expect(card).toContain('Sorting letters of the ward')

      await page.getByRole('button', { name: 'More' }).last().click()
      await page.getByRole('menuitem', { name: 'Answer other programs with it' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('option', { name: 'Urgency (ONNX, int8 static) · exported' }).waitFor({ state: 'attached' })
      await dialog.getByRole('button', { name: 'Start answering' }).click()
      await dialog.getByText('Urgency (ONNX, int8 static) answers other programs of this PC.').waitFor({ timeout: 60_000 })
      const call = (await dialog.locator('pre').textContent()) ?? ''
      const [, port = '', token = ''] = /127\.0\.0\.1:(\d+)[\s\S]*Bearer ([\w-]+)"/.exec(call) ?? []
      const body = /-d '(.*)'$/.exec(call)?.[1] ?? ''
      const headers = { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
      const answered = await ask(Number(port), 'POST', '/v1/predict', headers, body)
      expect([answered.status, (JSON.parse(answered.body) as { answers: unknown[] }).answers.length]).toEqual([200, 1])
      await dialog.getByText('1, of these 0 refused; 1 text answered').waitFor()

      await dialog.getByRole('button', { name: 'Close' }).last().click()
      await page.getByRole('link', { name: 'Settings', exact: true }).click()
      await page.getByRole('link', { name: 'Answering programs' }).waitFor()
      await page.getByText('Attune answers other programs of this PC alone, because that was switched on in Use.').waitFor()

      await page.close()
      const isClosed = (): Promise<boolean> =>
        ask(Number(port), 'GET', '/', { Host: `127.0.0.1:${port}` }).then(
          () => false,
          () => true
        )
      await expect.poll(isClosed, { timeout: 20_000 }).toBe(true)
    }
  )
})
