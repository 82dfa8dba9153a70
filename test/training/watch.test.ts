import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import readExcelFile from 'read-excel-file/node'
import { writeXlsx } from '../../src/main/data/write-xlsx.ts'
import { OpenModel } from '../../src/main/runs/serving/open-model.ts'
import { FolderWatch, type FolderWatchOptions, type WatchNews } from '../../src/main/runs/watch/folder-watch.ts'
import type { ModelFacts } from '../../src/main/worker/protocol.ts'
import { attune, bareEnvironment, program, trainerProgram, type CliEvent } from '../helpers/attune.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

const training = {
  num_train_epochs: 5,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  early_stopping: null,
  bootstrap_resamples: 50,
  baselines: false
}
const never = new AbortController().signal

let root: string
let home: string
let project: TinyProject
let letters: string
let model: OpenModel
let facts: ModelFacts
let restarts = 0

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-watch-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
  const trained = await attune(['train', await project.config('letters', training), '--json'], { home })
  letters = String(trained.events().at(-1)?.['run'])
  const opened = await OpenModel.open({
    folder: letters,
    entry: trainerProgram,
    onRestart: () => (restarts += 1),
    onNote: () => undefined
  })
  model = opened.model
  facts = opened.facts
})
afterAll(async () => {
  await model.dispose()
  await rm(root, { recursive: true, force: true })
})

describe('a folder that is watched', () => {
  let place: string
  let incoming: string
  let outgoing: string
  let news: WatchNews[]

  beforeEach(async () => {
    place = await mkdtemp(join(root, 'place-'))
    incoming = join(place, 'in')
    outgoing = join(place, 'out')
    for (const folder of [incoming, outgoing, join(place, 'scratch')]) await mkdir(folder)
    news = []
  })
  afterEach(() => rm(place, { recursive: true, force: true }))

  const open = (more: Partial<FolderWatchOptions> = {}): Promise<FolderWatch> =>
    FolderWatch.open({
      ...{ model, facts, incoming, outgoing, scratch: join(place, 'scratch'), form: 'csv' },
      ...{ onNews: (each) => void news.push(each), now: () => new Date('2026-01-02T03:04:05Z') },
      ...more
    })
  const put = (name: string, content: string | Buffer): Promise<void> => writeFile(join(incoming, name), content)
  const answers = async (name: string): Promise<string> => readFile(join(outgoing, name), 'utf8')
  const visible = async (): Promise<string[]> => (await readdir(outgoing)).filter((name) => !name.startsWith('.')).sort()
  const twice = async (watch: FolderWatch): Promise<void> => {
    await watch.look(never)
    await watch.look(never)
  }

  test('has its texts and tables answered as attune predict answers them, and keeps them as they are', async () => {
    const table = await readFile(join(project.folder, 'more.csv'), 'utf8')
    const out = join(place, 'predicted.jsonl')
    await attune(['predict', letters, '--data', join(project.folder, 'more.csv'), '--out', out, '--json'], { home })
    const wanted = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { label: string }).label)
    const rows = table
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    await put('more.csv', table)
    await put('letter.txt', rows[1]![1]!)
    await put(
      'more.jsonl',
      rows
        .slice(1, 4)
        .map(([id, text]) => JSON.stringify({ id, text }))
        .join('\n')
    )
    await writeXlsx(join(incoming, 'more.xlsx'), [
      { name: 'Rows', columns: ['text'], rows: rows.slice(1, 4).map(([, text]) => [text!]) }
    ])
    const before = await Promise.all(
      (await readdir(incoming)).map(async (name) => [
        name,
        (await stat(join(incoming, name))).mtimeMs,
        await readFile(join(incoming, name), 'base64')
      ])
    )
    await twice(await open())
    expect(await visible()).toEqual(['letter.txt', 'more.csv', 'more.jsonl', 'more.xlsx'].map((name) => `${name}.answers.csv`))
    const labels = async (name: string, column: number): Promise<string[]> =>
      (await answers(name))
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[column]!)
    expect(await labels('more.csv.answers.csv', 3)).toEqual(wanted)
    expect((await answers('more.csv.answers.csv')).split('\n')[0]).toBe(
      'id,text,label,answer,probability: bad,probability: good,probability: odd'
    )
    expect(await labels('letter.txt.answers.csv', 2)).toEqual(wanted.slice(0, 1))
    expect(await labels('more.jsonl.answers.csv', 2)).toEqual(wanted.slice(0, 3))
    expect(await labels('more.xlsx.answers.csv', 1)).toEqual(wanted.slice(0, 3))
    expect(news.map((each) => each.kind === 'answered' && each.rows)).toEqual([1, 30, 3, 3])
    const after = await Promise.all(
      (await readdir(incoming)).map(async (name) => [
        name,
        (await stat(join(incoming, name))).mtimeMs,
        await readFile(join(incoming, name), 'base64')
      ])
    )
    expect(after).toEqual(before)
    expect(await readdir(join(place, 'scratch'))).toEqual([])
  })

  test.each(['xlsx', 'jsonl'] as const)('is answered as %s where that is wanted', async (form) => {
    await put('a.txt', 'abba dab')
    await twice(await open({ form }))
    if (form === 'jsonl') {
      const row: unknown = JSON.parse(await answers('a.txt.answers.jsonl'))
      expect(row).toMatchObject({
        document: 'a.txt',
        text: 'abba dab',
        answer: expect.any(String),
        'probability: good': expect.any(Number)
      })
    } else {
      const [rows, about] = await readExcelFile(join(outgoing, 'a.txt.answers.xlsx'))
      expect(rows?.data[1]?.slice(0, 2)).toEqual(['a.txt', 'abba dab'])
      expect(about?.data).toContainEqual(['Answered on', '2026-01-02T03:04:05.000Z'])
    }
  })

  test('waits until a file is still, and takes what other programs leave beside it for nothing', async () => {
    const watch = await open()
    await put('growing.txt', 'abba')
    for (const name of ['.hidden.txt', '~$more.xlsx', 'more.csv.part', 'Thumbs.db']) await put(name, 'abba')
    await mkdir(join(incoming, 'folder.txt'))
    await watch.look(never)
    await put('growing.txt', 'abba dab')
    await watch.look(never)
    expect(await visible()).toEqual([])
    await watch.look(never)
    expect(await visible()).toEqual(['growing.txt.answers.csv'])
    expect(await answers('growing.txt.answers.csv')).toContain('abba dab')
    await watch.look(never)
    expect(news).toHaveLength(1)
  })

  test('answers nothing twice after a restart, but what changed and what another model is asked', async () => {
    await put('a.txt', 'abba dab')
    await put('b.txt', 'cede dab')
    await twice(await open())
    expect(news).toHaveLength(2)
    const written = (await stat(join(outgoing, 'a.txt.answers.csv'))).mtimeMs
    // Whoever fetches the answers away does not want them again; a copy with another date is the same file.
    await rename(join(outgoing, 'b.txt.answers.csv'), join(place, 'fetched.csv'))
    await utimes(join(incoming, 'a.txt'), new Date(), new Date())
    await twice(await open())
    expect(news).toHaveLength(2)
    expect((await stat(join(outgoing, 'a.txt.answers.csv'))).mtimeMs).toBe(written)
    expect(await visible()).toEqual(['a.txt.answers.csv'])
    await put('a.txt', 'faca bed')
    await twice(await open())
    expect(await answers('a.txt.answers.csv')).toContain('faca bed')
    expect(news.map(({ name }) => name)).toEqual(['a.txt', 'b.txt', 'a.txt'])
    await twice(await open({ facts: { ...facts, weights: ['0'.repeat(64)] } }))
    expect(news.slice(3).map(({ name }) => name)).toEqual(['a.txt', 'b.txt'])
  })

  test('says in a file of its own why one cannot be answered, and goes on', async () => {
    await put('a.docx', 'abba')
    await put('b.csv', 'id,texts\n1,abba\n')
    await put('c.csv', 'id,text\n1,"abba\n')
    await put('d.xlsx', 'no workbook')
    await put('e.csv', '')
    await put('f.txt', Buffer.alloc(3000, 'a'))
    await put('g.txt', 'abba')
    const watch = await open({ mostBytes: 2000 })
    await twice(watch)
    expect(await visible()).toEqual(
      ['a.docx', 'b.csv', 'c.csv', 'd.xlsx', 'e.csv', 'f.txt'].map((name) => `${name}.failed.txt`).concat('g.txt.answers.csv')
    )
    const said = async (name: string): Promise<string> => (await answers(`${name}.failed.txt`)).trim()
    expect(await said('a.docx')).toContain('It is damaged, or is no Word document.')
    expect(await said('b.csv')).toBe("The table has no column 'text', which the model reads. Name its column so.")
    expect(await said('c.csv')).toMatch(/^Line 2 of c\.csv opens a cell with a double quote/)
    expect(await said('d.xlsx')).toContain('d.xlsx')
    expect(await said('f.txt')).toBe('f.txt cannot be answered: it has 3.0 kB, and 2.0 kB are read at most. Divide it first.')
    for (const name of await visible()) expect(await answers(name)).not.toContain(place)
    // Put right, it is answered, and the sentence goes.
    await put('b.csv', 'id,text\n1,abba\n')
    await twice(watch)
    expect(await visible()).toContain('b.csv.answers.csv')
    expect(await visible()).not.toContain('b.csv.failed.txt')
    // Broken later, its answers would be those to what it held before.
    await put('b.csv', 'id,other\n1,abba\n')
    await twice(watch)
    expect(await visible()).toContain('b.csv.failed.txt')
    expect(await visible()).not.toContain('b.csv.answers.csv')
  })

  test('follows no link, and writes over nothing that is not its own', async () => {
    await writeFile(join(place, 'secret.txt'), 'secret')
    await symlink(join(place, 'secret.txt'), join(incoming, 'link.txt'))
    await symlink(place, join(incoming, 'folder'))
    await put('mine.txt', 'abba')
    await writeFile(join(outgoing, 'mine.txt.answers.csv'), 'mine')
    await put('other.docx', 'abba')
    await writeFile(join(outgoing, 'other.docx.failed.txt'), 'mine')
    for (let i = 0; i < 2; i++) await twice(await open())
    expect(await answers('link.txt.failed.txt')).toBe(
      'link.txt cannot be answered: it is a link, and only files of the watched folder itself are read.\n'
    )
    expect(await answers('folder.failed.txt')).toContain('folder cannot be answered')
    expect(await answers('mine.txt.answers.csv')).toBe('mine')
    expect(await answers('mine.txt.failed.txt')).toContain('is not from this watch. Move it away.')
    expect(await answers('other.docx.failed.txt')).toBe('mine')
    for (const name of await visible()) expect(await answers(name)).not.toContain('secret')
  })

  test('takes half a journal and half a file of answers for what they are', async () => {
    await put('a.txt', 'abba dab')
    await twice(await open())
    const journal = await answers('.attune-watch.jsonl')
    await writeFile(join(outgoing, '.attune-watch.jsonl'), `${journal}{"name":"b.txt","sha`)
    await writeFile(join(outgoing, 'b.txt.answers.csv.4711.tmp'), 'half')
    await twice(await open())
    expect(news).toHaveLength(1)
    expect(await visible()).toEqual(['a.txt.answers.csv'])
    // Cut short between writing and noting it, what is there is its own.
    const begun = JSON.stringify({ ...(JSON.parse(journal.trim().split('\n')[0]!) as object), outcome: 'begun' })
    await writeFile(join(outgoing, '.attune-watch.jsonl'), `${begun}\n`)
    await twice(await open())
    expect(news.map(({ kind }) => kind)).toEqual(['answered', 'answered'])
  })

  test('ends with a sentence where the folder is gone', async () => {
    const watch = await open()
    await rename(incoming, join(place, 'elsewhere'))
    await expect(watch.look(never)).rejects.toMatchObject({ code: 'watch-folder' })
  })
})

describe('attune predict --watch', () => {
  test('answers what comes until Ctrl+C, and goes on after a restart', async () => {
    const [incoming, outgoing] = [join(root, 'incoming'), join(root, 'outgoing')]
    await mkdir(incoming)
    await writeFile(join(incoming, 'a.txt'), 'abba dab')
    const watch = async (until: number): Promise<CliEvent[]> => {
      const child = spawn(process.execPath, [program, 'predict', letters, '--watch', incoming, '--out', outgoing, '--json'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: bareEnvironment(home)
      })
      const events: CliEvent[] = []
      createInterface({ input: child.stdout }).on('line', (line) => {
        events.push(JSON.parse(line) as CliEvent) // Every line of --json is an event.
        if (events.length === 2 && until > 2) void writeFile(join(incoming, 'b.txt'), 'cede bed')
        if (events.length === until) child.kill('SIGINT')
      })
      expect((await once(child, 'close'))[0]).toBe(0)
      return events
    }
    const first = await watch(3)
    expect(first.map(({ event, name }) => [event, name])).toEqual([
      ['watching', undefined],
      ['file', 'a.txt'],
      ['file', 'b.txt'],
      ['finished', undefined]
    ])
    await writeFile(join(incoming, 'c.txt'), 'faca bed')
    const second = await watch(2)
    expect(second.map(({ event, name }) => [event, name])).toEqual([
      ['watching', undefined],
      ['file', 'c.txt'],
      ['finished', undefined]
    ])
    expect((await readdir(outgoing)).sort()).toEqual([
      '.attune-watch.jsonl',
      'a.txt.answers.csv',
      'b.txt.answers.csv',
      'c.txt.answers.csv'
    ])
    expect(restarts).toBe(0)
  })

  test('answers with an adapter on its base model; files of folders inside are left alone', async () => {
    const [adapter, incoming, outgoing] = ['adapter', 'for-adapter', 'by-adapter'].map((name) => join(root, name)) as [
      string,
      string,
      string
    ]
    await attune(['export', letters, '--format', 'peft', '--out', adapter], { home })
    await mkdir(join(incoming, 'inside'), { recursive: true })
    for (const name of ['a.txt', 'inside/b.txt']) await writeFile(join(incoming, name), 'abba dab')
    const base = join(project.folder, 'model')
    const words = ['predict', adapter, '--base', base, '--watch', incoming, '--out', outgoing, '--json']
    const cli = await attune(words, {
      home,
      onEvent: (event, { kill }) => {
        if (event.event === 'file') kill('SIGINT')
      }
    })
    expect(cli.events()).toMatchObject([
      { event: 'watching', model: 'adapter' },
      { event: 'file', name: 'a.txt' },
      { event: 'finished', files: 1 }
    ])
    expect((await readdir(outgoing)).sort()).toEqual(['.attune-watch.jsonl', 'a.txt.answers.csv'])
  })

  test.each([
    [['--out', 'x'], 'needs --data FILE, or --watch FOLDER'],
    [['--out', 'x', '--data', 'a.csv', '--watch', 'in'], '--data or --watch, not both'],
    [['--out', 'x', '--data', 'a.csv', '--form', 'csv'], '--form belongs to --watch'],
    [['--out', 'x', '--watch', 'in', '--form', 'pdf'], 'csv, xlsx, jsonl'],
    [['--out', 'x', '--watch', 'nowhere'], 'There is no folder nowhere to watch'],
    [['--out', 'project', '--watch', 'project'], 'cannot go into the folder that is watched']
  ])('%j is refused', async (words, sentence) => {
    const cli = await attune(['predict', letters, ...words, '--json'], { home, cwd: root })
    expect(cli.events().at(-1)).toMatchObject({ event: 'failed', code: 'usage', message: expect.stringContaining(sentence) })
  })
})
