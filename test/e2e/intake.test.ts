import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { makeDocx, makeEml, makePdf, paragraph } from '../helpers/documents.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')
const book = (): Buffer =>
  makePdf(Array.from({ length: 1500 }, () => Array.from({ length: 50 }, (_, i) => `line ${i} of a long book`)))

describe.skipIf(!canBrowse)('a folder of documents, in the real application', { timeout: 120_000 }, () => {
  let folder: string
  let application: Application
  let walk: Walk

  async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), content)
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-intake-'))
    application = await openTestApplication(folder, { pages })
    for (const label of ['urgent', 'routine'])
      for (let i = 1; i <= 6; i++)
        await put({
          [`letters/${label}/note-${i}.txt`]: `The ${label} letter of day ${i}, with some words.`,
          [`letters/${label}/word-${i}.docx`]: makeDocx(paragraph(`Word: the ${label} letter ${i}`), {
            created: `2026-01-0${i}T08:00:00Z`
          })
        })
    await put({
      'letters/urgent/mail.eml': makeEml({ Subject: 'Chest pain', From: 'a@x.example' }, [['text/plain', 'Please see today.']]),
      'letters/routine/print.pdf': makePdf([['A printed letter.'], []]),
      'letters/routine/scan.pdf': makePdf([[], []]),
      'letters/routine/old.doc': 'x'
    })
    await symlink('/etc/hostname', join(folder, 'letters/urgent/outside.txt'))
  })
  beforeEach(async () => {
    walk = await Walk.begin(application.shell.newAddress())
    // The first own file brings the question of encryption.
    await walk.page.addLocatorHandler(walk.page.getByRole('button', { name: 'Not now' }), (button) => button.click())
    await walk.page.evaluate(`location.hash = '#/data'`)
  })
  afterEach(async () => {
    expect(walk.complaints.filter((each) => !each.includes('400 (Bad Request)'))).toEqual([])
    await walk.end('a folder of documents')
  })
  afterAll(async () => {
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  async function chooseFolder(name: string): Promise<void> {
    await walk.button('Choose a folder')
    const dialog = walk.page.getByRole('dialog')
    await dialog.getByRole('button', { name, exact: true }).click()
    await dialog
      .getByText('No folders in here.')
      .or(dialog.getByRole('button', { name: 'urgent', exact: true }))
      .first()
      .waitFor()
    await walk.button('Use this folder')
  }

  async function opened(): Promise<void> {
    await walk.page.waitForURL(/#\/data\/d-/)
  }

  test('becomes a table with classes; what was left out is shown with its reasons, and saved', async () => {
    await chooseFolder('letters')
    await opened()
    await walk.see('4 entries were left out when this was read.')
    await walk.see('Read as documents')
    await walk.see('Word: the routine letter 1')
    await walk.look('intake-opened')
    await walk.button('Show what and why')
    const dialog = walk.page.getByRole('dialog')
    await dialog.getByText('routine/scan.pdf').waitFor()
    await walk.look('intake-rejected')
    const [download] = await Promise.all([walk.page.waitForEvent('download'), walk.button('Save as CSV')])
    const csv = await readFile(await download.path(), 'utf8')
    expect(download.suggestedFilename()).toBe('letters left out.csv')
    expect(csv.split('\n').map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      'file place',
      'urgent/outside.txt ',
      'routine/old.doc ',
      'routine/print.pdf page 2',
      'routine/scan.pdf ',
      ''
    ])
    await walk.button('Close')
    // Labels come from folders: training is one click away.
    await walk.see('26 rows, 26 usable')
    expect(await readdir(join(folder, 'letters/routine'))).toHaveLength(15)
  })

  test('is copied from the machine of the browser with its folders, where it lies there', async () => {
    await walk.button('Choose a folder')
    const [chooser] = await Promise.all([
      walk.page.waitForEvent('filechooser'),
      walk.button('Copy a folder from the machine of this browser')
    ])
    await put({
      'elsewhere/a/1.txt': 'one of a',
      'elsewhere/a/2.txt': 'two of a',
      'elsewhere/b/ü 3.txt': 'three of b',
      'elsewhere/b/4.md': 'four of b',
      'elsewhere/x.exe': 'MZ'
    })
    await chooser.setFiles(join(folder, 'elsewhere'))
    await opened()
    await walk.see('1 entry was left out when this was read.')
    await walk.see('b/ü 3.txt')
  })

  test('can be stopped, while the page and Attune go on answering', async () => {
    await put(Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`books/${i}.pdf`, book()])))
    await chooseFolder('books')
    await walk.page.getByRole('button', { name: 'Stop reading' }).waitFor()
    const slowest = await walk.page.evaluate(`(async () => {
      let slowest = 0
      for (let i = 0; i < 60; i++) {
        const since = performance.now()
        await new Promise((done) => setTimeout(done, 16))
        slowest = Math.max(slowest, performance.now() - since - 16)
      }
      return slowest
    })()`)
    expect(slowest).toBeLessThan(100)
    await walk.look('intake-reading')
    const since = performance.now()
    await walk.button('Stop reading')
    await walk.page.getByRole('button', { name: 'Choose a folder' }).first().waitFor()
    expect(performance.now() - since).toBeLessThan(1500)
    expect(await walk.page.getByRole('alert').count()).toBe(0)
    expect((await readdir(join(folder, 'data/datasets'))).filter((name) => name.startsWith('.new'))).toEqual([])
  })

  test('a table with a few bad rows is read without them, and says which', async () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      i === 20 ? `letter, with a comma ${i},urgent` : `letter ${i} of the week,${i % 2 ? 'urgent' : 'soon'}`
    )
    await walk.drop({ name: 'ragged.csv', bytes: Buffer.from(`letter,urgency\n${rows.join('\n')}\n`) })
    await walk.see('Line 22 of ragged.csv has 3 cells for 2 column names.')
    await walk.button('Leave such rows out')
    await opened()
    await walk.see('1 entry was left out when this was read.')
    await walk.button('Show what and why')
    await walk.page.getByRole('dialog').getByText('ragged.csv', { exact: true }).waitFor()
    await walk.page.getByRole('dialog').getByText('line 22').first().waitFor()
  })
})
