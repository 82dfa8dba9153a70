import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

const DROP = `(() => {
  const transfer = new DataTransfer()
  transfer.items.add(new File(['a'], 'letters-october.xlsx'))
  const target = document.querySelector('main')
  for (const type of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }))
})()`

async function bring(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Texts, one a line' }).waitFor()
  await page.evaluate(DROP)
  await page.getByText('letters-october.xlsx', { exact: true }).waitFor()
}

async function preview(page: Page): Promise<void> {
  await bring(page)
  await page.getByRole('button', { name: 'Try the first 100' }).click()
  await page.getByText(/answers need a person/).waitFor()
}

async function under(page: Page): Promise<void> {
  await bring(page)
  await page.getByRole('button', { name: /^Answer 2.400 rows$/ }).click()
  await page.getByRole('progressbar').first().waitFor()
}

/** Tables and documents on their way through a run. */
export const USE_SCENES: readonly Scene[] = [
  { name: 'use-table-ready', hash: '#/use', options: still, act: bring },
  { name: 'use-table-preview', hash: '#/use', options: still, act: preview },
  { name: 'use-table-answering', hash: '#/use', options: still, act: under },
  {
    name: 'use-table-failed',
    hash: '#/use',
    options: {
      ...still,
      failing: { 'use:open': 'letters-october.xlsx is password-protected. Remove the password in Excel and drop it again.' }
    },
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Texts, one a line' }).waitFor()
      await page.evaluate(DROP)
      await page.getByRole('alert').waitFor()
    }
  }
]
