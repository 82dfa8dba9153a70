import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { BuiltPage } from '../helpers/built-page.ts'

/** The browser that npm brings runs on this kind of machine only; elsewhere these tests are skipped, and say so. */
const canBrowse = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!canBrowse)('labelling', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())
  afterEach(() => {
    expect(built.complaints.splice(0)).toEqual([])
  })

  const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key)
      // A mark is shown when it is saved; only then does the next key mean the next document.
      await page.waitForTimeout(15)
    }
  }

  async function tabTo(page: Page, name: RegExp): Promise<void> {
    for (let i = 0; i < 60; i++) {
      const label =
        (await page
          .locator(':focus')
          .getAttribute('aria-label', { timeout: 1000 })
          .catch(() => null)) ?? ''
      if (name.test(label)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Nothing called ${name} has the keyboard.`)
  }

  test('leads by keyboard alone from documents without labels to training', async () => {
    const page = await built.open('#/data/files/label', { filled: true, beat: 0 })
    await page.getByText('Name the first class').waitFor()
    expect(await page.getByRole('button', { name: 'Continue to training' }).isDisabled()).toBe(true)
    await tabTo(page, /^New class$/)
    for (const name of ['urgent', 'routine']) {
      await page.keyboard.type(name)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: new RegExp(`^\\d ${name}`) }).waitFor()
    }
    await tabTo(page, /^Document to label/)
    for (let i = 0; i < 10; i++) await press(page, '1', 'Enter', '2', 'Enter')
    await page.getByText('20 of 1,051 rows labelled. 20 marks are not in a version').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(/#\/train\/files-2$/)
  })

  test('undoes, skips and moves with single keys, and only inside its surface', async () => {
    const page = await built.open('#/data/files/label', { filled: true, beat: 0 })
    await page.getByRole('textbox', { name: 'New class' }).fill('1 urgent s')
    await page.keyboard.press('Enter')
    await page.getByText('Every mark is saved at once').waitFor({ state: 'detached' })
    expect(await page.getByText('0 of 1,051 rows labelled.').count()).toBe(1)
    await page.getByRole('group', { name: /^Document to label/ }).focus()
    await press(page, '1')
    await page.getByText('1 of 1,051 rows labelled.').waitFor()
    await press(page, 'Control+z')
    await page.getByText('0 of 1,051 rows labelled.').waitFor()
    await press(page, 's')
    await page.getByText('Document 2 of 1,051').waitFor()
    await press(page, 'ArrowDown')
    await page.getByText('Document 3 of 1,051').waitFor()
    await press(page, 'ArrowUp')
    await page.getByText('Document 2 of 1,051').waitFor()
  })

  test('takes no further mark while one is not saved', async () => {
    const failing = { 'labels:mark': 'This mark could not be saved: the disk refused it.' }
    const page = await built.open('#/data/letters/label', { filled: true, beat: 0, failing })
    await page.getByRole('group', { name: /^Document to label/ }).focus()
    await page.keyboard.press('1')
    await page.getByRole('alert').getByText('Not saved.').waitFor()
    expect(await page.getByRole('button', { name: /^2 routine/ }).isDisabled()).toBe(true)
    await press(page, 'Enter', '2')
    await page.getByText('Document 4 of 1,051').waitFor()
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(1)
  })
})
