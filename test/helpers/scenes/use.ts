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

async function shade(page: Page): Promise<void> {
  await preview(page)
  await page.getByRole('grid', { name: 'Rows of letters-october.xlsx' }).getByRole('row').nth(2).click()
  await page.getByRole('checkbox', { name: /^Shade the words/ }).check()
  await page.getByText('Hints, not reasons.').waitFor()
}

async function shadePasted(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Texts, one a line' }).fill('Sudden loss of vision in one eye\nA new pair of glasses')
  await page.getByRole('button', { name: 'Answer 2 texts' }).click()
  await page.getByRole('grid', { name: 'Answers' }).getByRole('row').nth(1).click()
  await page.getByRole('checkbox', { name: /^Shade the words/ }).check()
  await page.getByText('Hints, not reasons.').waitFor()
}

/** Tables and documents on their way through a run. */
export const USE_SCENES: readonly Scene[] = [
  {
    name: 'use-adapter',
    hash: '#/use/a-7d1f0c2b4e6a8091aa',
    options: still,
    act: async (page) => {
      await page
        .getByRole('textbox', { name: 'Texts, one a line' })
        .fill('Sudden loss of vision in one eye\nA new pair of glasses')
      await page.getByRole('button', { name: 'Answer 2 texts' }).click()
      await page.getByRole('grid', { name: 'Answers' }).waitFor()
    }
  },
  { name: 'use-table-ready', hash: '#/use', options: still, act: bring },
  { name: 'use-table-preview', hash: '#/use', options: still, act: preview },
  { name: 'use-table-shaded', hash: '#/use', options: still, act: shade },
  { name: 'use-shaded', hash: '#/use', options: still, act: shadePasted },
  {
    name: 'use-shaded-failed',
    hash: '#/use',
    options: { ...still, failing: { 'results:attribute': 'The model of this run is not where it was. Put it back.' } },
    act: async (page) => {
      await preview(page)
      await page.getByRole('grid', { name: 'Rows of letters-october.xlsx' }).getByRole('row').nth(2).click()
      await page.getByRole('checkbox', { name: /^Shade the words/ }).check()
      await page.getByRole('alert').waitFor()
    }
  },
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
