import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }
const open = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Datasheet' }).click()
  await page.getByRole('dialog').getByRole('status').or(page.getByRole('dialog').getByRole('alert')).waitFor()
}

/** The questions about a data set. */
export const DATASHEET_SCENES: readonly Scene[] = [
  { name: 'datasheet', hash: '#/data/letters', options: still, act: open },
  {
    name: 'datasheet-failed',
    hash: '#/data/letters',
    options: { ...still, failing: { 'datasheets:get': 'The answers could not be read. Try again.' } },
    act: open
  }
]
