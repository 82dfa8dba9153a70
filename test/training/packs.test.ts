import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adoptModel } from '../../src/main/library/adopt.ts'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
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

interface Answer {
  readonly label: string
  readonly probabilities: Readonly<Record<string, number>>
}

/** What is read of a model.json. */
interface Read {
  readonly calibration: { readonly temperatures: readonly number[] }
}

let root: string
let here: string
let there: string
let project: TinyProject
let run: string

const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }
const on = (home: string, words: readonly string[], input?: string): Promise<CliRun> =>
  hostedAttune([...words, '--json'], { home, ...(input !== undefined && { input }) })
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
    const weights = join(project.folder, 'runs/.cache/weights')
    const before = await readdir(weights)
    const finished = last(await packed('letters.attune'))
    expect(finished).toMatchObject({ event: 'finished', format: 'attune', is_plain: true, replay: { changed_rows: 0 } })
    expect((await stat(join(root, 'letters.attune'))).mode & 0o777).toBe(0o600)
    expect(await readdir(weights)).toEqual(before)
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
  const pack = (): string => join(root, 'adapter.attune')
  const predicted = async (home: string, folder: string, name: string): Promise<readonly Answer[]> => {
    const out = join(root, `${name}.jsonl`)
    const words = ['predict', folder, '--data', join(project.folder, 'more.csv'), '--out', out]
    expect(last(await on(home, words))).toMatchObject({ event: 'finished' })
    return (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer) // Written by predict.
  }
  const requireSame = (theirs: readonly Answer[], own: readonly Answer[]): void => {
    expect(theirs.map(({ label }) => label)).toEqual(own.map(({ label }) => label))
    theirs.forEach(({ probabilities }, row) => {
      for (const [name, value] of Object.entries(probabilities)) expect(value).toBeCloseTo(own[row]!.probabilities[name]!, 5)
    })
  }

  test('holds what LoRA learned alone, and names the model that it needs where that is missing', async () => {
    expect(last(await packed('adapter.attune', '--adapter'))).toMatchObject({ event: 'finished', format: 'attune-adapter' })
    const sizes = await Promise.all(['adapter', 'letters'].map(async (name) => (await stat(join(root, `${name}.attune`))).size))
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0)
    expect(last(await on(there, ['verify', pack()]))).toMatchObject({ event: 'finished' })
    const sha256 = createHash('sha256')
      .update(await readFile(join(project.folder, 'model/model.safetensors')))
      .digest('hex')
    expect(last(await on(there, ['import', pack(), '--yes']))).toMatchObject({
      code: 'pack-base',
      message: expect.stringContaining(
        `answers on 'model' alone, which is not in the library. Import that model first (SHA-256 of its weights: ${sha256})`
      )
    })
    expect((await filesBelow(library(there))).filter((name) => /^(?:adapters|temporary)\b/.test(name))).toEqual([])
  })

  test('goes onto the model that it was made from, and answers as its run, calibration and all', async () => {
    const words = ['import', pack(), '--yes', '--model', join(project.folder, 'model')]
    expect(last(await on(there, words))).toMatchObject({ code: 'usage' })
    const out = join(root, 'runs-there/adapter')
    expect(last(await on(there, [...words, '--out', out]))).toMatchObject({ event: 'finished', folder: out })
    const own = await predicted(here, run, 'own')
    requireSame(await predicted(there, out, 'theirs'), own)
    const [theirs, ours] = await Promise.all(
      [out, run].map(async (folder) => JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as Read)
    )
    expect(theirs!.calibration).toEqual(ours!.calibration)
    expect(theirs!.calibration.temperatures[0]).not.toBe(1)
  })

  test('is refused on any other model', async () => {
    const other = join(root, 'other-model')
    await cp(join(project.folder, 'model'), other, { recursive: true })
    const tokenizer = join(other, 'tokenizer.json')
    const json = JSON.parse(await readFile(tokenizer, 'utf8')) as { model: { vocab: Record<string, number> } }
    const [word = ''] = Object.keys(json.model.vocab).slice(-1)
    const { [word]: id = 0, ...vocab } = json.model.vocab
    await writeFile(tokenizer, JSON.stringify({ ...json, model: { ...json.model, vocab: { ...vocab, other: id } } }))
    const words = ['import', pack(), '--yes', '--model', other, '--out', join(root, 'runs-there/other')]
    expect(last(await on(there, words))).toMatchObject({
      code: 'pack-base',
      message: expect.stringContaining('they differ in their tokenizer')
    })
  })

  test('goes into the library where the model is there, encrypted too, and is known again', async () => {
    const folder = library(there)
    const aside = join(folder, 'models/.base')
    await cp(join(project.folder, 'model'), aside, { recursive: true })
    const signal = new AbortController().signal
    await adoptModel(aside, { models: join(folder, 'models'), notes: join(folder, 'model-notes'), name: 'tiny', signal })
    const finished = last(await on(there, ['import', pack(), '--yes']))
    expect(finished).toMatchObject({
      event: 'finished',
      is_known: false,
      on: 'tiny',
      pack: { holds: 'adapter', labels: ['bad', 'good', 'odd'] }
    })
    requireSame(await predicted(there, String(finished['folder']), 'library'), await predicted(here, run, 'own'))
    const note = JSON.parse(await readFile(join(String(finished['folder']), 'about.json'), 'utf8')) as { made: object }
    expect(note.made).toMatchObject({ tested: { part: 'test', rows: 27 } })

    const secret = join(root, 'secret-adapter.attune')
    const words = ['export', run, '--format', 'attune', '--adapter', '--out', secret, '--encrypt', '--passphrase-stdin']
    expect(last(await on(here, words, `${passphrase}\n`))).toMatchObject({ event: 'finished', is_plain: false })
    const again = last(await on(there, ['import', secret, '--yes', '--passphrase-stdin'], `${passphrase}\n`))
    expect(again).toMatchObject({
      event: 'finished',
      on: 'tiny',
      is_known: true,
      adapter: finished['adapter'],
      pack: { holds: 'adapter' }
    })
    expect((await filesBelow(folder)).filter((name) => /\.new-|pack-|temporary/.test(name))).toEqual([])
  })
})

describe('attune inspect', () => {
  test('says of a pack what its manifest says, encrypted or not', async () => {
    const pack = join(root, 'adapter.attune')
    const bytes = await readFile(pack)
    expect(last(await on(there, ['inspect', pack]))).toMatchObject({
      event: 'finished',
      kind: 'pack',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      holds: 'adapter',
      labels: ['bad', 'good', 'odd'],
      base: { name: 'model', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      tested: { part: 'test', rows: 27 }
    })
    const page = (await hostedAttune(['inspect', join(root, 'letters.attune')], { home: there })).lines.join('\n')
    expect(page).toMatch(/Holds +a model that answers texts with one of its labels/)
    expect(page).toMatch(/Licence +Has terms of its own/)
    const secret = join(root, 'secret.attune')
    expect(last(await on(there, ['inspect', secret]))).toMatchObject({ code: 'passphrase-needed' })
    expect(last(await on(there, ['inspect', secret, '--passphrase-stdin'], `${passphrase}\n`))).toMatchObject({ holds: 'model' })
    bytes[bytes.indexOf('"accuracy"') + 12] = 0x39
    await writeFile(join(root, 'lying.attune'), bytes)
    expect(last(await on(there, ['inspect', join(root, 'lying.attune')]))).toMatchObject({ event: 'failed' })
  })

  test("says of an adapter's folder what it is, with and without papers", async () => {
    const folder = join(root, 'peft')
    await on(here, ['export', run, '--format', 'peft', '--out', folder])
    expect(last(await on(there, ['inspect', folder]))).toMatchObject({
      ...{ kind: 'adapter', base_name: 'model', rank: 4, class_names: ['bad', 'good', 'odd'] },
      papers: { base: { name: 'model' }, tested: { rows: 27 } }
    })
    await rm(join(folder, 'manifest.json'))
    expect(last(await on(there, ['inspect', folder]))).toMatchObject({ kind: 'adapter', papers: null })
    expect((await hostedAttune(['inspect', folder], { home: there })).lines.join('\n')).toMatch(/Tested +nothing here says so/)
  })
})
