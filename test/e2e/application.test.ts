import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { canBrowse } from '../helpers/browser.ts'
import { BuiltPage } from '../helpers/built-page.ts'

describe.skipIf(!canBrowse)('the built page', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())
  afterEach(() => {
    expect(built.complaints.splice(0)).toEqual([])
  })

  test('goes from Home to a tested classifier in at most five clicks and without typing', async () => {
    const page = await built.open('', { beat: 10, stride: 8 })
    const clicks = [
      () => page.getByRole('button', { name: /^Sort documents/ }),
      () => page.getByRole('link', { name: 'Continue to training' }),
      () => page.getByRole('button', { name: 'Start training' })
    ]
    for (const target of clicks) await target().click()
    await page.getByRole('heading', { name: /^Right on 134 of 158/ }).waitFor()
    expect(clicks.length).toBeLessThanOrEqual(5)
    expect(await page.title()).toBe('Clinical letters · Attune')
  })

  test('takes the same way by keyboard alone', async () => {
    const page = await built.open('', { beat: 10, stride: 8 })
    await tabTo(page, /^Sort documents/)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Continue to training' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('Nothing leaves this PC. You can stop').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { name: /^Right on 134 of 158/ }).waitFor()
    await tabTo(page, /^Errors/)
    await page.keyboard.press('ArrowRight')
    await page.getByRole('grid', { name: 'What was taken for what' }).waitFor()
    await tabTo(page, /rows of routine read as routine/)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => focused(page)).toMatch(/rows of routine read as soon/)
    await page.keyboard.press('Enter')
    await page.getByRole('article').getByText('The data say').waitFor()
    await page.keyboard.press('Alt+ArrowLeft')
    await page.waitForURL(/#\/runs\/n1$/)
  })

  test('opens a run by the command palette and gives the keyboard back', async () => {
    const page = await built.open('', { filled: true, beat: 0 })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('urgency v3')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^Right on/ }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test('moves through a long table by keyboard', async () => {
    const page = await built.open('#/data/letters', { filled: true, beat: 0 })
    await page.getByRole('row').nth(1).focus()
    await page.keyboard.press('End')
    await page.locator('[aria-rowindex="1052"]:focus').waitFor()
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('1052')
    expect(await page.getByRole('row').count()).toBeLessThan(60)
  })

  test('a table of a million rows is scrolled to its end by key and by hand, and only what is seen is drawn', async () => {
    const page = await built.open('#/data/letters', { filled: true, beat: 0, rows: 1_000_000 })
    await page.getByRole('row').nth(1).focus()
    await page.keyboard.press('End')
    await page.locator('[aria-rowindex="1000001"]:focus').waitFor()
    expect(await page.locator('[aria-rowindex="1000001"]').isVisible()).toBe(true)
    await page.keyboard.press('ArrowUp')
    await page.locator('[aria-rowindex="1000000"]:focus').waitFor()
    await page.keyboard.press('Home')
    await page.locator('[aria-rowindex="2"]:focus').waitFor()
    // As the handle of the scroll bar does: to the half, then to the end.
    const scrollTo = (share: number): Promise<unknown> => page.evaluate(`(${SCROLL})(${share})`)
    await scrollTo(0.5)
    await expect.poll(() => lines(page)).toContainEqual(expect.closeTo(500_000, -3))
    await scrollTo(1)
    await page.locator('[aria-rowindex="1000001"]').waitFor()
    expect((await lines(page)).length).toBeLessThan(60)
  })

  test('survives a reload where it is', async () => {
    const page = await built.open('#/runs/r3/classes', { filled: true, beat: 0 })
    await page.reload()
    await page.getByRole('tab', { name: 'Classes', selected: true }).waitFor()
  })

  test('asks before it discards, and says what becomes of what', async () => {
    const page = await built.open('#/runs/r5', { filled: true, beat: 0 })
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByText('The data and the model stay.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused(page)).toMatch(/Discard/)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    await page.waitForURL(/#\/runs$/)
    // The notice beside it names the run, to bring it back.
    expect(await page.locator('main').getByText('Urgency v5').count()).toBe(0)
  })

  test('reads a file dropped anywhere', async () => {
    const page = await built.open('#/settings', { beat: 5 })
    await page.evaluate(DROP_FILE)
    await page.waitForURL(/#\/data\/own$/)
    await page.getByText('Do several rows belong to one person or matter?').first().waitFor()
  })
})

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent')

/** Presses Tab until what has the keyboard is called like this. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 60; press++) {
    if (name.test((await focused(page)).trim())) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The Tab key does not reach ${name.source}.`)
}

const DROP_FILE = `
  const data = new DataTransfer()
  data.items.add(new File(['letter;urgency'], 'referrals-2026.csv'))
  document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
`

/** Which rows of the table are drawn. */
const lines = (page: Page): Promise<readonly number[]> =>
  page.evaluate<number[]>(
    "[...document.querySelectorAll('[aria-rowindex]')].map((row) => Number(row.getAttribute('aria-rowindex')))"
  )

/** Scrolls what scrolls in the table to a share of its height. */
const SCROLL = `(share) => {
  const view = [...document.querySelectorAll('[role=grid], [role=grid] *')].find(({ scrollHeight, clientHeight }) => scrollHeight > 2 * clientHeight)
  view.scrollTo({ top: share * view.scrollHeight })
}`
