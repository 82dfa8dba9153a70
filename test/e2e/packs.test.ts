import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Encrypter } from 'age-encryption'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { attune } from '../helpers/attune.ts'
import { canBrowse, launchBrowser } from '../helpers/browser.ts'
import { makeTinyProject } from '../helpers/tiny-project.ts'

const passphrase = 'four words are better'
const training = { num_train_epochs: 2, early_stopping: null, bootstrap_resamples: 50, baselines: false }

describe.skipIf(!canBrowse)('a packed model in a browser', () => {
  let root: string
  let pack: string
  let adapter: string
  let application: Application
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'attune-packs-e2e-'))
    const home = join(root, 'home')
    await mkdir(home)
    const project = await makeTinyProject(join(root, 'project'))
    await attune(['train', await project.config('letters', training)], { home })
    pack = join(root, 'letters.attune')
    const words = ['export', join(project.folder, 'runs/letters-1'), '--format', 'attune', '--out', pack]
    const made = await attune(words, { home })
    expect(made.code, made.stderr).toBe(0)
    adapter = join(root, 'ward.attune')
    const alone = await attune([...words.slice(0, -1), adapter, '--adapter'], { home })
    expect(alone.code, alone.stderr).toBe(0)
    // Encrypted as Attune does it, but quickly opened.
    const encrypter = new Encrypter()
    encrypter.setPassphrase(passphrase)
    encrypter.setScryptWorkFactor(8)
    await writeFile(pack, await encrypter.encrypt(await readFile(pack)))
    await mkdir(join(root, 'app'))
    application = await openTestApplication(join(root, 'app'), { pages: resolve(import.meta.dirname, '../../out/renderer') })
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  })

  afterAll(async () => {
    await browser.close()
    await application.dispose()
    await rm(root, { recursive: true, force: true })
  })

  test('is unlocked by keyboard, shown, imported, and answers in Use', { timeout: 90_000 }, async () => {
    await page.goto(application.shell.newAddress())
    await page.getByRole('link', { name: 'Library' }).click()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Import a pack' }).click()
    await (await chooser).setFiles(pack)
    const dialog = page.getByRole('dialog')
    const secret = page.getByLabel('Passphrase', { exact: true })
    await secret.fill('not this one')
    await page.keyboard.press('Enter')
    expect(await dialog.getByRole('alert').locator('p').innerText()).toBe(
      'This is not the passphrase of "letters.attune". Ask whoever made it.'
    )
    await secret.fill(passphrase)
    await page.keyboard.press('Enter')
    await dialog.getByText('bad, good and odd').waitFor()
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('letters is ready').waitFor()
    await page.getByRole('link', { name: 'Use on documents' }).click()
    await page.getByRole('textbox', { name: 'Texts, one a line' }).fill('dab abba bed\ncede cab')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('grid').getByText('dab abba bed').waitFor()
    expect(await readdir(join(root, 'app/data/models'))).toHaveLength(1)
  })

  test('of an adapter goes onto the model that it was made from, and answers beside it', { timeout: 90_000 }, async () => {
    await page.getByRole('link', { name: 'Library' }).click()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Import a pack' }).click()
    await (await chooser).setFiles(adapter)
    const dialog = page.getByRole('dialog')
    // The practice model of the tests is the one that the run was made from.
    await dialog.getByText('Practice model of the library, which is the model that it was made from').waitFor()
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('ward is ready: it answers in Use, on Practice model.').waitFor()
    await page.getByText('Tested by its maker').waitFor()
    await page.getByRole('link', { name: 'Use', exact: true }).last().click()
    const texts = page.getByRole('textbox', { name: 'Texts, one a line' })
    await texts.fill('dab abba bed\ncede cab')
    const grid = page.getByRole('grid', { name: 'Answers' })
    await page.getByRole('button', { name: 'Answer 2 texts' }).click()
    await grid.getByText('dab abba bed').waitFor()
    const answers = async (): Promise<readonly string[]> => (await grid.getByRole('row').allInnerTexts()).slice(1)
    const first = await answers()
    // The merged model and the adapter are of one run.
    await page.getByRole('combobox').first().selectOption({ label: 'letters · imported' })
    await page.getByRole('button', { name: 'Answer 2 texts' }).click()
    await grid.getByText('dab abba bed').waitFor()
    expect(await answers()).toEqual(first)
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('is taken wherever it is dropped, and leaves nothing where it is not wanted', async () => {
    await page.getByRole('link', { name: 'Home' }).click()
    await page.evaluate(`
      const data = new DataTransfer()
      data.items.add(new File(['no pack at all'], 'broken.attune'))
      document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
    `)
    const dialog = page.getByRole('dialog', { name: 'This file cannot be imported' })
    await dialog.getByText('"broken.attune" is damaged or was cut off.').first().waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await readdir(join(root, 'app/data/models'))).toHaveLength(1)
  })
})
