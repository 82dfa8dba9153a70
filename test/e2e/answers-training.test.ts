import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { squadFile, tinyQuestions } from '../helpers/tiny-questions.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')

describe.skipIf(!canBrowse)('answering questions, in the real application', { timeout: 480_000 }, () => {
  let folder: string
  let application: Application
  let walk: Walk

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-answers-training-'))
    application = await openTestApplication(folder, { pages })
    walk = await Walk.begin(application.shell.newAddress())
  })
  afterAll(async () => {
    await walk.end('from the tile to a tested run that answers questions')
    await application.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test('leads from the tile to Start training, nothing typed', async () => {
    const { page } = walk
    await walk.button(/^Answer questions extractive question answering/)
    await page.waitForURL(/#\/data\/d-/)
    await walk.see(/^1,300 questions about 471 texts; 471 \(36\s%\) have no answer there\.$/)
    expect(await page.getByLabel('Column with the questions').inputValue()).toBe('question')
    expect(await page.getByRole('tab', { name: 'Label' }).count()).toBe(0)
    await walk.look('answers-data')
    await walk.link('Continue to training')
    await page
      .locator('.examples')
      .getByText(/^(?:first|none)$/)
      .first()
      .waitFor({ timeout: 120_000 })
    const exact = page.getByLabel('What this sets')
    expect(await exact.textContent()).toMatch(/method\s*full\s*epochs\s*14/)
    expect(await page.getByRole('button', { name: 'Start training' }).isEnabled()).toBe(true)
    expect([walk.gestures, walk.typed]).toEqual([2, 0])
    await walk.look('answers-train')
  })

  test('asks the same questions of every text where passages are marked', async () => {
    const { page } = walk
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await walk.button('Open Contracts with marked passages')
    await page.waitForURL(/#\/data\/d-/)
    await page.getByLabel('What the marks are for').selectOption('question-answering')
    await page
      .getByRole('textbox', { name: 'Question that LAW answers' })
      .fill('Which law governs it?\nWhat is the governing law?')
    await page.getByRole('textbox', { name: 'Question that AMOUNT answers' }).fill('')
    await walk.look('answers-dialog')
    await walk.button('Ask these questions')
    await walk.see(/^600 questions about 200 texts; /)
    await page.getByRole('table', { name: 'Texts with an answer, by kind of marks' }).getByText('LAW').waitFor()
    await walk.look('answers-marks')
    // And back: what is marked is found again.
    await page.getByLabel('What the marks are for').selectOption('token-classification')
    await page.getByRole('table', { name: /^4 kinds of passages/ }).waitFor()
  })

  test('takes a file in the layout of SQuAD through a training to its result, and answers a question meanwhile', async () => {
    const { page } = walk
    await walk.drop({ name: 'questions.json', bytes: Buffer.from(squadFile(150, 2)) })
    await page.waitForURL(/#\/data\/d-/)
    await walk.button('Not now')
    await walk.button('Yes, by title')
    await walk.see(/^300 questions about 150 texts; /)
    await walk.link('Continue to training')
    await walk.button('Start training')
    await page.getByText('at step').waitFor({ timeout: 120_000 })
    await page.getByText('F1 of answers and exactly right').first().waitFor()
    await walk.button('Pause')
    await page.getByText('paused', { exact: true }).first().waitFor()
    await page.getByRole('textbox', { name: 'Question about the text' }).fill(tinyQuestions.PLACE)
    await page.getByRole('textbox', { name: 'A text to try' }).fill('dab abba bed cede dace fade')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText(/^(?:answer \d+\s%|No answer in this text \(confidence \d+\s%\)\.)$/).waitFor({ timeout: 60_000 })
    await walk.look('answers-live')
    await walk.button('Resume')
    await page.getByRole('heading', { name: /^Answer(?:s|ed) \d+/ }).waitFor({ timeout: 240_000 })
    await walk.look('answers-result')
    expect(walk.complaints).toEqual([])
  })
})
