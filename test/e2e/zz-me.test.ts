import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')

describe.skipIf(!canBrowse)('finding passages, in the real application', { timeout: 900_000 }, () => {
  let folder: string
  let application: Application
  let walk: Walk

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-marks-training-'))
    application = await openTestApplication(folder, { pages })
    walk = await Walk.begin(application.shell.newAddress())
  })
  afterAll(async () => {
    await walk.end('from the tile to a tested run that finds passages')
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test('leads from the tile to a tested run in three clicks, nothing typed', async () => {
    const { page } = walk
    await walk.button(/^Find and mark token classification/)
    await page.waitForURL(/#\/data\/d-/)
    await walk.see('and find what is marked in')
    // Kinds with their passages, and nothing that speaks of classes.
    await page.getByRole('table', { name: /^6 kinds of passages; [A-Z]+ is the largest/ }).waitFor()
    expect(await page.getByRole('button', { name: 'Rename or merge' }).count()).toBe(0)
    await walk.look('marks-data')
    await walk.link('Continue to training')
    await page
      .locator('.examples')
      .getByText(/^B-(?:NAME|DATE|PLACE|DRUG|DOSE|ID)$/)
      .first()
      .waitFor({ timeout: 120_000 })
    await walk.see('Nothing leaves this PC.')
    const exact = page.getByLabel('What this sets')
    expect(await exact.textContent()).toMatch(/method\s*full\s*tags\s*BIO\s*epochs\s*\d+/)
    await walk.look('marks-train')
    await page.getByRole('slider').first().press('Home')
    await page.waitForTimeout(2500)
    await walk.button('Start training')
    await page
      .getByText(/^Micro-F1/)
      .first()
      .waitFor({ timeout: 120_000 })
    expect(await page.getByRole('textbox', { name: 'A text to try' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'Log' }).click()
    await walk.see(/^Step \d+: micro_f1 \d\.\d{3} on validation, the best so far: these weights are kept\.$/)
    await walk.look('marks-live')
    await page.getByRole('heading', { name: /passages/ }).waitFor({ timeout: 500_000 })
    await walk.look('marks-result')
    await page.getByRole('link', { name: 'Export' }).first().click()
    await page.waitForTimeout(3000)
    await walk.look('mE-export-before')
    await mkdir(join(folder, 'out'))
    await page.getByRole('button', { name: 'Choose a folder' }).click()
    const folders = page.getByRole('dialog')
    await folders.getByRole('button', { name: 'out', exact: true }).press('Enter')
    await folders.getByText('No folders in here.').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText(/^A new folder below/).waitFor()
    await page.getByRole('button', { name: 'Export and verify' }).click()
    await page.getByText('Passages found', { exact: true }).or(page.getByRole('alert')).first().waitFor({ timeout: 120_000 })
    await walk.look('mE-export-after')
    console.log(await page.locator('main').innerText())
    for (const f of ['onnx']) {
      await page.getByRole('radio', { name: /^ONNX Runtime/ }).check()
      await page.waitForTimeout(500)
      await page.getByRole('button', { name: 'Export and verify' }).click()
      await page.waitForTimeout(25000)
      await walk.look('mE-export-' + f)
    }
    await page.getByRole('button', { name: 'More' }).last().click()
    await page.getByRole('menuitem', { name: 'Answer other programs with it' }).click()
    await page.getByRole('button', { name: 'Start answering' }).click()
    await page.getByText(/answers other programs of this PC/).waitFor({ timeout: 60_000 })
    await walk.look('mE-serving')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Check again' }).first().click()
    await page.getByText(/files are as exported/).waitFor({ timeout: 60_000 })
    await walk.look('mE-export-checked')
    expect(walk.complaints).toEqual([])
  })
})
