import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InputError } from '../../src/main/base/errors.ts'
import { Copies, type CopiesJob } from '../../src/main/services/copies.ts'
import type { TrainedId } from '../../src/preload/contract/common.ts'
import { attune, trainerProgram } from '../helpers/attune.ts'
import { makeDocx, paragraph } from '../helpers/documents.ts'

const letter = 'Dear Dr Weber, please call Mrs Anna Halden on 020 7946 0018. She was seen on 4 May 2024.'

let root: string
let copies: Copies
let job: CopiesJob
const heard: number[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-copies-'))
  const from = join(root, 'Letters')
  await mkdir(join(from, 'march'), { recursive: true })
  await mkdir(join(root, 'out'))
  await writeFile(join(from, 'first.txt'), letter)
  await writeFile(join(from, 'march', 'second.docx'), makeDocx(paragraph(letter)))
  await writeFile(join(from, 'photo.png'), 'no text')
  copies = new Copies({
    entry: trainerProgram,
    folder: join(root, 'aside'),
    modelFolder: async () => {
      throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
    },
    onWorking: ({ total }) => heard.push(total)
  })
  job = {
    ...{ from, name: 'Letters', run: null, action: 'mask', actions: [] },
    ...{ leftColumns: [], groupColumn: null, known: null, passphrase: null }
  }
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('a folder is looked through, and nothing of that is left', async () => {
  const report = await copies.look(job)
  expect(report).toMatchObject({ name: 'Letters', files: 2, leftOut: [{ file: 'photo.png' }] })
  const names = report.kinds.find(({ kind }) => kind === 'NAME')
  expect(names?.passages).toBeGreaterThanOrEqual(4)
  expect(names?.byRules).toBe(names?.passages)
  expect(report.kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['NAME', 'PHONE', 'DATE']))
  expect((await readdir(root)).toSorted()).toEqual(['Letters', 'out'])
  expect(heard.at(-1)).toBe(3)
}, 120_000)

test('clean copies go into a new folder each time, and originals stay as they are', async () => {
  const out = join(root, 'out')
  const first = await copies.write(job, out, false)
  expect(first).toMatchObject({ folder: 'Letters without personal data', files: 2 })
  const copy = await readFile(join(out, first.folder, 'first.txt'), 'utf8')
  expect(copy).toContain('[NAME]')
  expect(copy).not.toMatch(/Weber|Halden|7946/)
  expect(await readdir(join(out, first.folder, 'march'))).toEqual(['second.docx'])
  expect((await copies.write(job, out, false)).folder).toBe('Letters without personal data 2')
  expect(await readFile(join(job.from, 'first.txt'), 'utf8')).toBe(letter)
}, 120_000)

test('a model that is gone is refused before anything is written, and another try is free', async () => {
  const run = 'r-gone' as TrainedId // As main mints them.
  await expect(copies.write({ ...job, run }, join(root, 'out'), false)).rejects.toThrow('no longer there')
  await expect(copies.look({ ...job, from: join(root, 'nowhere') })).rejects.toThrow(/no file or folder/)
}, 120_000)

test('what is under way is given up when asked, and leaves nothing', async () => {
  const looking = copies.look(job)
  const [refused] = await Promise.allSettled([copies.look(job)])
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'copies-busy' } })
  copies.stop()
  await expect(looking).rejects.toMatchObject({ code: 'stopped' })
  expect((await readdir(root)).toSorted()).toEqual(['Letters', 'out'])
}, 120_000)

test('each kind is treated as chosen, columns that are left stay, and what stands for what is kept encrypted for the next time', async () => {
  const [first, second, out] = [join(root, 'First'), join(root, 'Second'), join(root, 'kept')]
  for (const folder of [first, second, out]) await mkdir(folder)
  const table = 'patient,note,contact\nP1,Mrs Halden came on 4 May 2024,Mrs Halden\nP2,Mrs Halden came on 4 May 2024,Mrs Halden\n'
  await writeFile(join(first, 'visits.csv'), table)
  await writeFile(join(second, 'later.txt'), 'Mrs Halden and Mr Quist were seen. Phone 020 7946 0018.')
  const passphrase = 'four words and more'
  const actions = [
    { kind: 'NAME', action: 'pseudonymise' },
    { kind: 'DATE', action: 'pseudonymise' },
    { kind: 'PHONE', action: 'leave' }
  ] as const
  const wish = { ...job, name: 'First', from: first, actions, leftColumns: ['contact'], groupColumn: 'patient', passphrase }
  const written = await copies.write(wish, out, true)
  expect(written).toMatchObject({
    ...{
      folder: 'First without personal data',
      mapping: 'First mapping.age',
      columns: ['patient', 'note', 'contact'],
      known: null
    }
  })
  const lines = (await readFile(join(out, written.folder, 'visits.csv'), 'utf8')).trim().split('\n')
  const [one, two] = lines.slice(1).map((line) => /Mrs (\p{L}+) came on (.+),Mrs Halden$/u.exec(line))
  expect(one?.[1]).toBe(two?.[1])
  expect(one?.[1]).not.toBe('Halden')
  expect(one?.[2]).not.toBe(two?.[2])
  const mapping = join(out, 'First mapping.age')
  expect(await readFile(mapping, 'latin1')).toMatch(/^age-encryption\.org/)

  const next = { ...job, name: 'Second', from: second, actions, known: { path: mapping, name: 'kept for later.age' }, passphrase }
  await expect(copies.look({ ...next, passphrase: 'another one' })).rejects.toThrow(/passphrase of "kept for later.age"/)
  const again = await copies.write(next, out, true)
  expect(again.known).toBeGreaterThan(2)
  const text = await readFile(join(out, again.folder, 'later.txt'), 'utf8')
  expect(text).toMatch(new RegExp(`^Mrs ${one?.[1]} and Mr (?!Quist)\\p{L}+ were seen. Phone 020 7946 0018\\.$`, 'u'))

  // The command line goes on from what the window wrote, of either time.
  await mkdir(join(root, 'home'))
  const words = ['deidentify', second, '--out', join(out, 'by-command'), '--pseudonymise', 'NAME', '--leave', 'PHONE']
  const known = ['--known', join(out, 'Second mapping.age'), '--passphrase-stdin']
  const done = await attune([...words, ...known, '--json'], { home: join(root, 'home'), input: `${passphrase}\n` })
  expect([done.code, done.stderr]).toEqual([0, ''])
  expect(await readFile(join(out, 'by-command', 'later.txt'), 'utf8')).toBe(text)
}, 240_000)
