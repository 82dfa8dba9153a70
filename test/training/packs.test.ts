import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attune, type CliEvent, type CliRun } from '../helpers/attune.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

const training = {
  num_train_epochs: 12,
  per_device_train_batch_size: 16,
  learning_rate: 0.01,
  early_stopping: null,
  bootstrap_resamples: 50,
  baselines: false
}
const passphrase = 'four words are better'

let root: string
let here: string
let there: string
let project: TinyProject
let run: string

const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }
const on = (home: string, words: readonly string[], input?: string): Promise<CliRun> =>
  attune([...words, '--json'], { home, ...(input !== undefined && { input }) })
const packed = (name: string, ...more: readonly string[]): Promise<CliRun> =>
  on(here, ['export', run, '--format', 'attune', '--out', join(root, name), ...more])
/** Files below a folder, by their ways from it. */
const filesBelow = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
const library = (home: string): string => join(home, '.local/share/attune')

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-packs-test-'))
  here = join(root, 'here')
  there = join(root, 'there')
  for (const home of [here, there]) await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
  await writeFile(join(project.folder, 'model/LICENSE'), 'Apache License 2.0\n')
  await on(here, ['train', await project.config('letters', training)])
  run = join(project.folder, 'runs/letters-1')
})

afterAll(() => rm(root, { recursive: true, force: true }))

describe('a pack', () => {
  test('is one replayed and signed file, of which nothing is left lying about', async () => {
    const finished = last(await packed('letters.attune'))
    expect(finished).toMatchObject({ event: 'finished', format: 'attune', is_plain: true, replay: { changed_rows: 0 } })
    expect((await stat(join(root, 'letters.attune'))).mode & 0o777).toBe(0o600)
    expect(await readdir(join(project.folder, 'runs/.cache/weights'))).toEqual([])
    expect((await readdir(root)).filter((name) => name.includes('writing'))).toEqual([])
  })

  test('is checked on a PC that has never seen the run, and measured with the data', async () => {
    const pack = join(root, 'letters.attune')
    expect(last(await on(there, ['verify', pack]))).toMatchObject({ event: 'finished', files: 7, folder: pack })
    const measured = last(await on(there, ['verify', pack, '--data', join(project.folder, 'data.csv')]))
    expect(measured).toMatchObject({ event: 'finished', metrics: { accuracy: expect.any(Number) } })
  })

  test('is imported on another PC, and answers there as it was tested', async () => {
    const finished = last(await on(there, ['import', join(root, 'letters.attune'), '--yes']))
    expect(finished).toMatchObject({
      event: 'finished',
      is_known: false,
      pack: {
        holds: 'model',
        labels: ['bad', 'good', 'odd'],
        licenceText: 'Apache License 2.0',
        tested: { part: 'test', rows: 27 }
      }
    })
    const folder = String(finished['folder'])
    expect(folder.startsWith(join(library(there), 'models', 'm-'))).toBe(true)
    expect(last(await on(there, ['verify', folder, '--data', join(project.folder, 'data.csv')]))).toMatchObject({
      event: 'finished'
    })
    expect(last(await on(there, ['import', join(root, 'letters.attune'), '--yes']))).toMatchObject({ is_known: true, folder })
    expect((await filesBelow(library(there))).filter((name) => /\.new-|pack-/.test(name))).toEqual([])
  })

  test('is a base model there, for training on', async () => {
    const [id = ''] = await readdir(join(library(there), 'models'))
    const config = await project.config('further', training, { model: join(library(there), 'models', id) })
    expect(last(await on(there, ['train', config]))).toMatchObject({ event: 'finished' })
  })

  test('is not imported without a yes', async () => {
    const cli = await on(there, ['import', join(root, 'letters.attune')])
    expect(cli.code).toBe(2)
    expect(last(cli)).toMatchObject({ code: 'usage' })
  })

  test.each([
    ['letters', 'pack-name'],
    ['letters.attune', 'export-exists']
  ])('is not written to %s', async (name, code) => {
    expect(last(await packed(name))).toMatchObject({ event: 'failed', code })
  })

  test('leaves nothing where it was cut off on the way', async () => {
    const before = await filesBelow(library(there))
    const bytes = await readFile(join(root, 'letters.attune'))
    await writeFile(join(root, 'cut.attune'), bytes.subarray(0, bytes.length - 100))
    expect(last(await on(there, ['import', join(root, 'cut.attune'), '--yes']))).toMatchObject({ code: 'pack-damaged' })
    bytes[20_000] = (bytes[20_000] ?? 0) ^ 1
    await writeFile(join(root, 'changed.attune'), bytes)
    expect(last(await on(there, ['import', join(root, 'changed.attune'), '--yes']))).toMatchObject({ code: 'verify-file' })
    expect(await filesBelow(library(there))).toEqual(before)
  })
})

describe('an encrypted pack', () => {
  test('opens with the passphrase that was handed in, and with no other', async () => {
    const pack = join(root, 'secret.attune')
    const words = ['export', run, '--format', 'attune', '--out', pack, '--encrypt', '--passphrase-stdin']
    expect(last(await on(here, words, 'short\n'))).toMatchObject({ code: 'passphrase-short' })
    expect(last(await on(here, words, `${passphrase}\n`))).toMatchObject({ event: 'finished', is_plain: false })
    expect((await readFile(pack)).subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    expect(last(await on(there, ['verify', pack]))).toMatchObject({ code: 'passphrase-needed' })
    expect(last(await on(there, ['verify', pack, '--passphrase-stdin'], 'another one\n'))).toMatchObject({
      code: 'pack-passphrase'
    })
    const other = join(root, 'third')
    await mkdir(other)
    const finished = last(await on(other, ['import', pack, '--yes', '--passphrase-stdin'], `${passphrase}\n`))
    expect(finished).toMatchObject({ event: 'finished', pack: { labels: ['bad', 'good', 'odd'] } })
    expect((await filesBelow(library(other))).filter((name) => name.endsWith('.zip'))).toEqual([])
    for (const name of await filesBelow(here)) expect(await readFile(join(here, name), 'latin1')).not.toContain(passphrase)
  })

  test('is not offered for folders', async () => {
    const words = ['export', run, '--format', 'huggingface', '--out', join(root, 'folder'), '--encrypt']
    expect(last(await on(here, words))).toMatchObject({ code: 'usage' })
  })
})

describe('a packed adapter', () => {
  test('holds what LoRA learned alone, and says so where it cannot be used', async () => {
    expect(last(await packed('adapter.attune', '--adapter'))).toMatchObject({ event: 'finished', format: 'attune-adapter' })
    const sizes = await Promise.all(['adapter', 'letters'].map(async (name) => (await stat(join(root, `${name}.attune`))).size))
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0)
    expect(last(await on(there, ['verify', join(root, 'adapter.attune')]))).toMatchObject({ event: 'finished' })
    expect(last(await on(there, ['import', join(root, 'adapter.attune'), '--yes']))).toMatchObject({ code: 'pack-adapter' })
  })
})
