import type { Page } from 'playwright-core'
import type { FakeOptions } from '../fake-bridge/index.ts'
import { EXAMPLES } from '../gallery/examples.ts'
import { galleryPages } from '../gallery/shown.ts'
import type { Scene } from '../scenes.ts'

const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click()

const unread: FakeOptions = {
  filled: true,
  beat: 0,
  failing: { 'data:open': EXAMPLES.data_encoding_mixed ?? '' },
  failingCode: 'data_encoding_mixed'
}

/** Every code of the catalogue as the application shows it, a dozen to a page; a file that is read otherwise; a failure far from where it is mended. */
export const FAILURE_SCENES: readonly Scene[] = [
  ...galleryPages().map((_, page) => ({
    name: `failures-${page + 1}`,
    hash: `gallery/index.html#${page + 1}`,
    options: { beat: 0 }
  })),
  { name: 'failure-unread', hash: '#/', options: unread, act: press('Choose a file') },
  { name: 'failure-read-as', hash: '#/', options: unread, act: chooseReading },
  {
    name: 'failure-notice',
    hash: '#/settings/storage',
    options: {
      filled: true,
      beat: 0,
      failing: { 'storage:emptyCaches': EXAMPLES['disk-failing'] ?? '' },
      failingCode: 'disk-failing'
    },
    act: press('Empty caches')
  }
]

async function chooseReading(page: Page): Promise<void> {
  await press('Choose a file')(page)
  await press('Choose how it is read')(page)
}
