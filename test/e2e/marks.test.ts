import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')
const note = (i: number) => `Dr. Nr${i} saw Ann 🙂 on day ${i} and wrote to the surgery about it.`
const doccano = Array.from({ length: 30 }, (_, i) => ({
  id: i,
  text: note(i),
  label: i === 3 ? [[0, 999, 'NAME']] : [[4, 6 + String(i).length, 'NAME']],
  relations: []
}))

describe.skipIf(!canBrowse)('marks of another program, in the real application', { timeout: 120_000 }, () => {
  let folder: string
  let application: Application
  let walk: Walk

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-marks-'))
    application = await openTestApplication(folder, { pages })
  })
  beforeEach(async () => {
    walk = await Walk.begin(application.shell.newAddress())
    // The first own file brings the question of encryption.
    await walk.page.addLocatorHandler(walk.page.getByRole('button', { name: 'Not now' }), (button) => button.click())
    await walk.page.evaluate(`location.hash = '#/data'`)
  })
  afterEach(async () => {
    expect(walk.complaints).toEqual([])
    await walk.end('marks of another program')
  })
  afterAll(async () => {
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test('are shown as texts and marks, with their counts and what was left out', async () => {
    const bytes = Buffer.from(doccano.map((each) => `${JSON.stringify(each)}\n`).join(''))
    await walk.drop({ name: 'letters.jsonl', bytes })
    await walk.page.waitForURL(/#\/data\/d-/)
    await walk.see('Read as marks of doccano, UTF-8')
    await walk.see(note(0))
    await walk.see('NAME Nr7')
    await expect.poll(() => walk.page.getByLabel('What the marks are for').inputValue()).toBe('token-classification')
    await walk.page.getByRole('table', { name: '1 kind of passages; NAME is the largest with 100 %.' }).waitFor()
    await walk.see('1 entry was left out when this was read.')
    await walk.look('marks-opened')
    await walk.button('Show what and why')
    await walk.see(/Its mark 1 lies outside the text/)
    await walk.look('marks-left-out')
    await walk.button('Close')
  })

  test('may be tagged words', async () => {
    const bytes = Buffer.from(
      Array.from({ length: 20 }, (_, i) => `Ann\tB-NAME\nLee\tI-NAME\nleft\tO\nat\tO\n${i}\tO\n`).join('\n')
    )
    await walk.drop({ name: 'words.conll', bytes })
    await walk.page.waitForURL(/#\/data\/d-/)
    await walk.see('Read as marks of CoNLL (IOB2), UTF-8')
    await walk.see('Ann Lee left at 7')
    await walk.see(/^Kinds$/)
  })
})
