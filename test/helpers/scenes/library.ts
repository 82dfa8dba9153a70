import type { Page } from 'playwright-core'
import type { ModelId } from '../../../src/preload/contract/common.ts'
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

const startImport = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Import an adapter' }).click()
  await page.getByRole('dialog').getByText('LoRA, rank 16').waitFor()
}

const openPack = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Import a pack' }).click()
  await page.getByRole('dialog').waitFor()
}

async function askToKeep(page: Page): Promise<void> {
  await openPack(page)
  await page.getByRole('dialog').getByText('urgent').waitFor()
}

const MINILM = { id: 'minilm' as ModelId, name: 'MiniLM-L6-H384-uncased' }
const NO_BASE =
  "This adapter answers on 'MiniLM-L6-H384-uncased' alone, which is not in the library. Import that model first (SHA-256 of its weights: 4be1a6c09d2f77e1b8330c5d9e6f10427788c9d0e1f2a3b4c5d6e7f8091a2b3c), then this file again."

const packFails = (code: string, message: string): Pick<Scene, 'options'> => ({
  options: { ...still, failing: { 'packs:open': message }, failingCode: code }
})

/** The library in its states. */
export const LIBRARY_SCENES: readonly Scene[] = [
  { name: 'library-models', hash: '#/library', options: still, act: (page) => page.getByText('gpt-j-6b').first().click() },
  { name: 'library-verify', hash: '#/library', options: still, act: openMiniLm },
  { name: 'library-fit', hash: '#/library', options: still, act: fit },
  { name: 'library-import', hash: '#/library', options: still, act: askToImport },
  { name: 'library-adapters', hash: '#/library/adapters/a-7d1f0c2b4e6a8091aa', options: still },
  {
    name: 'library-adapters-stranded',
    hash: '#/library/adapters',
    options: still,
    act: (page) => page.getByRole('grid', { name: 'Small add-ons to a base model' }).getByText('topics-lora').click()
  },
  { name: 'library-adapters-empty', hash: '#/library/adapters', options: { beat: 0, failing: {} } },
  {
    name: 'library-adapters-failed',
    hash: '#/library/adapters',
    options: { ...still, failing: { 'adapters:list': 'The adapters could not be read. Try again.' } }
  },
  { name: 'library-adapter-import', hash: '#/library/adapters', options: { ...still, adapter: {} }, act: startImport },
  {
    name: 'library-adapter-import-named',
    hash: '#/library/adapters',
    options: { ...still, adapter: {} },
    act: async (page) => {
      await startImport(page)
      await page.getByRole('dialog').getByRole('textbox').fill('urgent\nsoon\nroutine')
      await page.getByText('3 of 3 named').waitFor()
    }
  },
  {
    name: 'library-adapter-import-unfit',
    hash: '#/library/adapters',
    options: {
      ...still,
      adapter: {
        bases: [],
        problem:
          'No model in the library fits this adapter. Import ward-encoder, which it was trained on, then this folder again.'
      }
    },
    act: startImport
  },
  {
    name: 'library-adapter-import-failed',
    hash: '#/library/adapters',
    options: {
      ...still,
      failing: {
        'adapters:look':
          'adapter_config.json: use_dora is true; Attune does not follow DoRA, so that the adapter would answer otherwise. Ask for a plain LoRA adapter.'
      },
      failingCode: 'adapter-config'
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Import an adapter' }).click()
      await page.getByRole('alert').waitFor()
    }
  },
  { name: 'library-data', hash: '#/library/data', options: still },
  { name: 'library-data-empty', hash: '#/library/data', options: { beat: 0 } },
  {
    name: 'library-failed',
    hash: '#/library/adapters',
    options: { ...still, failing: { 'library:adapters': 'The runs could not be read. Try again.' } }
  },
  { name: 'library-get', hash: '#/library/get', options: still },
  { name: 'library-pack', hash: '#/library', options: still, act: askToKeep },
  {
    name: 'library-pack-adapter',
    hash: '#/library',
    options: { ...still, pack: { holds: 'adapter', on: MINILM, bytes: 1_182_000 } },
    act: askToKeep
  },
  {
    name: 'library-pack-no-base',
    hash: '#/library',
    options: { ...still, pack: { holds: 'adapter', problem: NO_BASE, bytes: 1_182_000 } },
    act: askToKeep
  },
  {
    name: 'library-adapters-packed',
    hash: '#/library/adapters/a-99887766554433221100',
    options: { ...still, pack: { holds: 'adapter' } }
  },
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
