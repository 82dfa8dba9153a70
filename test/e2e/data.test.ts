import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { BuiltPage } from '../helpers/built-page.ts'

/** The browser that npm brings runs on this kind of machine only; elsewhere these tests are skipped, and say so. */
const canBrowse = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!canBrowse)('data and their versions', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())
  afterEach(() => {
    expect(built.complaints.splice(0)).toEqual([])
  })

  test('a finding shows its rows, is put right in a new version, and Ctrl+Z goes back', async () => {
    const page = await built.open('#/data/letters/findings', { filled: true, beat: 0 })
    await page.getByRole('link', { name: /^Show the rows: 14 rows have no answer/ }).click()
    await page.waitForURL(/findings\/unlabelled$/)
    await page.locator('[role=grid][aria-rowcount="15"]').waitFor()
    await page.getByRole('button', { name: 'Drop these rows' }).click()
    await page.waitForURL(/#\/data\/letters-2\/findings$/)
    await page.getByText('New version: 14 rows dropped').waitFor()
    expect(await page.getByRole('combobox', { name: 'Version of these data' }).inputValue()).toBe('letters-2')
    await page.keyboard.press('Control+z')
    await page.waitForURL(/#\/data\/letters\/findings\/unlabelled$/)
    await page.getByText('Undone.').waitFor()
    await page.getByRole('combobox', { name: 'Version of these data' }).waitFor({ state: 'detached' })
  })

  test('classes are merged by keyboard', async () => {
    const page = await built.open('#/data/letters', { filled: true, beat: 0 })
    await page.getByRole('button', { name: 'Rename or merge' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox', { name: /^soon/ }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('checkbox', { name: /^urgent/ }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('textbox', { name: /^New name/ }).fill('urgent')
    await page.keyboard.press('Control+Enter')
    await page.getByText("New version: 'soon' renamed to 'urgent'").waitFor()
  })

  test('cells that were copied in a spreadsheet are opened by pasting them', async () => {
    const page = await built.open('#/', { beat: 0 })
    await page.evaluate(`(() => {
      const data = new DataTransfer()
      data.setData('text/plain', 'text\\tanswer\\r\\na letter\\tsoon\\r\\n')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })()`)
    await page.waitForURL(/#\/data\/own$/)
  })
})
