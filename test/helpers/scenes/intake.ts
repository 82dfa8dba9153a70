import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

async function showRejected(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Show what and why' }).click()
  await page.getByText('scans/2019-04 discharge').waitFor()
}

async function beginFolder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Choose a folder' }).first().click()
  await page.getByRole('button', { name: 'Stop reading' }).waitFor()
}

/** Folders of documents, and what was left out of them. */
export const INTAKE_SCENES: readonly Scene[] = [
  { name: 'intake-reading', hash: '#/data', options: { ...still, silent: ['intake:openFolder'] }, act: beginFolder },
  { name: 'intake-documents', hash: '#/data/documents', options: { ...still, silent: ['intake:openFolder'] }, act: beginFolder },
  { name: 'intake-left-out', hash: '#/data/files', options: still },
  { name: 'intake-rejected', hash: '#/data/files', options: still, act: showRejected },
  {
    name: 'intake-rows-at-fault',
    hash: '#/data',
    options: {
      ...still,
      failing: {
        'data:open':
          'Line 412 of referrals-2026.csv has 5 cells for 3 column names. Put text that holds the character between cells, or a line break, in double quotes; or choose another character between cells.'
      },
      failingCode: 'data_row_ragged'
    },
    act: (page) => page.getByRole('button', { name: 'Choose a file', exact: true }).first().click()
  }
]
