import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }
const hash = '#/data/letters/personal'
const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click()

/** Asks for a clean version in which ids are replaced, and keeps what stands for what. */
async function keep(page: Page): Promise<void> {
  await press('Make a clean version')(page)
  await page.getByRole('checkbox', { name: /Keep it encrypted/ }).check()
  await page.getByLabel('Passphrase', { exact: true }).fill('four words and more')
  await page.getByLabel('The same again').fill('four words and more')
}

/** Personal data in a table: what was found, examples, what would be left, and every state before that. */
export const PERSONAL_SCENES: readonly Scene[] = [
  { name: 'personal-found', hash, options: still },
  { name: 'personal-none', hash: '#/data/own/personal', options: still },
  { name: 'personal-looking', hash, options: { ...still, silent: ['personal:scan'] } },
  { name: 'personal-large', hash, options: { ...still, rows: 1_000_000 } },
  {
    name: 'personal-failed',
    hash,
    options: { ...still, failing: { 'personal:scan': 'This data set is no longer there. Open its file again.' } }
  },
  { name: 'personal-examples', hash, options: still, act: press('Examples of Names in letter') },
  { name: 'personal-remaining', hash, options: still, act: press('Show what would still be visible') },
  { name: 'personal-clean', hash, options: still, act: keep },
  {
    name: 'personal-kept',
    hash,
    options: still,
    act: async (page) => {
      await keep(page)
      await press('Make it')(page)
      await page.getByText(/is kept beside version 2/).waitFor()
    }
  }
]
