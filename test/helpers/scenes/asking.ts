import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0, asked: true } as const

/** Data and runs that answer questions. */
export const ASKING_SCENES: readonly Scene[] = [
  { name: 'data-asked', hash: '#/data/asked', options: still },
  { name: 'data-questions', hash: '#/data/marked', options: { filled: true, beat: 0, marked: true }, act: writeQuestions },
  { name: 'train-asked', hash: '#/train/asked', options: still },
  { name: 'run-live-asked', hash: '#/runs/q1', options: still, act: tryQuestion }
]

async function writeQuestions(page: Page): Promise<void> {
  await page.getByLabel('What the marks are for').selectOption('question-answering')
  await page.getByRole('dialog').waitFor()
}

async function tryQuestion(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'A text to try' }).fill('This agreement is governed by the law of Norway.')
  await page.getByRole('textbox', { name: 'Question about the text' }).fill('Which law governs this contract?')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText(/^answer \d/).waitFor()
}
