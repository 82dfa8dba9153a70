import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Events } from '../../src/main/ipc/events.ts'
import { Outbox } from '../../src/main/services/outbox.ts'
import { LoopbackShell } from '../../src/main/shell/loopback/server.ts'
import { listPages } from '../helpers/list-pages.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'

/** The page's own bridge as one script. */
async function bridgeScript(folder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      outDir: join(folder, 'assets'),
      minify: false,
      lib: {
        entry: join(import.meta.dirname, '../../src/renderer/src/lib/loopback-bridge.ts'),
        formats: ['iife'],
        name: 'AttuneBridge',
        fileName: () => 'bridge.js'
      }
    }
  })
}

describe.skipIf(!canBrowse)('a download in a real browser', () => {
  let folder: string
  let outbox: Outbox
  let shell: LoopbackShell
  let browser: Browser

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-download-'))
    const pages = join(folder, 'pages')
    await mkdir(join(pages, 'assets'), { recursive: true })
    await writeFile(join(pages, 'index.html'), '<!doctype html><title>Attune</title><script src="/assets/bridge.js"></script>')
    await bridgeScript(pages)
    await listPages(pages)
    await mkdir(join(folder, 'quarantine'))
    outbox = new Outbox(join(folder, 'outbox'))
    await outbox.prepare()
    const dispatch = async () => ({ ok: true, value: null }) as const
    shell = await LoopbackShell.open({
      dispatch,
      events: new Events(),
      pages,
      quarantine: () => join(folder, 'quarantine'),
      outbox,
      root: folder
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await shell.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test('saves the bytes under a harmless name, once, and leaves nothing behind', async () => {
    const page = await browser.newPage()
    await page.goto(shell.newAddress())
    await page.evaluate('void (window.bridge = AttuneBridge.makeLoopbackBridge({ pickFolder: async () => null }))')
    const path = outbox.newPath('.html')
    const text = `<script>document.title = 'run'</script>${'x'.repeat(300_000)}`
    await writeFile(path, text)
    const ticket = outbox.offer(path, 'report.html')
    const save = `window.bridge.then((bridge) => bridge.save('${ticket}', '../Übersicht\\u202E.html'))`
    const [download] = await Promise.all([page.waitForEvent('download'), page.evaluate(save)])
    expect(download.suggestedFilename()).toBe('Übersicht.html')
    expect(await readFile(await download.path(), 'utf8')).toBe(text)
    expect(await page.title()).toBe('Attune')
    await expect.poll(() => readdir(join(folder, 'outbox'))).toEqual([])
    await expect(page.evaluate(save)).rejects.toThrow('no longer waiting to be saved')
  })
})
