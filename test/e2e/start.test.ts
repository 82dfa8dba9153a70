import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { processesWith } from '../helpers/attune.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'

const start = join(import.meta.dirname, '../../scripts/start.mjs')
let folder: string
let browser: Browser
let running: ChildProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-start-'))
  browser = await launchBrowser()
})
afterEach(async () => {
  if (running?.exitCode !== null || running.signalCode !== null) return
  const closed = once(running, 'close')
  running.kill('SIGTERM')
  await closed
})
afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
})

interface Started {
  readonly address: string
  readonly text: () => string
  readonly close: () => Promise<number | null>
}

/** `npm start -- --no-open` on a data folder of its own, until it has printed its address. */
async function started(env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const child = spawn(process.execPath, [start, '--no-open'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'C.UTF-8', ATTUNE_DATA: join(folder, 'data'), ...env }
  })
  running = child
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (text += part))
  await expect.poll(() => text, { timeout: 90_000, interval: 100 }).toMatch(/#token=[\w-]+\n/)
  return {
    address: /http:\S+/.exec(text)![0],
    text: () => text,
    close: async () => {
      const closed = once(child, 'close') as Promise<[number | null]> // As Node declares it.
      child.kill('SIGINT')
      return (await closed)[0]
    }
  }
}

/** Home, data, training: what a person presses, one by one. */
const CLICKS: readonly ((page: Page) => Promise<void>)[] = [
  (page) => page.getByRole('button', { name: /^Sort documents/ }).click(),
  (page) => page.getByRole('link', { name: 'Continue to training' }).click(),
  (page) => page.getByRole('button', { name: 'Start training' }).click()
]

const trainers = (): Promise<readonly number[]> => processesWith(`ATTUNE_DATA=${join(folder, 'data')}`)

describe.skipIf(!canBrowse)('npm start', () => {
  test(
    'leads from the sample to a tested model in at most five clicks, nothing typed, within two minutes',
    { timeout: 240_000 },
    async () => {
      const { address, text, close } = await started()
      expect(text()).toContain('works once and for one minute')
      const page = await browser.newPage()
      const began = performance.now()
      await page.goto(address)
      for (const click of CLICKS) await click(page)
      await page.getByRole('heading', { name: /^(?:Found|Right on) \d/ }).waitFor({ timeout: 180_000 })
      const seconds = (performance.now() - began) / 1000
      process.stdout.write(`From the address to the result: ${CLICKS.length} clicks, ${seconds.toFixed(0)} s.\n`)
      expect(CLICKS.length).toBeLessThanOrEqual(5)
      expect(seconds).toBeLessThan(120)
      expect(await close()).toBe(0)
      expect(await trainers()).toEqual([])
    }
  )

  test('closes by Ctrl+C while training, at a checkpoint from which the run goes on', { timeout: 240_000 }, async () => {
    const first = await started()
    const page = await browser.newPage()
    await page.goto(first.address)
    for (const click of CLICKS) await click(page)
    await page
      .getByText(/step [1-9]/i)
      .first()
      .waitFor({ timeout: 60_000 })
    expect(await first.close()).toBe(0)
    expect(first.text()).toContain('stops at a checkpoint')
    expect(await trainers()).toEqual([])

    const second = await started()
    const again = await browser.newPage()
    await again.goto(second.address)
    await again.getByRole('link', { name: 'Runs' }).first().click()
    await again
      .getByText(/Paused|Stopped/i)
      .first()
      .waitFor()
    expect(await second.close()).toBe(0)
  })

  test('says in one line how to reach a machine without a screen', async () => {
    const { text, close } = await started({ SSH_CONNECTION: '10.0.0.2 50000 10.0.0.1 22' })
    await expect.poll(text).toMatch(/From another: ssh -L \d+:127\.0\.0\.1:\d+ \S+@\S+, then open the address there\./)
    expect(await close()).toBe(0)
  })
})
