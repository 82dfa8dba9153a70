import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')

describe.skipIf(!canBrowse)('finding passages, in the real application', { timeout: 480_000 }, () => {
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
    await expect.poll(() => page.getByLabel('What the marks are for').inputValue()).toBe('token-classification')
    // Kinds with their passages.
    await page.getByRole('table', { name: /^6 kinds of passages; [A-Z]+ is the largest/ }).waitFor()
    expect(await page.getByText('Classes', { exact: true }).count()).toBe(0)
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
    await walk.button('Start training')
    expect([walk.gestures, walk.typed]).toEqual([3, 0])
    // The stand-in for a model has thousands of small windows to read: the first look at the validation texts is enough.
    await page.getByText('at step').waitFor({ timeout: 240_000 })
    await page
      .getByText(/^Micro-F1/)
      .first()
      .waitFor()
    await page.getByRole('tab', { name: 'Log' }).click()
    await walk.see(/^Step \d+: micro_f1 \d\.\d{3} on validation, the best so far: these weights are kept\.$/)
    await walk.look('marks-live')
    await walk.button('Stop and keep best')
    await page.getByRole('dialog').getByRole('button', { name: 'Stop and keep best' }).click()
    await page.getByRole('heading', { name: /passages/ }).waitFor({ timeout: 240_000 })
    await walk.look('marks-result')
    expect(walk.complaints).toEqual([])
  })
})
