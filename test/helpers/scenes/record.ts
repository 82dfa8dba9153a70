import type { Page } from 'playwright-core'
import type { FakeOptions } from '../fake-bridge/index.ts'
import type { Scene } from '../scenes.ts'

const still: FakeOptions = { filled: true, beat: 0 }

/** Projects, the bin, the record, and what is attached to a run. */
export const RECORD_SCENES: readonly Scene[] = [
  { name: 'projects-full', hash: '#/projects', options: still, act: (page) => page.getByText('referrals-2026').first().click() },
  { name: 'projects-empty', hash: '#/projects', options: { beat: 0 } },
  { name: 'projects-loading', hash: '#/projects', options: { ...still, silent: ['projects:list'] } },
  { name: 'projects-none-found', hash: '#/projects', options: still, act: search },
  { name: 'projects-destroy', hash: '#/projects', options: still, act: askToDestroy },
  {
    name: 'projects-failed',
    hash: '#/projects',
    options: { ...still, failing: { 'projects:list': 'The list of projects could not be read.' } }
  },
  { name: 'bin-full', hash: '#/settings/bin', options: still },
  { name: 'bin-empty', hash: '#/settings/bin', options: { beat: 0 } },
  { name: 'bin-loading', hash: '#/settings/bin', options: { ...still, silent: ['record:bin'] } },
  { name: 'bin-failed', hash: '#/settings/bin', options: { ...still, failing: { 'record:bin': 'The bin could not be read.' } } },
  { name: 'record-full', hash: '#/settings/record', options: still },
  {
    name: 'record-failed',
    hash: '#/settings/record',
    options: { ...still, failing: { 'record:log': 'The record could not be read.' } }
  },
  { name: 'result-marks', hash: '#/runs/r3', options: still, act: mark },
  { name: 'notice-undo', hash: '#/runs/r5', options: still, act: discard }
]

async function search(page: Page): Promise<void> {
  await page.getByRole('searchbox', { name: 'Find a project' }).fill('nothing like it')
}

async function askToDestroy(page: Page): Promise<void> {
  await page.getByText('referrals-2026').first().click()
  await page.getByRole('button', { name: 'Delete now' }).click()
}

async function mark(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^More/ }).click()
  await page.getByRole('menuitem', { name: 'Tags and note' }).click()
  await page.getByRole('textbox', { name: 'New tag' }).fill('for the ward')
  await page.keyboard.press('Enter')
}

async function discard(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
}
