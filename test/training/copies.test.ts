import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InputError } from '../../src/main/base/errors.ts'
import { Copies, type CopiesJob } from '../../src/main/services/copies.ts'
import type { TrainedId } from '../../src/preload/contract/common.ts'
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
    entry: join(import.meta.dirname, '../../src/main/worker/trainer.ts'),
    folder: join(root, 'aside'),
    modelFolder: async () => {
      throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
    },
    onWorking: ({ total }) => heard.push(total)
  })
  job = { from, name: 'Letters', run: null, action: 'mask' }
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
  const first = await copies.write(job, out)
  expect(first).toMatchObject({ folder: 'Letters without personal data', files: 2 })
  const copy = await readFile(join(out, first.folder, 'first.txt'), 'utf8')
  expect(copy).toContain('[NAME]')
  expect(copy).not.toMatch(/Weber|Halden|7946/)
  expect(await readdir(join(out, first.folder, 'march'))).toEqual(['second.docx'])
  expect((await copies.write(job, out)).folder).toBe('Letters without personal data 2')
  expect(await readFile(join(job.from, 'first.txt'), 'utf8')).toBe(letter)
}, 120_000)

test('a model that is gone is refused before anything is written, and another try is free', async () => {
  const run = 'r-gone' as TrainedId // As main mints them.
  await expect(copies.write({ ...job, run }, join(root, 'out'))).rejects.toThrow('no longer there')
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
