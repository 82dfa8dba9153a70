import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { BuiltPage } from '../helpers/built-page.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')
const NAMES = [
  'Anna Lee',
  'Bob Stone',
  'Cyd Ray',
  'Dana Fox',
  'Eve 😀 Hill',
  'Finn Oak',
  'Gil Moor',
  'Hal Wood',
  'Ida Reed',
  'Jo Vale'
]

describe.skipIf(!canBrowse)('marking passages, in the real application', { timeout: 300_000 }, () => {
  let folder: string
  let application: Application
  let walk: Walk

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-marks-'))
    application = await openTestApplication(folder, { pages })
    await mkdir(join(folder, 'letters'))
    await mkdir(join(folder, 'for others'))
    for (const [i, name] of NAMES.entries())
      await writeFile(join(folder, 'letters', `note-${i}.txt`), `Dear ${name},\r\nplease come on day ${i + 1}.`)
    walk = await Walk.begin(application.shell.newAddress())
    // The first own file brings the question of encryption.
    await walk.page.addLocatorHandler(walk.page.getByRole('button', { name: 'Not now' }), (button) => button.click())
  })
  afterAll(async () => {
    await walk.end('marking passages')
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await walk.page.keyboard.press(key)
  }

  /** What main says to the page. */
  async function ask<T>(channel: string, argument?: unknown): Promise<T> {
    const fileOf = (): never => {
      throw new Error('No file is handed over here.')
    }
    const reply = await application.services.dispatch(channel, argument, { fileOf })
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.value as T // The contract's.
  }

  test('leads from a folder by keyboard to a version whose marks are those of the stored texts', async () => {
    const { page } = walk
    await page.evaluate(`location.hash = '#/data/documents'`)
    await walk.button('Choose a folder')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'letters', exact: true }).click()
    await dialog.getByText('No folders in here.').waitFor()
    await walk.button('Use this folder')
    await page.waitForURL(/#\/data\/d-[^/]+\/label$/)
    await page.getByRole('combobox', { name: 'What to do with each text' }).selectOption({ label: 'Find and mark passages' })
    await page.getByText('Name the first kind of passage').waitFor()
    await page.getByRole('textbox', { name: 'New kind' }).focus()
    for (const kind of ['name', 'date']) {
      await page.keyboard.type(kind)
      await press('Enter')
      await page.getByRole('button', { name: new RegExp(`^\\d ${kind}`) }).waitFor()
    }
    await page.getByRole('group', { name: /^Document to mark/ }).focus()
    for (const [i, name] of NAMES.entries()) {
      await page.getByText(`Document ${i + 1} of 10`).waitFor()
      // "Dear" is selected; the name is the next words, of which a smiley is one.
      await press(
        'ArrowRight',
        ...name
          .split(' ')
          .slice(1)
          .map(() => 'Shift+ArrowRight'),
        '1'
      )
      await page.locator('mark').first().waitFor()
      expect(await page.locator('mark').first().textContent()).toBe(name)
      await press('Enter')
    }
    await page.getByText('10 of 10 documents finished.').waitFor()
    await page.getByRole('button', { name: 'Use these marks' }).click()
    await page.getByText('New version: 10 documents marked (10 passages)').waitFor()
    const made = (await ask<readonly DatasetSummary[]>('data:list')).find(({ version }) => version === 2)!
    expect(made.roles).toMatchObject({ task: 'token-classification', answer: 'marks' })
    const { rows } = await ask<{ rows: readonly (readonly string[])[] }>('data:rows', { id: made.id, from: 0, count: 10 })
    const [text, marks] = ['text', 'marks'].map((name) => made.columns.findIndex((column) => column.name === name))
    const read = rows.map((row) => {
      const [mark] = JSON.parse(row[marks!]!) as { start: number; end: number; label: string }[] // Written by Attune.
      return [mark?.label, [...row[text!]!].slice(mark?.start, mark?.end).join('')]
    })
    expect(read).toEqual(NAMES.map((name) => ['name', name]))
    expect(walk.complaints).toEqual([])
  })

  /** Chooses a folder of the place that the dialog opens at. */
  async function chooseFolder(name: string): Promise<void> {
    await walk.page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
    await walk.page.getByRole('dialog').getByText('No folders in here.').waitFor()
    await walk.button('Use this folder')
  }

  test('goes on to a tested run, its errors in their documents, and clean copies of the folder by rules and run', async () => {
    const { page } = walk
    await page.getByRole('tab', { name: /^Rows/ }).click()
    await walk.link('Continue to training')
    // The plan is worked out first, in processes of its own.
    await page.getByRole('button', { name: 'Start training', exact: true }).click({ timeout: 120_000 })
    await page
      .getByRole('heading', { name: /passages/ })
      .first()
      .waitFor({ timeout: 120_000 })
    const [row] = await page
      .getByRole('grid', { name: /errors?$/ })
      .getByRole('row')
      .all()
    await row!.click()
    await page.locator('mark.chosen').first().waitFor()
    await walk.look('marked-errors')
    await page.evaluate(`location.hash = '#/data/copies'`)
    await walk.button('Choose the folder')
    await chooseFolder('letters')
    await page.getByRole('combobox', { name: 'Also use' }).selectOption({ index: 1 })
    await page.getByRole('combobox', { name: 'What is found is to be' }).selectOption('pseudonymise')
    await page.getByRole('checkbox', { name: /^Keep it in an encrypted file/ }).check()
    for (const name of ['Passphrase', 'The same again']) await page.getByLabel(name, { exact: true }).fill('four words and more')
    await walk.button('Look through it')
    await page.getByRole('columnheader', { name: 'Beyond the rules' }).waitFor({ timeout: 60_000 })
    await walk.look('marked-copies')
    await walk.button('Write the copies…')
    await chooseFolder('for others')
    await page.getByText(/^10 clean copies written to the folder/).waitFor({ timeout: 120_000 })
    const others = join(folder, 'for others')
    const [mapping = '', made = ''] = (await readdir(others)).toSorted()
    expect([mapping, made]).toEqual(['letters mapping.age', 'letters without personal data'])
    const copyIn = (name: string): Promise<string> => readFile(join(others, name, 'note-0.txt'), 'utf8')
    const copy = await copyIn(made)
    expect(copy).toMatch(/^Dear \p{L}+ \p{L}+,/u)
    expect(copy).not.toContain('Anna')
    // A later batch goes on from it: the same people get the same names, and what was chosen by kind is what is done.
    const asked = page.waitForEvent('filechooser')
    await walk.button('Go on from an earlier file…')
    await (await asked).setFiles(join(others, mapping))
    await page.getByLabel('Its passphrase').fill('four words and more')
    await walk.button('Look through it again')
    await page.getByText(/replacements are known from the earlier file/).waitFor({ timeout: 120_000 })
    await walk.look('marked-copies-again')
    await page.getByRole('checkbox', { name: /^Keep it in an encrypted file/ }).uncheck()
    await walk.button('Write the copies…')
    await page.getByRole('dialog').getByRole('button', { name: 'for others', exact: true }).click()
    await walk.button('Use this folder')
    await expect.poll(() => readdir(others), { timeout: 120_000 }).toContain('letters without personal data 2')
    expect(await copyIn('letters without personal data 2')).toBe(copy)
    expect(await readFile(join(folder, 'letters', 'note-0.txt'), 'utf8')).toContain('Anna Lee')
    expect(walk.complaints).toEqual([])
  })
})

describe.skipIf(!canBrowse)('marking with the mouse', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())

  test('snaps to words, by characters with Alt, and goes up and down by lines', async () => {
    const page = await built.open('#/data/own/label', { filled: true, beat: 0 })
    const text = page.locator('p.document')
    /** Where a passage of the text is drawn. */
    const boxOf = (part: string) =>
      page.evaluate<{ left: number; right: number; y: number }>(`(() => {
        const piece = [...document.querySelectorAll('p.document [data-at]')].find((each) => each.textContent.includes(${JSON.stringify(part)}))
        const range = document.createRange()
        const at = piece.textContent.indexOf(${JSON.stringify(part)})
        range.setStart(piece.firstChild, at)
        range.setEnd(piece.firstChild, at + ${part.length})
        const { left, right, top, bottom } = range.getBoundingClientRect()
        return { left, right, y: (top + bottom) / 2 }
      })()`)
    const drag = async (from: string, to: string): Promise<void> => {
      const [a, b] = [await boxOf(from), await boxOf(to)]
      await page.mouse.move(a.left + 1, a.y)
      await page.mouse.down()
      await page.mouse.move(b.right - 1, b.y, { steps: 4 })
      await page.mouse.up()
    }
    await text.getByText('thyroid').waitFor()
    await drag('yroi', 'lini')
    await page.getByText('Selected: thyroid clinic').waitFor({ state: 'attached' })
    await page.keyboard.down('Alt')
    await drag('yroi', 'yroi')
    await page.keyboard.up('Alt')
    await page.getByText('Selected: yroi').waitFor({ state: 'attached' })
    await page.getByRole('group', { name: /^Document to mark/ }).focus()
    await page.keyboard.press('ArrowDown')
    const below = (await page.locator('.selected').boundingBox())!
    await page.keyboard.press('ArrowUp')
    const above = (await page.locator('.selected').boundingBox())!
    expect(below.y - above.y).toBeGreaterThan(20)
    await page.keyboard.press('3')
    await page.getByText(/: dose$/).waitFor({ state: 'attached' })
    await page.getByText('Saved just now').waitFor()
    expect(built.complaints.splice(0)).toEqual([])
  })
})
