import type { Scene } from '../scenes.ts'

const marking = { filled: true, beat: 0, marking: true }

/** Runs that mark passages. */
export const PASSAGE_SCENES: readonly Scene[] = [
  {
    name: 'result-marks',
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
    name: 'result-marks-failed',
    hash: '#/runs/rm',
    options: {
      ...marking,
      failing: { 'passages:review': 'This run did not keep what it marked in the test documents. Train it again.' }
    }
  }
]
