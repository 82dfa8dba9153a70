import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }
const surface = (page: Page) => page.getByRole('group', { name: /^Document to label/ })

async function label(page: Page): Promise<void> {
  await surface(page).focus()
  for (const key of ['2', 'Enter', '1', 'Enter', 's']) await page.keyboard.press(key)
  await page.getByText('Document 229').waitFor()
}

async function newClasses(page: Page): Promise<void> {
  for (const name of ['urgent', 'routine']) {
    await page.getByRole('textbox', { name: 'New class' }).fill(name)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: new RegExp(`^\\d ${name}`) }).waitFor()
  }
  await surface(page).focus()
  for (const key of ['1', 'Enter', '2', 'Enter']) await page.keyboard.press(key)
}

async function suggest(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^Suggestions by/ }).click()
  await page.getByRole('button', { name: /suggested with/ }).waitFor()
}

async function fail(page: Page): Promise<void> {
  await surface(page).focus()
  await page.keyboard.press('1')
  await page.getByRole('button', { name: 'Retry' }).waitFor()
}

/** Labelling and versions in their states. */
export const DATA_SCENES: readonly Scene[] = [
  { name: 'label-full', hash: '#/data/letters/label', options: still, act: label },
  {
    name: 'label-agreement',
    hash: '#/data/letters/label',
    options: still,
    act: (page) => page.getByRole('button', { name: 'Compare two people' }).click()
  },
  { name: 'label-bare', hash: '#/data/files/label', options: still },
  { name: 'label-new', hash: '#/data/files/label', options: still, act: newClasses },
  { name: 'label-suggested', hash: '#/data/letters/label', options: still, act: suggest },
  {
    name: 'label-unsaved',
    hash: '#/data/letters/label',
    options: {
      ...still,
      failing: {
        'labels:mark': 'This mark could not be saved: the disk refused it. Make room or reconnect the drive, then try again.'
      }
    },
    act: fail
  },
  { name: 'label-loading', hash: '#/data/letters/label', options: { ...still, silent: ['labels:open'] } },
  {
    name: 'label-failed',
    hash: '#/data/letters/label',
    options: {
      ...still,
      failing: { 'labels:open': 'These data predict a number. To label them with classes, choose "as a class" above.' }
    }
  },
  {
    name: 'label-class',
    hash: '#/data/letters/label',
    options: still,
    act: (page) => page.getByRole('button', { name: 'Rename soon or change its key' }).click()
  },
  { name: 'data-findings-long', hash: '#/data/letters/findings', options: { ...still, long: true } },
  { name: 'data-finding', hash: '#/data/letters/findings/unlabelled', options: still },
  {
    name: 'data-fixed',
    hash: '#/data/letters/findings',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'Drop these rows' }).click()
      await page.getByRole('button', { name: 'Undo' }).waitFor()
    }
  },
  {
    name: 'data-classes',
    hash: '#/data/letters',
    options: still,
    act: (page) => page.getByRole('button', { name: 'Rename or merge' }).click()
  },
  {
    name: 'data-read',
    hash: '#/data/letters',
    options: still,
    act: (page) => page.getByRole('button', { name: 'Change', exact: true }).first().click()
  },
  {
    name: 'data-split',
    hash: '#/data/letters',
    options: still,
    act: (page) => page.getByRole('button', { name: 'Edit', exact: true }).click()
  },
  { name: 'label-documents', hash: '#/data/documents', options: { beat: 0 } }
]
