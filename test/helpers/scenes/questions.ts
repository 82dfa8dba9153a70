import type { Scene } from '../scenes.ts'

const asking = { filled: true, beat: 0, asking: true }

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
  { name: 'result-questions-none', hash: '#/runs/rq/none', options: asking }
]
