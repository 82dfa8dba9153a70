import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { makeDocx, makePdf, paragraph } from '../helpers/documents.ts'
import { makeTinyProject, tinyTable, type TinyProject } from '../helpers/tiny-project.ts'

let root: string
let project: TinyProject

/** The rows of a table as documents: a class is a folder, and every other document is Word's. */
async function documentsOf(table: string, folder: string): Promise<void> {
  for (const [i, line] of table.trim().split('\n').slice(1).entries()) {
    const [id = '', text = '', label = ''] = line.split(',')
    await mkdir(join(folder, label), { recursive: true })
    const name = join(folder, label, id.replace('row-', 'letter'))
    if (i % 2 === 0) await writeFile(`${name}.txt`, text)
    else await writeFile(`${name}.docx`, makeDocx(paragraph(text)))
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-documents-'))
  await mkdir(join(root, 'home'))
  project = await makeTinyProject(join(root, 'project'))
  await documentsOf(tinyTable(90, 1), join(project.folder, 'letters'))
  await writeFile(join(project.folder, 'letters/good/scan.pdf'), makePdf([[]]))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const run = (words: readonly string[]): Promise<CliRun> => hostedAttune(words, { home: join(root, 'home') })

describe('a folder of documents by the command line', () => {
  test('is looked into, with what is left out written to a file', async () => {
    const rejected = join(root, 'left-out.csv')
    const cli = await run(['inspect', join(project.folder, 'letters'), '--rejected', rejected, '--json'])
    expect(cli.code).toBe(0)
    expect(cli.events().at(-1)).toMatchObject({
      event: 'finished',
      rows: 90,
      columns: [{ name: 'file' }, { name: 'text' }, { name: 'label', looks_like: 'classes', distinct: 3 }, { name: 'date' }],
      guess: { text: 'text', label: 'label' },
      left_out: 1
    })
    expect(await readFile(rejected, 'utf8')).toMatch(/^file,place,reason\ngood\/scan\.pdf,,"It has no text layer/)
  })

  test('trains and answers another folder; the report says what was left out', async () => {
    const training = {
      num_train_epochs: 2,
      per_device_train_batch_size: 16,
      learning_rate: 0.003,
      seed: 1,
      early_stopping: null,
      bootstrap_resamples: 20
    }
    const data = `{file: letters, text: text, label: label, split: {train: 0.6, validation: 0.2, test: 0.2}}`
    const trained = await run(['train', await project.config('folder', training, { data }), '--json'])
    expect([trained.stderr, trained.code]).toEqual(['', 0])
    const notes = trained.events().filter(({ event }) => event === 'note')
    expect(notes.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^1 document or page was left out\. 'good\/scan\.pdf'/)
    )
    await documentsOf(tinyTable(12, 2), join(root, 'more'))
    const out = join(root, 'answers.csv')
    const answered = await run([
      'predict',
      join(project.folder, 'runs/folder-1'),
      '--data',
      join(root, 'more'),
      '--out',
      out,
      '--json'
    ])
    expect([answered.stderr, answered.code]).toEqual(['', 0])
    expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(13)
  })
})
