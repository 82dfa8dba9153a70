import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 } as const

/** A closer look at data. */
export const SCRUTINY_SCENES: readonly Scene[] = [
  {
    name: 'data-closer',
    hash: '#/data/letters/findings',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'Look closer' }).click()
      await page.getByText('Looked closer').waitFor()
    }
  },
  {
    name: 'data-doubtful',
    hash: '#/data/letters/findings',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'Look closer' }).click()
      await page.getByRole('link', { name: /doubted by a keyword model/ }).click()
      await page.getByText('rather than').first().waitFor()
    }
  }
]
