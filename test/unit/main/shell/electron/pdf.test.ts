import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestDesktop, type TestDesktop } from '../../../../helpers/electron/desktop.ts'

const REPORT = '<!doctype html>\n<title>Test report</title><p>Three of four letters are right.</p>'

let desktop: TestDesktop
let removed: number
const saved = (): string => join(desktop.folder, 'saved')
const ask = (name = 'Letters 1.pdf'): Promise<unknown> => desktop.fake.invoke('bridge:save-pdf', { ticket: 'o-1', name })

beforeEach(async () => {
  desktop = await openTestDesktop()
  removed = 0
  await mkdir(saved())
  await wait(REPORT)
})
afterEach(() => desktop.dispose())

/** Lets a finished file wait to be saved. */
async function wait(content: string): Promise<void> {
  const path = join(desktop.folder, 'outgoing')
  await writeFile(path, content)
  const remove = async (): Promise<void> => {
    removed++
  }
  desktop.waiting.set('o-1', { path, name: 'Letters 1.html', remove })
}

test('prints the report on A4 in a hidden window and writes it where the person wants it, whole', async () => {
  const { fake } = desktop
  fake.answers.save = join(saved(), 'Letters 1.pdf')
  expect(await ask()).toEqual({ ok: true, value: true })
  expect(await readFile(join(saved(), 'Letters 1.pdf'), 'utf8')).toBe('%PDF-1.7 of the report')
  expect([await readdir(saved()), removed]).toEqual([['Letters 1.pdf'], 1])
  expect(fake.argumentsOf('contents.printToPDF')).toMatchObject([
    [{ pageSize: 'A4', printBackground: true, generateTaggedPDF: true, displayHeaderFooter: true }]
  ])
  expect(fake.argumentsOf('dialog.showSaveDialog')).toMatchObject([
    [{ defaultPath: 'Letters 1.pdf', filters: [{ extensions: ['pdf'] }] }]
  ])
})

test('the hidden window runs no script, has no bridge and reaches nothing', async () => {
  const { fake } = desktop
  fake.answers.save = join(saved(), 'a.pdf')
  await ask()
  const [{ options, isShown, isClosed } = fail()] = fake.hidden
  expect(options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    javascript: false,
    nodeIntegration: false
  })
  expect(options.webPreferences).not.toHaveProperty('preload')
  expect([options.show, isShown, isClosed]).toEqual([false, false, true])
  const own = fake.partitions.get('report') ?? fail()
  await expect(own.native.fetch('http://127.0.0.1:1/')).rejects.toThrow('net::ERR_BLOCKED_BY_CLIENT')
  expect(own.permits()).toBe(false)
  expect(own.isSpelling).toBe(false)
})

test('what is printed is served once, under the policy of a page that needs nothing', async () => {
  const { fake } = desktop
  fake.answers.save = join(saved(), 'a.pdf')
  await ask()
  const [[address] = []] = fake.argumentsOf('window.loadURL').slice(-1)
  const own = fake.partitions.get('report') ?? fail()
  // Gone again once it is printed.
  expect((await own.native.fetch(String(address))).status).toBe(404)
  let served: Response | undefined
  fake.onPrint = async (url) => {
    served = await own.native.fetch(url)
    return Buffer.alloc(0)
  }
  await wait(REPORT)
  await ask()
  expect(served?.headers.get('Content-Security-Policy')).toBe("default-src 'none'; style-src 'unsafe-inline'")
  expect(await served?.text()).toBe(REPORT)
})

test('a closed dialog prints nothing and spends no ticket', async () => {
  expect(await ask()).toEqual({ ok: true, value: false })
  expect([removed, desktop.fake.hidden, await readdir(saved())]).toEqual([0, [], []])
})

test('what is no report is not printed', async () => {
  desktop.fake.answers.save = join(saved(), 'a.pdf')
  await wait('text,label\n')
  expect(await ask()).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  expect(await desktop.fake.invoke('bridge:save-pdf', 'o-1')).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  expect([desktop.fake.hidden, await readdir(saved())]).toEqual([[], []])
})

test('where Chromium cannot print, a sentence says so, the older file stays and the window is gone', async () => {
  const { fake } = desktop
  const target = join(saved(), 'a.pdf')
  await writeFile(target, 'older')
  fake.answers.save = target
  fake.onPrint = () => Promise.reject(new Error('Failed to generate PDF'))
  expect(await ask()).toMatchObject({
    ok: false,
    error: { code: 'pdf-failed', message: expect.stringContaining('Save the report as HTML') }
  })
  expect([await readFile(target, 'utf8'), await readdir(saved())]).toEqual(['older', ['a.pdf']])
  expect([fake.hidden.every(({ isClosed }) => isClosed), removed]).toEqual([true, 1])
})

test('a folder that is gone is said in a sentence', async () => {
  await rm(saved(), { recursive: true })
  desktop.fake.answers.save = join(saved(), 'a.pdf')
  expect(await ask()).toMatchObject({ ok: false, error: { message: expect.stringMatching(/^"a.pdf" could not be saved/) } })
})

function fail(): never {
  throw new Error('There is none.')
}
