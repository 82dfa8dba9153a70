import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import type { PrivacyCheck } from '../../src/preload/contract/app.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const executablePath = process.env['ATTUNE_ELECTRON'] ?? ''

if (executablePath === '')
  process.stderr.write(
    'SKIPPED: test/e2e/electron.test.ts, since ATTUNE_ELECTRON names no Electron. The real shell was not tried.\n'
  )

describe.skipIf(executablePath === '')('the real Electron', () => {
  let folder: string
  let electron: ElectronApplication
  let page: Page

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-electron-'))
    const env = Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
    )
    electron = await _electron.launch({ executablePath, args: [root], env: { ...env, ATTUNE_DATA: join(folder, 'data') } })
    page = await electron.firstWindow()
    await page.locator('main').waitFor()
  }, 120_000)
  afterAll(async () => {
    await electron.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('shows the page from its own scheme, sandboxed, with the bridge and nothing else', async () => {
    expect(page.url()).toMatch(/^app:\/\/attune\/index\.html/)
    expect(await page.evaluate('window.attune.shell')).toBe('electron')
    expect(await page.evaluate('[typeof require, typeof process, typeof module]')).toEqual([
      'undefined',
      'undefined',
      'undefined'
    ])
    expect(
      await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getTitle()))
    ).toEqual(['Attune'])
  })

  test('reaches nothing outside', async () => {
    const reached = await page.evaluate("fetch('https://example.com/').then(() => 'reached', () => 'refused')")
    expect(reached).toBe('refused')
    expect(await page.evaluate("window.open('https://example.com/') === null")).toBe(true)
  })

  test('finds nothing wrong with itself, and can tell of its sandbox and switches', async () => {
    const code = "window.attune.call('app:privacy').then(({ value }) => value)"
    const checks = await page.evaluate<PrivacyCheck[]>(code)
    // Whoever tries it looks in through these.
    const asked = checks.filter(({ id }) => id !== 'window-openers')
    expect(asked.filter(({ result }) => result === 'fails')).toEqual([])
    const holding = asked.filter(({ result }) => result === 'holds').map(({ id }) => id)
    for (const id of ['window-requests', 'window-names', 'window-proxy', 'window-sandbox', 'window-permissions', 'page-policy'])
      expect(holding).toContain(id)
  })

  test('trains the practice letters in a utility process', { timeout: 300_000 }, async () => {
    await page.getByRole('button', { name: /^Sort documents/ }).click()
    await page.getByRole('link', { name: 'Continue to training' }).click()
    await page.getByRole('button', { name: 'Start training' }).click()
    await page.getByRole('tab', { name: /^Errors/ }).waitFor({ timeout: 240_000 })
    expect(await readdir(join(folder, 'data', 'runs'))).not.toEqual([])
  })
})
