import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }
const surface = (page: Page) => page.getByRole('group', { name: /^Document to mark/ })

async function mark(page: Page): Promise<void> {
  await surface(page).focus()
  for (const key of ['PageUp', 'Tab', 'Tab']) await page.keyboard.press(key)
}

async function suggest(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^Suggestions by/ }).click()
  await page.getByText('2 suggestions.').waitFor()
}

async function fail(page: Page): Promise<void> {
  await surface(page).focus()
  await page.keyboard.press('2')
  await page.getByRole('button', { name: 'Retry' }).waitFor()
}

async function begin(page: Page): Promise<void> {
  const way = page.getByRole('combobox', { name: 'What to do with each text' })
  await way.selectOption({ label: 'Find and mark passages' })
  await page.getByText('Name the first kind of passage').waitFor()
}

async function compare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Compare two people' }).click()
  await page.getByRole('list', { name: 'Documents that are marked differently' }).getByRole('button').first().click()
  await page.getByRole('group', { name: 'Keep' }).waitFor()
}

async function readAnew(page: Page): Promise<void> {
  await compare(page)
  await page.getByRole('button', { name: 'Have a third person read it…' }).click()
  await page.getByRole('textbox', { name: 'Name, kept on this PC' }).fill('Dr. Okafor')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Take this as right' }).waitFor()
}

const refused = 'This mark could not be saved: the disk refused it. Make room or reconnect the drive, then try again.'

/** Marking passages in its states. */
export const MARK_SCENES: readonly Scene[] = [
  { name: 'mark-full', hash: '#/data/own/label', options: still, act: mark },
  { name: 'mark-suggested', hash: '#/data/own/label', options: still, act: suggest },
  { name: 'mark-agreement', hash: '#/data/own/label', options: still, act: compare },
  { name: 'mark-third', hash: '#/data/own/label', options: still, act: readAnew },
  { name: 'mark-bare', hash: '#/data/files/label', options: still, act: begin },
  { name: 'mark-unsaved', hash: '#/data/own/label', options: { ...still, failing: { 'marking:change': refused } }, act: fail }
]
