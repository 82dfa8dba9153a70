import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { DatasheetQuestion } from '../../src/preload/contract/datasheets.ts'
import { openTestApplication } from '../helpers/application.ts'
import { BuiltPage } from '../helpers/built-page.ts'
import { TestPage } from '../helpers/loopback-page.ts'

/** The browser that npm brings runs on this kind of machine only; elsewhere these tests are skipped, and say so. */
const canBrowse = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!canBrowse)('the datasheet', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())

  test('is answered and saved by keyboard, and says how much is answered', async () => {
    const page = await built.open('#/data/letters', { filled: true, beat: 0 })
    await page.getByRole('button', { name: 'Datasheet' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('4 of 21 questions answered').waitFor()
    await page.getByRole('textbox', { name: 'Whom can one ask about them?' }).focus()
    await page.keyboard.type('data@clinic.example')
    await page.getByText('5 of 21 questions answered').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('The answers are saved.').waitFor()
    await page.getByRole('button', { name: 'Datasheet' }).click()
    const kept = page.getByRole('textbox', { name: 'Whom can one ask about them?' })
    expect(await kept.inputValue()).toBe('data@clinic.example')
    expect(built.complaints.splice(0)).toEqual([])
  })
})

test('answers are there after a restart, and a page that asks otherwise is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attune-datasheet-'))
  const opened = async (use: (page: TestPage) => Promise<void>): Promise<void> => {
    const application = await openTestApplication(folder)
    try {
      await use(await TestPage.open(application.shell))
    } finally {
      await application.dispose()
    }
  }
  let id = ''
  await opened(async (page) => {
    ;({ id } = await page.call<DatasetSummary>('data:openSample', 'letters'))
    await page.call('datasheets:save', { id, answers: { purpose: 'Practice', contact: '' } })
    await expect(page.call('datasheets:save', { id, answers: { nothing: 'x' } })).rejects.toThrow(/^datasheet:/)
    await expect(page.call('datasheets:save', { id, answers: { '../x': 'x' } })).rejects.toThrow(/^bad-request/)
    await expect(page.call('datasheets:save', { id, answers: { purpose: 'x'.repeat(4001) } })).rejects.toThrow(/^bad-request/)
    await expect(page.call('datasheets:get', 'd-another')).rejects.toThrow(/^dataset-gone/)
  })
  await opened(async (page) => {
    const questions = await page.call<readonly DatasheetQuestion[]>('datasheets:get', id)
    expect(questions.filter(({ answer }) => answer !== '').map(({ key, answer }) => [key, answer])).toEqual([
      ['purpose', 'Practice']
    ])
  })
  await rm(folder, { recursive: true, force: true })
})
