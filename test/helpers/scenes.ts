import type { Page } from 'playwright-core'
import { devicesScenes } from './scenes/devices.ts'
import { diagnosticsScenes } from './scenes/diagnostics.ts'
import type { FakeOptions } from './fake-bridge/index.ts'
import { DATA_SCENES } from './scenes/data.ts'
import { MARK_SCENES } from './scenes/mark.ts'
import { INTAKE_SCENES } from './scenes/intake.ts'
import { ASKING_SCENES } from './scenes/asking.ts'
import { MARKING_SCENES } from './scenes/marking.ts'
import { SCRUTINY_SCENES } from './scenes/scrutiny.ts'
import { SUPERVISION_SCENES } from './scenes/supervision.ts'
import { COMPARE_SCENES } from './scenes/compare.ts'
import { LIBRARY_SCENES } from './scenes/library.ts'
import { VAULT_SCENES } from './scenes/vault.ts'
import { STORAGE_SCENES } from './scenes/storage.ts'
import { DATASHEET_SCENES } from './scenes/datasheet.ts'
import { PASSAGE_SCENES } from './scenes/passages.ts'
import { QUESTION_SCENES } from './scenes/questions.ts'
import { PERSONAL_SCENES } from './scenes/personal.ts'
import { EXPORT_SCENES } from './scenes/exports.ts'
import { SERVING_SCENES } from './scenes/serving.ts'
import { USE_SCENES } from './scenes/use.ts'

import { FAILURE_SCENES } from './scenes/failures.ts'
import { PRIVACY_SCENES } from './scenes/privacy.ts'
import { RECORD_SCENES } from './scenes/record.ts'
import { RESULT_SCENES } from './scenes/results.ts'

export interface Scene {
  readonly name: string
  readonly hash: string
  readonly options: FakeOptions
  readonly preferences?: Readonly<Record<string, string>>
  /** Brings the page from its opening into the state that is meant. */
  readonly act?: (page: Page) => Promise<unknown>
}

const still: FakeOptions = { filled: true, beat: 0 }
const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click()

/** Every screen in its states. */
export const SCENES: readonly Scene[] = [
  { name: 'home-empty', hash: '#/', options: { beat: 0 } },
  { name: 'home-full', hash: '#/', options: still },
  { name: 'home-loopback', hash: '#/', options: { beat: 0, shell: 'loopback' } },
  {
    name: 'home-failed',
    hash: '#/',
    options: {
      ...still,
      failing: {
        'data:samples': 'The practice data could not be read.',
        'data:open': 'letters.xlsx is password-protected. Remove the password in Excel and drop it again.'
      }
    },
    act: press('Choose a file')
  },
  { name: 'data-empty', hash: '#/data', options: { beat: 0 } },
  { name: 'data-list', hash: '#/data', options: still },
  { name: 'data-full', hash: '#/data/letters', options: still },
  { name: 'data-question', hash: '#/data/own', options: still },
  { name: 'data-findings', hash: '#/data/letters/findings', options: still },
  { name: 'data-loading', hash: '#/data/letters', options: { ...still, silent: ['data:report', 'data:rows'] } },
  { name: 'data-looking', hash: '#/data/letters', options: { ...still, looking: true, silent: ['data:report'] } },
  {
    name: 'data-failed',
    hash: '#/data/letters',
    options: { ...still, failing: { 'data:get': 'clinical-letters.csv is no longer where it was. Open it again.' } }
  },
  { name: 'train-full', hash: '#/train/letters', options: still },
  { name: 'train-loading', hash: '#/train/letters', options: { ...still, silent: ['runs:plan', 'runs:settings'] } },
  { name: 'train-looking', hash: '#/train/letters', options: { ...still, looking: true, silent: ['data:report', 'runs:plan'] } },
  { name: 'train-nodata', hash: '#/train', options: { beat: 0 } },
  {
    name: 'train-failed',
    hash: '#/train/letters',
    options: { ...still, failing: { 'runs:plan': 'The model folder has changed since it was added. Add it again.' } }
  },
  {
    name: 'train-adapter',
    hash: '#/library/adapters/a-7d1f0c2b4e6a8091aa',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'Train it further' }).click()
      await page.getByRole('combobox', { name: 'Start from' }).waitFor()
    }
  },
  { name: 'train-settings', hash: '#/train/letters', options: still, act: changeSetting },
  { name: 'train-blocked', hash: '#/train/letters', options: still, act: askTooMuch },
  { name: 'run-live', hash: '#/runs/r5', options: still },
  {
    name: 'run-live-cost',
    hash: '#/runs/r5',
    options: still,
    act: (page) => page.getByRole('tab', { name: 'Cost' }).click()
  },
  {
    name: 'run-held-up',
    hash: '#/runs/r5',
    options: { ...still, heldUp: 'rows' },
    act: (page) => page.getByRole('tab', { name: 'Cost' }).click()
  },
  {
    name: 'run-held-up-disk',
    hash: '#/runs/r5',
    options: { ...still, heldUp: 'disk' },
    act: (page) => page.getByRole('tab', { name: 'Cost' }).click()
  },
  { name: 'run-log', hash: '#/runs/r5', options: still, act: (page) => page.getByRole('tab', { name: 'Log' }).click() },
  { name: 'run-try', hash: '#/runs/r5', options: still, act: tryText },
  { name: 'run-stop', hash: '#/runs/r5', options: still, act: press('Stop and keep best') },
  { name: 'run-queued', hash: '#/runs/r6', options: still },
  { name: 'run-failed', hash: '#/runs/r4', options: still },
  { name: 'run-gone', hash: '#/runs/nowhere', options: still },
  { name: 'result-errors', hash: '#/runs/r3', options: still },
  { name: 'result-confusion', hash: '#/runs/r3/confusion', options: still },
  { name: 'result-classes', hash: '#/runs/r3/classes', options: still },
  { name: 'result-calibration', hash: '#/runs/r3/calibration', options: still },
  { name: 'result-settings', hash: '#/runs/r3/settings', options: still },
  { name: 'result-worse', hash: '#/runs/bad', options: still },
  { name: 'result-loading', hash: '#/runs/r3', options: { ...still, silent: ['runs:result'] } },
  ...PRIVACY_SCENES,
  ...FAILURE_SCENES,
  ...RECORD_SCENES,
  ...RESULT_SCENES,
  ...PASSAGE_SCENES,
  ...QUESTION_SCENES,
  { name: 'runs-full', hash: '#/runs', options: still, act: selectTwo },
  { name: 'runs-empty', hash: '#/runs', options: { beat: 0 } },
  ...DATA_SCENES,
  ...MARK_SCENES,
  ...INTAKE_SCENES,
  ...MARKING_SCENES,
  ...ASKING_SCENES,
  ...SCRUTINY_SCENES,
  ...COMPARE_SCENES,
  ...VAULT_SCENES,
  { name: 'use-full', hash: '#/use', options: still, act: useTexts },
  ...USE_SCENES,
  ...DATASHEET_SCENES,
  ...PERSONAL_SCENES,
  ...EXPORT_SCENES,
  ...SERVING_SCENES,
  { name: 'use-empty', hash: '#/use', options: { beat: 0 } },
  ...LIBRARY_SCENES,
  { name: 'settings-privacy', hash: '#/settings', options: still },
  { name: 'settings-appearance', hash: '#/settings/appearance', options: still },
  ...STORAGE_SCENES,
  ...SUPERVISION_SCENES,
  ...devicesScenes,
  ...diagnosticsScenes,
  { name: 'palette', hash: '#/', options: still, act: (page) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', hash: '#/', options: still, act: (page) => page.keyboard.press('?') }
]

async function changeSetting(page: Page): Promise<void> {
  await press('All settings')(page)
  await page.getByRole('textbox', { name: 'method.r', exact: true }).fill('16')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Reset method.r', exact: true }).waitFor()
}

async function askTooMuch(page: Page): Promise<void> {
  await press('All settings')(page)
  await page.getByRole('textbox', { name: 'training.per_device_train_batch_size' }).fill('512')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Use batch 4 (fits)' }).waitFor()
}

async function tryText(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'A text to try' }).fill('Crushing chest pain since this morning.')
  await press('Ask')(page)
}

async function selectTwo(page: Page): Promise<void> {
  await page.getByRole('checkbox').nth(0).click()
  await page.getByRole('checkbox').nth(1).click()
}

async function useTexts(page: Page): Promise<void> {
  const texts = [
    'Crushing chest pain since this morning.',
    'Longstanding mild eczema of both hands.',
    'Weight loss of 9 kg and a lump in the neck.'
  ]
  await page.getByRole('textbox', { name: 'Texts, one a line' }).fill(texts.join('\n'))
  await press('Answer 3 texts')(page)
}
