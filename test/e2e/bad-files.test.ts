import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')
const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const letters = (name: string): string =>
  Array.from({ length: 30 }, (_, row) => `${name} letter ${row},${row % 2 ? 'urgent' : 'routine'}`).join('\n')

describe.skipIf(!canBrowse)('files that cannot be opened, in the real application', () => {
  let folder: string
  let application: Application
  let walk: Walk
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-bad-'))
    application = await openTestApplication(folder, { pages })
    walk = await Walk.begin(application.shell.newAddress())
  })
  afterAll(async () => {
    await walk.end('files that cannot be opened')
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test('say what to do, wherever they are dropped; mixed encodings are read as the person says', async () => {
    await walk.drop({ name: 'letter.rtf', bytes: Buffer.from('{\\rtf1}') })
    await walk.see(
      "A file of type '.rtf' cannot be read as a table (letter.rtf). Open it where it was written and save it as DOCX, PDF or TXT."
    )
    await walk.look('bad-rtf')
    // On a screen that opens no files: what happened is told where they are opened.
    await walk.page.evaluate(`location.hash = '#/settings/storage'`)
    await walk.see('Where everything is')
    const mixed = Buffer.concat([Buffer.from(`letter,urgency\n${letters('café')}\n`), latin(`${letters('Müller')}\n`)])
    await walk.drop({ name: 'mixed.csv', bytes: mixed })
    await walk.see(
      'mixed.csv mixes encodings: line 2 is UTF-8 and line 32 is not. Save the file again as UTF-8, or choose how its characters are to be read.'
    )
    await walk.look('bad-mixed')
    await walk.button('Choose how it is read')
    const dialog = walk.page.getByRole('dialog')
    await dialog.getByText('mixed.csv mixes encodings').first().waitFor()
    await walk.look('bad-dialog')
    await dialog.getByRole('combobox', { name: 'Characters' }).selectOption({ label: 'Windows-1252' })
    await dialog.getByText('cafÃ© letter 0').waitFor()
    await walk.look('bad-preview')
    await walk.button('Read it so')
    await walk.page.waitForURL(/#\/data\/d-/)
    if (await walk.page.getByRole('button', { name: 'Not now' }).isVisible()) await walk.button('Not now')
    await walk.page.getByText('Read as Windows-1252, cells divided by comma').waitFor()
    await walk.look('bad-opened')
    expect(walk.complaints.filter((each) => !each.includes('400 (Bad Request)'))).toEqual([])
  })
})
