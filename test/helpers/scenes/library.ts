import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }
const LIST = { name: 'Models on this PC' }

async function openMiniLm(page: Page): Promise<void> {
  await page.getByRole('grid', LIST).getByText('MiniLM-L6-H384-uncased').click()
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText('tokenizer.json: changed').waitFor()
}

async function fit(page: Page): Promise<void> {
  await page.getByRole('grid', LIST).waitFor()
  await page.getByLabel('Look at the texts of').selectOption({ index: 1 })
  await page.getByText(/of the words stay whole/).waitFor()
}

const askToImport = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Import a model folder' }).click()
  await page.getByRole('dialog').getByText('Leave it where it is').waitFor()
}

const openPack = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Import a packed model' }).click()
  await page.getByRole('dialog').waitFor()
}

async function askToKeep(page: Page): Promise<void> {
  await openPack(page)
  await page.getByRole('dialog').getByText('urgent').waitFor()
}

const packFails = (code: string, message: string): Pick<Scene, 'options'> => ({
  options: { ...still, failing: { 'packs:open': message }, failingCode: code }
})

/** The library in its states. */
export const LIBRARY_SCENES: readonly Scene[] = [
  { name: 'library-models', hash: '#/library', options: still, act: (page) => page.getByText('gpt-j-6b').first().click() },
  { name: 'library-verify', hash: '#/library', options: still, act: openMiniLm },
  { name: 'library-fit', hash: '#/library', options: still, act: fit },
  { name: 'library-import', hash: '#/library', options: still, act: askToImport },
  { name: 'library-adapters', hash: '#/library/adapters', options: still },
  { name: 'library-data', hash: '#/library/data', options: still },
  { name: 'library-data-empty', hash: '#/library/data', options: { beat: 0 } },
  {
    name: 'library-failed',
    hash: '#/library/adapters',
    options: { ...still, failing: { 'library:adapters': 'The runs could not be read. Try again.' } }
  },
  { name: 'library-get', hash: '#/library/get', options: still },
  { name: 'library-pack', hash: '#/library', options: still, act: askToKeep },
  { name: 'library-pack-unpacking', hash: '#/library', options: { ...still, silent: ['packs:open'] }, act: openPack },
  {
    name: 'library-pack-locked',
    hash: '#/library',
    ...packFails('pack-locked', '"urgency-ward-3.attune" is encrypted. Give the passphrase that it was made with.'),
    act: openPack
  },
  {
    name: 'library-pack-wrong',
    hash: '#/library',
    ...packFails('pack-passphrase', 'This is not the passphrase of "urgency-ward-3.attune". Ask whoever made it.'),
    act: openPack
  },
  {
    name: 'library-pack-failed',
    hash: '#/library',
    ...packFails('pack-damaged', '"urgency-ward-3.attune" is damaged or was cut off. Copy it again from where it was made.'),
    act: openPack
  }
]
