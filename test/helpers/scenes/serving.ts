import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }
const start = (page: Page): Promise<void> => page.getByRole('button', { name: 'Start answering' }).click()

/** Other programs of this PC, answered by a model. */
export const SERVING_SCENES: readonly Scene[] = [
  {
    name: 'serving-off',
    hash: '#/use',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'Answer other programs' }).click()
      await page.getByRole('combobox', { name: 'Answered by' }).last().waitFor()
    }
  },
  {
    name: 'serving-on',
    hash: '#/use/programs',
    options: still,
    act: async (page) => {
      await start(page)
      await page.getByText('Urgency v3 answers other programs of this PC.').waitFor()
    }
  },
  {
    name: 'serving-opening',
    hash: '#/use/programs/e-fake',
    options: still,
    act: async (page) => {
      await page.getByRole('option', { name: /exported/ }).waitFor({ state: 'attached' })
      await start(page)
      await page.getByRole('dialog').getByRole('progressbar').waitFor()
    }
  },
  {
    name: 'serving-port-taken',
    hash: '#/use/programs',
    options: still,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Port' }).fill('8123')
      await start(page)
      await page.getByText(/Port 8123 cannot be used/).waitFor()
    }
  },
  {
    name: 'serving-elsewhere',
    hash: '#/use/programs',
    options: still,
    act: async (page) => {
      await start(page)
      await page.getByRole('button', { name: 'Close' }).last().click()
      await page.getByRole('link', { name: 'Answering programs' }).waitFor()
    }
  },
  { name: 'serving-loading', hash: '#/use/programs', options: { ...still, silent: ['serving:status'] } },
  {
    name: 'serving-failed',
    hash: '#/use/programs',
    options: {
      ...still,
      failing: { 'serving:status': 'Attune could not find out whether other programs are answered. Try again.' }
    }
  }
]
