import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { makeTinyProject } from '../helpers/tiny-project.ts'

const training = {
  num_train_epochs: 1,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  early_stopping: null,
  bootstrap_resamples: 20,
  baselines: false
}

let root: string

/** Each home is an installation with a key of its own. */
const as = (home: string, ...words: readonly string[]): Promise<CliRun> =>
  hostedAttune([...words, '--json'], { home: join(root, home) })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }
const review = async (
  home: string,
  folder: string,
  status: string,
  name: string,
  ...more: readonly string[]
): Promise<CliEvent> => last(await as(home, 'review', join(root, folder), '--status', status, '--name', name, ...more))
const verify = (folder: string): Promise<CliRun> => as('anna', 'verify', join(root, folder))
const copied = async (name: string, from = 'letters'): Promise<void> =>
  cp(join(root, from), join(root, name), { recursive: true })

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-review-test-'))
  for (const home of ['anna', 'ben', 'cleo']) await mkdir(join(root, home))
  const project = await makeTinyProject(join(root, 'project'))
  await as('anna', 'train', await project.config('letters', training))
  await as('anna', 'export', join(project.folder, 'runs/letters-1'), '--format', 'huggingface', '--out', join(root, 'letters'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

describe('the status of an export', () => {
  test('is draft, then reviewed by a second person, then retired for good, and verify says so', async () => {
    await copied('story')
    expect(last(await verify('story'))).toMatchObject({ status: 'draft', reviews: [] })
    expect(await review('ben', 'story', 'reviewed', 'Ben', '--note', 'Read the card')).toMatchObject({
      event: 'finished',
      status: 'reviewed'
    })
    expect(await review('ben', 'story', 'reviewed', 'Ben')).toMatchObject({ code: 'review-again' })
    await review('cleo', 'story', 'reviewed', 'Cleo')
    const reviewed = last(await verify('story'))
    expect(reviewed).toMatchObject({
      status: 'reviewed',
      reviews: [
        { name: 'Ben', note: 'Read the card' },
        { name: 'Cleo', note: '' }
      ]
    })
    await review('anna', 'story', 'retired', 'Anna', '--note', 'Replaced')
    const cli = await verify('story')
    expect(last(cli)).toMatchObject({ event: 'finished', status: 'retired' })
    const note = cli.events().find((event) => event['code'] === 'retired')
    expect(note?.['message']).toMatch(/retired on \d{4}-\d\d-\d\d by Anna \(Replaced\)\. Do not use it any more\./)
    expect(await review('ben', 'story', 'reviewed', 'Ben')).toMatchObject({ code: 'review-retired' })
    const answers = ['--data', join(root, 'project/more.csv'), '--out', join(root, 'answers.csv')]
    const predicted = await as('cleo', 'predict', join(root, 'story'), ...answers)
    expect(predicted.events()).toContainEqual({ ...note })
    expect(last(predicted)).toMatchObject({ event: 'finished' })
    const page = await hostedAttune(['verify', join(root, 'story')], { home: join(root, 'anna') })
    expect(page.lines.join('\n')).toMatch(/Status +retired\nReviewed +\d{4}-\d\d-\d\d by Ben, key [0-9a-f ]{19}: Read the card/)
  })

  test('is not changed by whoever exported it, without a name, or where a file was changed', async () => {
    await copied('own')
    expect(await review('anna', 'own', 'reviewed', 'Anna')).toMatchObject({ code: 'review-own' })
    expect(await review('ben', 'own', 'reviewed', ' ')).toMatchObject({ code: 'review-name' })
    expect(await review('ben', 'own', 'draft', 'Ben')).toMatchObject({ code: 'usage' })
    await writeFile(join(root, 'own/README.md'), 'better')
    expect(await review('ben', 'own', 'reviewed', 'Ben')).toMatchObject({ code: 'verify-file' })
    expect(last(await verify('own'))).toMatchObject({ code: 'verify-file' })
  })

  test('cannot be forged: another name, another order, another export, another key', async () => {
    await copied('two')
    await review('ben', 'two', 'reviewed', 'Ben')
    await review('cleo', 'two', 'reviewed', 'Cleo')
    const json = await readFile(join(root, 'two/review.json'), 'utf8')
    interface Kept {
      format: string
      statements: { name: string; signature: { public_key: string; value: string } }[]
    }
    const changed = async (name: string, edit: (kept: Kept) => void): Promise<CliEvent> => {
      await copied(name)
      const kept = JSON.parse(json) as Kept // As it was just written.
      edit(kept)
      await writeFile(join(root, name, 'review.json'), JSON.stringify(kept))
      return last(await verify(name))
    }
    expect(await changed('as-it-was', () => undefined)).toMatchObject({ status: 'reviewed' })
    expect(await changed('renamed', ({ statements: [first] }) => first && (first.name = 'Dora'))).toMatchObject({
      code: 'verify-review'
    })
    expect(await changed('turned', ({ statements }) => void statements.reverse())).toMatchObject({ code: 'verify-review' })
    const swap = ({ statements: [first, second] }: Kept): void => {
      if (first && second) first.signature = second.signature
    }
    expect(await changed('swapped', swap)).toMatchObject({ code: 'verify-review' })
    expect(await changed('bare', (kept) => void (kept.format = 'x'))).toMatchObject({ code: 'verify-review' })
    await as('anna', 'export', join(root, 'project/runs/letters-1'), '--format', 'peft', '--out', join(root, 'other'))
    await writeFile(join(root, 'other/review.json'), json)
    expect(last(await verify('other'))).toMatchObject({ code: 'verify-review' })
  })

  test('of a pack lies in it, under its own passphrase, and changes nothing else of it', async () => {
    const passphrase = 'four words or more\n'
    const encrypted = (home: string, ...words: readonly string[]): Promise<CliRun> =>
      hostedAttune([...words, '--passphrase-stdin', '--json'], { home: join(root, home), input: passphrase })
    const runFolder = join(root, 'project/runs/letters-1')
    const path = join(root, 'letters.attune')
    await encrypted('anna', 'export', runFolder, '--format', 'attune', '--encrypt', '--out', path)
    const said = ['--status', 'reviewed', '--name', 'Ben']
    const before = await readFile(path)
    const wrong = await hostedAttune(['review', path, ...said, '--passphrase-stdin', '--json'], {
      home: join(root, 'ben'),
      input: 'another one altogether\n'
    })
    expect(last(wrong)).toMatchObject({ event: 'failed' })
    expect(last(await encrypted('anna', 'review', path, ...said))).toMatchObject({ code: 'review-own' })
    expect(await readFile(path)).toEqual(before)
    expect(last(await encrypted('ben', 'review', path, ...said))).toMatchObject({ event: 'finished', status: 'reviewed' })
    expect((await readFile(path, 'latin1')).slice(0, 21)).toBe('age-encryption.org/v1')
    expect(last(await encrypted('anna', 'verify', path))).toMatchObject({ status: 'reviewed', reviews: [{ name: 'Ben' }] })
    const imported = last(await encrypted('cleo', 'import', path, '--yes'))
    expect(last(await as('cleo', 'verify', String(imported['folder'])))).toMatchObject({ status: 'reviewed' })
  })
})
