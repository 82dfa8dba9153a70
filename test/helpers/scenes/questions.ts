import { contract } from '../fake-bridge/questions.ts'
import type { Scene } from '../scenes.ts'

const asking = { filled: true, beat: 0, asking: true }

const DROP = `(() => {
  const transfer = new DataTransfer()
  transfer.items.add(new File(['a'], 'contract-01.docx'))
  const target = document.querySelector('main')
  for (const type of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }))
})()`

/** Runs that answer questions. */
export const QUESTION_SCENES: readonly Scene[] = [
  {
    name: 'result-questions',
    hash: '#/runs/rq',
    options: asking,
    act: async (page) => {
      await page.getByRole('button', { name: 'Label wrong' }).click()
      await page.getByText(/^The data are wrong/).waitFor()
    }
  },
  { name: 'result-questions-each', hash: '#/runs/rq/questions', options: asking },
  { name: 'result-questions-none', hash: '#/runs/rq/none', options: asking },
  { name: 'result-questions-folds', hash: '#/runs/rq/none', options: { ...asking, folded: true } },
  {
    name: 'use-questions',
    hash: '#/use/rq',
    options: asking,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'A text' }).waitFor()
      await page.evaluate(DROP)
      await page.getByRole('button', { name: 'Answer 40 rows' }).click()
      await page.getByRole('grid', { name: 'Rows of contract-01.docx' }).getByRole('row').nth(2).click()
      await page.locator('mark').first().waitFor()
    }
  },
  {
    name: 'use-questions-text',
    hash: '#/use/rq',
    options: asking,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'A text' }).fill(contract(0).text)
      await page.getByRole('button', { name: 'Answer 1 text' }).click()
      await page.getByRole('grid', { name: 'Answers' }).getByRole('row').nth(1).click()
      await page.locator('mark').first().waitFor()
    }
  }
]
