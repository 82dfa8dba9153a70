import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PrivacyCheck } from '../../src/preload/contract/app.ts'
import { buildModules } from '../../src/main/services/evidence/build-modules.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { trainerProgram } from '../helpers/attune.ts'
import { canBrowse } from '../helpers/browser.ts'
import { BuiltPage } from '../helpers/built-page.ts'
import { TestPage } from '../helpers/loopback-page.ts'

describe('the privacy checks of the loopback shell', () => {
  let folder: string
  let application: Application
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-privacy-'))
    application = await openTestApplication(folder)
  })
  afterAll(async () => {
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test.runIf(process.platform === 'linux')('hold, each with what was found', async () => {
    const page = await TestPage.open(application.shell)
    const checks = await page.call<PrivacyCheck[]>('app:privacy')
    const results = Object.fromEntries(checks.map(({ id, result }) => [id, result]))
    expect(results, JSON.stringify(checks, null, 1)).toEqual({
      connections: 'holds',
      'page-policy': 'holds',
      listening: 'holds',
      'browser-extensions': 'cannot-tell',
      'runtime-telemetry': 'holds',
      'native-libraries': 'holds',
      // The folder of the trainer's program, where that was built: `npm test` does. Its source has nothing to look at; what was built is looked at below, too.
      build: trainerProgram.endsWith('.ts') ? 'cannot-tell' : 'holds',
      files: 'holds',
      'own-folder': 'holds'
    })
    expect(checks.find(({ id }) => id === 'page-policy')?.found).toMatch(/^default-src 'none'.*connect-src 'self'$/)
  })

  test('find nothing that calls out in what was built', async () => {
    expect(await buildModules(join(import.meta.dirname, '../../out/main'))).toMatchObject({ result: 'holds' })
  })
})

describe.skipIf(!canBrowse)('a check that does not hold', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())

  test('turns the lock on every screen red, and names the claim', async () => {
    const page = await built.open('#/', { filled: true, beat: 0, leaking: true })
    const chip = page.getByRole('button', { name: 'Not holding: Attune speaks to nothing but this machine.' })
    await chip.waitFor()
    const colours = await page.evaluate<string[]>(`
      const chip = document.querySelector('header .chip.failing')
      const probe = chip.appendChild(document.createElement('i'))
      probe.style.setProperty('color', 'var(--fail)')
      ;[getComputedStyle(chip).color, getComputedStyle(probe).color]
    `)
    expect(colours[0]).toBe(colours[1])
    await chip.click()
    await page.getByRole('menuitem', { name: 'What is checked' }).click()
    await page.getByText('1 claim does not hold.').waitFor()
    await page.emulateMedia({ media: 'print' })
    await page.getByText('What Attune 0.1.0 found out about itself').waitFor()
    expect(await page.getByRole('button', { name: 'Check now' }).isVisible()).toBe(false)
  })
})
