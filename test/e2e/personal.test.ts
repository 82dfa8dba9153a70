import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BuiltPage } from '../helpers/built-page.ts'

/** The browser that npm brings runs on this kind of machine only; elsewhere these tests are skipped, and say so. */
const canBrowse = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!canBrowse)('personal data on the Data screen', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())

  test('is looked at by keyboard, taken out in a new version, and Ctrl+Z goes back', async () => {
    const page = await built.open('#/data/letters', { filled: true, beat: 0 })
    await page.getByRole('tab', { name: /^Personal data/ }).click()
    const examples = page.getByRole('button', { name: 'Examples of Names in letter' })
    await examples.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('Ingrid Halden').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const change = page.getByRole('button', { name: 'Make a clean version' })
    await page.getByRole('combobox', { name: 'All of them' }).selectOption({ label: 'Leave' })
    expect(await change.isDisabled()).toBe(true)
    await page.getByRole('combobox', { name: 'What to do with Names in letter' }).selectOption({ label: 'Mask' })
    await page.getByText('1,684 passages would change').waitFor()
    await change.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/#\/data\/letters-2\/personal$/)
    await page.getByText('New version: Personal data: 4,266 passages changed').waitFor()
    await page.getByText('Personal data were taken out of this version').waitFor()
    await page.keyboard.press('Control+z')
    await page.waitForURL(/#\/data\/letters\/personal$/)
    expect(built.complaints.splice(0)).toEqual([])
  })
})
