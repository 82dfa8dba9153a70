import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import readExcelFile from 'read-excel-file/node'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { processesWith } from '../helpers/attune.ts'
import { canBrowse } from '../helpers/browser.ts'
import { letterFiles, patientCsv, patientJsonLines, patientWorkbook } from '../helpers/patient-files.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')
const QUESTION = 'Do several rows belong to one person or matter?'
const LETTERS = patientCsv('letters.csv', 120)

let folder: string
let application: Application
let walk: Walk

async function opened(name: string, noModel = false): Promise<void> {
  const root = join(folder, name)
  await mkdir(root)
  application = await openTestApplication(root, { pages, noModel })
  // A second model of the person's own, to be found with the picker.
  await mkdir(join(root, 'models'))
  await cp(join(root, 'tiny/model'), join(root, 'models/ward-bert'), { recursive: true })
}

/** Trainers that work in a data folder below `root`; the browser, which has the same in its environment, is none. */
async function trainersIn(root: string): Promise<readonly number[]> {
  const pids = await processesWith(`ATTUNE_CACHE=${root}`)
  // One that has gone meanwhile is none.
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, i) => commands[i]!.includes('trainer'))
}

const begin = async (): Promise<void> => void (walk = await Walk.begin(application.shell.newAddress()))

/** Drops letters of patients that return, and answers what has to be answered. */
async function bringLetters(isFirst: boolean): Promise<void> {
  await walk.drop(LETTERS)
  if (isFirst) await walk.button('Not now')
  await walk.see(QUESTION)
  await walk.button('Yes, by patient_id')
  await walk.link('Continue to training')
}

/** Adds the model folder with the picker of the machine that Attune runs on. */
async function addModel(): Promise<void> {
  await walk.button('Import a model folder')
  const dialog = walk.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'models', exact: true }).waitFor()
  await walk.button('models')
  await walk.button('ward-bert')
  // Until it is opened, the button would take the folder above it.
  await dialog.getByText('No folders in here.').waitFor()
  await walk.look('b-picker')
  await walk.page.keyboard.press('Control+Enter')
  await walk.button('Import')
  await walk.see('ward-bert is ready.')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-paths-'))
})
afterEach(async () => {
  expect(walk.complaints).toEqual([])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(!canBrowse)('with a model on the machine', { timeout: 150_000 }, () => {
  beforeAll(() => opened('first'))
  afterAll(() => application.dispose())

  test('a CSV of patients that return: five gestures from the file to a result', async () => {
    await begin()
    await walk.look('home')
    await bringLetters(true)
    await walk.look('a-train')
    expect(await walk.train()).toMatch(/ of \d+/)
    await walk.look('a-result')
    expect(walk.gestures).toBe(5)
    expect(walk.typed).toBe(0)
    await walk.end('CSV with repeated ids, to the result')
  })

  test("one's own model folder: named with its size, chosen for training, trained", async () => {
    await begin()
    await walk.link('Library')
    await addModel()
    const details = walk.page.getByRole('complementary')
    await details.getByRole('heading', { name: 'ward-bert' }).waitFor()
    await details.getByRole('definition').first().waitFor()
    expect(await details.getByRole('definition').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/bert/i), expect.stringMatching(/\d (?:kB|MB)/)])
    )
    expect(await details.getByRole('term').allTextContents()).toContain('Licence')
    await walk.look('b-library')
    await walk.button('Use for training')
    await walk.page.getByRole('radio', { name: /^ward-bert/, checked: true }).waitFor()
    await walk.look('b-train')
    expect(await walk.train()).toMatch(/ of \d+/)
    expect(walk.gestures).toBe(7)
    await walk.end('Own model folder, to the result')
  })

  test.skipIf(process.platform !== 'linux')(
    'a training whose process was killed says so, and goes on to its result',
    async () => {
      await begin()
      await walk.link('Train')
      await walk.button('All settings')
      // Epochs enough to be killed in, and patience that ends none of them sooner.
      for (const [setting, value] of [
        ['training.num_train_epochs', '80'],
        ['training.early_stopping.patience', '80']
      ] as const) {
        await walk.fill(setting, value)
        await walk.page.keyboard.press('Tab')
      }
      await walk.page.keyboard.press('Escape')
      await walk.button('Start training')
      const step = async (): Promise<number> =>
        Number(await walk.page.locator('main').getByRole('progressbar').first().getAttribute('aria-valuenow'))
      await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(20)
      const killed = await trainersIn(join(folder, 'first'))
      expect(killed.length).toBeGreaterThan(0)
      for (const pid of killed) process.kill(pid, 'SIGKILL')
      await walk.see(/signal SIGKILL/)
      await walk.look('d-killed')
      const reached = await step()
      await walk.button('Resume')
      await walk.page.getByRole('heading', { name: /^(?:Found|Right on) \d/ }).waitFor({ timeout: 120_000 })
      expect(reached).toBeGreaterThan(20)
      await walk.link('Runs')
      await walk.see('finished')
      await walk.end('Killed, resumed, to the result')
    }
  )

  test('two runs beside each other, and answers for a table as a workbook', async () => {
    await begin()
    await walk.link('Runs')
    await walk.tickAll(2)
    await walk.look('e-runs')
    await walk.link(/^Compare/)
    await walk.page.locator('.verdict').waitFor()
    await walk.look('e-compare')
    await walk.link('Use')
    await walk.choose(() => walk.button('Choose files'), [patientCsv('new.csv', 30)])
    await walk.button('Answer 30 rows')
    await walk.see('All 30 rows are answered.')
    await walk.look('e-use')
    const [download] = await Promise.all([walk.page.waitForEvent('download'), walk.button('Save as workbook')])
    expect(download.suggestedFilename()).toMatch(/\.xlsx$/)
    const [first] = await readExcelFile(await readFile(await download.path()))
    expect(first?.data).toHaveLength(31)
    // Beside the way that is counted.
    await walk.page.getByRole('grid', { name: 'Rows of new.csv' }).getByRole('row').nth(1).click()
    await walk.page.getByRole('checkbox', { name: /^Shade the words/ }).check()
    await walk.page.getByText('Hints, not reasons.').waitFor()
    await expect
      .poll(() => walk.page.getByRole('region', { name: 'The whole text and its answer' }).locator('.document mark').count())
      .toBeGreaterThan(0)
    await walk.look('e-use-shaded')
    await walk.end('Compared, and a table answered')
  })

  test('the same as a workbook and as JSON Lines: the column of ids is proposed', async () => {
    for (const file of [await patientWorkbook(folder, 'letters.xlsx', 60), patientJsonLines('letters.jsonl', 60)]) {
      await begin()
      await walk.drop(file)
      await walk.see(QUESTION)
      await walk.look(`a-question-${file.name}`)
      await walk.button('Yes, by patient_id')
      await walk.see('Rows stay together by patient_id.')
      await walk.link('Continue to training')
      await walk.see('Nothing leaves this PC.')
      expect(walk.gestures).toBe(3)
      await walk.end(`${file.name}, to the plan`)
    }
  })

  test('documents without labels, by keyboard alone', async () => {
    await begin()
    const { page } = walk
    const files = letterFiles(24)
    await page.getByRole('button', { name: /^My documents/ }).press('Enter')
    await page.getByRole('button', { name: 'Choose documents' }).waitFor()
    await walk.look('d-documents')
    await walk.choose(() => page.keyboard.press('Control+Enter'), files)
    await page.getByLabel('New class').focus()
    for (const name of ['good', 'bad']) {
      await page.keyboard.type(name)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: new RegExp(`^\\d ${name}`) }).waitFor()
    }
    const surface = page.getByRole('group', { name: /^Document to label/ })
    await surface.focus()
    for (let i = 0; i < files.length; i++) {
      await page.keyboard.press(/abba\s*$/.test((await surface.textContent()) ?? '') ? '1' : '2')
      await page.getByText(`${i + 1} of ${files.length} rows labelled.`).waitFor()
      await page.keyboard.press('Enter')
      if (i + 1 < files.length) await page.getByText(`Document ${i + 2} of ${files.length}`).waitFor()
    }
    await walk.look('d-labelled')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Yes, by belongs_to' }).press('Enter')
    await page.getByRole('link', { name: 'Continue to training' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await walk.see('Nothing leaves this PC.')
    await walk.look('d-train')
    // Start stays off until the plan has been read.
    await expect.poll(() => page.getByRole('button', { name: 'Start training' }).isEnabled(), { timeout: 20_000 }).toBe(true)
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { name: /^(?:Found|Right on) \d/ }).waitFor({ timeout: 120_000 })
    await walk.look('d-result')
    await walk.end(`${files.length} documents without labels, to the result by keyboard`)
  })
})

describe.skipIf(!canBrowse)('on a machine with no model', { timeout: 150_000 }, () => {
  beforeAll(() => opened('bare', true))
  afterAll(() => application.dispose())

  test('Home and Train say so, and a folder makes Train ready', async () => {
    await begin()
    await walk.see('There is no model that can be trained yet.')
    await walk.look('c-home')
    await bringLetters(true)
    await walk.see('There is no model that can be trained yet.')
    await walk.look('c-train')
    await walk.link('Get a model')
    await walk.see('There is no model that can be trained on this PC yet.')
    await walk.look('c-get')
    await addModel()
    await walk.button('Use for training')
    await walk.see('Nothing leaves this PC.')
    await expect.poll(() => walk.page.getByRole('button', { name: 'Start training' }).isEnabled(), { timeout: 30_000 }).toBe(true)
    expect(walk.gestures).toBe(10)
    await walk.end('No model, to a training that can start')
  })
})

describe.skipIf(!canBrowse)('encrypted', { timeout: 150_000 }, () => {
  beforeAll(() => opened('sealed'))
  afterAll(() => application.dispose())

  test('protected with the first file: trained, locked, nothing named, unlocked, the result still there', async () => {
    await begin()
    const { page } = walk
    await page.emulateMedia({ colorScheme: 'dark' })
    await walk.drop(LETTERS)
    await walk.fill('Passphrase', 'four unrelated words here')
    await walk.fill('The same again', 'four unrelated words here')
    await walk.look('f-question')
    await walk.button('Encrypt')
    await page.getByLabel('Recovery key', { exact: true }).waitFor()
    expect(await page.getByLabel('Recovery key', { exact: true }).textContent()).toMatch(/^(?:\w{5}-){5}\w{5}$/)
    await walk.look('f-recovery')
    await walk.button('I have written it down')
    await walk.button('Yes, by patient_id')
    await walk.link('Continue to training')
    const headline = await walk.train()
    await walk.look('f-result')
    await walk.button(/^(?:Nothing leaves this PC|Not holding)/)
    await page.getByRole('menuitem', { name: 'Lock now' }).click()
    await walk.see('Attune is locked')
    await walk.look('f-locked')
    expect(await page.content()).not.toMatch(/letters|patient|urgency|\bgood\b/)
    await walk.fill('Passphrase', 'four unrelated words here')
    await walk.button('Unlock')
    await page.getByRole('heading', { name: headline }).waitFor()
    await walk.end('Encrypted, to the result, locked and unlocked')
  })
})
