import type { Scene } from '../scenes.ts'

const marking = { filled: true, beat: 0, marking: true }

const DROP = `(() => {
  const transfer = new DataTransfer()
  transfer.items.add(new File(['a'], 'letter-01.docx'))
  const target = document.querySelector('main')
  for (const type of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }))
})()`

/** Runs that mark passages, and what they find. */
export const PASSAGE_SCENES: readonly Scene[] = [
  {
    name: 'result-passages',
    hash: '#/runs/rm',
    options: marking,
    act: async (page) => {
      await page.getByRole('button', { name: 'Label wrong' }).click()
      await page.getByText(/^The data are wrong/).waitFor()
    }
  },
  { name: 'result-marks-kinds', hash: '#/runs/rm/kinds', options: marking },
  { name: 'result-marks-confusion', hash: '#/runs/rm/confusion', options: marking },
  {
    name: 'use-marks',
    hash: '#/use/rm',
    options: marking,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'A text' }).waitFor()
      await page.evaluate(DROP)
      await page.getByRole('button', { name: 'Answer 40 rows' }).click()
      await page.getByRole('grid', { name: 'Rows of letter-01.docx' }).getByRole('row').nth(2).click()
      await page.locator('mark').first().waitFor()
    }
  },
  {
    name: 'personal-model',
    hash: '#/data/letters/personal',
    options: marking,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Also use' }).selectOption({ index: 1 })
      await page.getByText(/found by the model alone/).waitFor()
    }
  },
  { name: 'copies-empty', hash: '#/data/copies', options: marking },
  {
    name: 'copies-full',
    hash: '#/data/copies',
    options: marking,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Also use' }).selectOption({ index: 1 })
      await page.getByRole('button', { name: 'Choose the folder' }).click()
      await page.getByRole('button', { name: 'Look through it' }).click()
      await page.getByText(/would be changed/).waitFor()
    }
  },
  {
    name: 'copies-mapping',
    hash: '#/data/copies',
    options: marking,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'What is found is to be' }).selectOption('pseudonymise')
      await page.getByRole('checkbox', { name: /Keep it in an encrypted file/ }).check()
      await page.getByLabel('Passphrase', { exact: true }).fill('four words and more')
      await page.getByLabel('The same again').fill('four words')
      await page.getByText('The two differ.').waitFor()
    }
  },
  {
    name: 'result-marks-failed',
    hash: '#/runs/rm',
    options: {
      ...marking,
      failing: { 'passages:review': 'This run did not keep what it marked in the test documents. Train it again.' }
    }
  }
]
