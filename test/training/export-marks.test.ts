import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codePointOffsets } from '../../src/main/data/spans/span.ts'
import type { MarksFile } from '../../src/main/export/marks/marks-file.ts'
import { openCheckpoint } from '../../src/main/engine/weights/checkpoint-folder.ts'
import { OpenModel } from '../../src/main/runs/serving/open-model.ts'
import type { AnswerForm } from '../../src/main/runs/watch/answer-file.ts'
import { FolderWatch } from '../../src/main/runs/watch/folder-watch.ts'
import { trainerProgram, type CliEvent, type CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { makeTinyMarks, tinyDocuments } from '../helpers/tiny-marks.ts'

let root: string
let home: string
let project: Awaited<ReturnType<typeof makeTinyMarks>>
/** A LoRA run in windows, and one with a conditional random field that tags every token. */
let plain: string
let crf: string

const run = (...words: readonly string[]): Promise<CliRun> => hostedAttune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

async function trained(name: string, training: object, extra: Readonly<Record<string, object>>): Promise<string> {
  const cli = await run('train', await project.marksConfig(name, { ...training }, extra))
  expect(last(cli), cli.stderr).toMatchObject({ event: 'finished' })
  return String(last(cli)['run'])
}

const exported = async (runFolder: string, format: string, name: string, ...more: readonly string[]): Promise<CliEvent> =>
  last(await run('export', runFolder, '--format', format, '--out', join(root, name), ...more))

interface Found {
  readonly start: number
  readonly end: number
  readonly label: string
}

/** What `attune predict` finds in the other texts, each passage as one word. */
async function found(folder: string, name: string, data?: string, ...more: readonly string[]): Promise<readonly string[]> {
  const out = join(root, `found-${name}.jsonl`)
  const file = data === undefined ? join(project.folder, 'more-marks.jsonl') : join(root, data)
  const cli = await run('predict', folder, '--data', file, '--out', out, ...more)
  expect(last(cli), cli.stderr).toMatchObject({ event: 'finished' })
  const lines = (await readFile(out, 'utf8')).trim().split('\n')
  return lines.flatMap((line, row) => {
    const { marks } = JSON.parse(line) as { marks: Found[] } // As predict writes it.
    return marks.map(({ start, end, label }) => `${row} ${start} ${end} ${label}`)
  })
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-export-marks-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyMarks(join(root, 'project'))
  await symlink(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'), 'junction')
  const method = {
    type: 'lora',
    r: 8,
    target_modules: 'all-linear',
    bias: 'all',
    modules_to_save: ['embeddings.word_embeddings']
  }
  plain = await trained('plain', { max_length: 14, num_train_epochs: 20, learning_rate: 0.005 }, { method })
  crf = await trained('crf', { num_train_epochs: 8 }, { head: { crf: true, scheme: 'BILOU', labelled: 'all' } })
})
afterAll(() => rm(root, { recursive: true, force: true }))

interface Replay {
  readonly rows: number
  readonly of: number
  readonly largest_logit: number
  readonly largest_logit_difference: number
  readonly before: Readonly<Record<string, number>>
  readonly after: Readonly<Record<string, number>>
  readonly passages: Readonly<Record<string, number>>
}

/** A replay in which nothing changed, and which had something that could. */
function expectSame(finished: CliEvent, apart = 1e-5): void {
  expect(finished).toMatchObject({ event: 'finished', replay: { changed_rows: 0, passages: { changed: 0 } } })
  const replay = finished['replay'] as Replay // As exportRun wrote it.
  expect(replay.rows).toBe(replay.of)
  expect(replay.passages['before']).toBeGreaterThan(10)
  expect(replay.after).toEqual(replay.before)
  expect(replay.before['micro_f1']).toBeGreaterThan(0.4)
  expect(replay.largest_logit_difference / Math.max(1, replay.largest_logit)).toBeLessThan(apart)
}

describe('a run that marks passages', () => {
  test('leaves as a model folder for transformers, with tags, card and the way to read them', async () => {
    expectSame(await exported(plain, 'huggingface', 'hf'))
    const config = JSON.parse(await readFile(join(root, 'hf/config.json'), 'utf8')) as Record<string, unknown>
    expect(config).toMatchObject({
      architectures: ['BertForTokenClassification'],
      id2label: { 0: 'O', 1: 'B-NAME', 2: 'I-NAME', 3: 'B-PLACE', 4: 'I-PLACE' },
      label2id: { O: 0, 'I-PLACE': 4 }
    })
    expect(config).not.toHaveProperty('problem_type')
    const names = [...(await openCheckpoint(join(root, 'hf'))).tensors.keys()]
    expect(names).toContain('classifier.weight')
    expect(names.filter((name) => name.includes('lora') || name.includes('pooler'))).toEqual([])
    const marks = JSON.parse(await readFile(join(root, 'hf/marks.json'), 'utf8')) as MarksFile
    expect(marks).toMatchObject({ kinds: ['NAME', 'PLACE'], scheme: 'BIO', labelled: 'first', crf: false, max_length: 14 })
    expect(marks.transitions.between[0]).toEqual([0, 0, -10_000, 0, -10_000])
    const card = await readFile(join(root, 'hf/README.md'), 'utf8')
    expect(card).toContain('pipeline_tag: token-classification')
    expect(card).toContain('pipeline("token-classification"')
    expect(card).toMatch(/\| Micro-F1 \| 0\.\d+ \| 0\.\d+–[01]\.\d+ \| 0\.\d+ \|/)
    for (const name of ['hf/README.md', 'hf/datasheet.md', 'hf/report.html', 'hf/manifest.json']) {
      const page = await readFile(join(root, name), 'utf8')
      for (const { text } of tinyDocuments(160, 1)) expect(page).not.toContain(text)
    }
  })

  test.each([
    ['peft', 'adapter'],
    ['onnx', 'onnx'],
    ['onnx-parts', 'parts'],
    ['attune', 'whole.attune'],
    ['attune-adapter', 'adapter.attune']
  ])('leaves as %s and finds the same', async (format, name) => {
    const [form, ...more] = format === 'attune-adapter' ? ['attune', '--adapter'] : [format]
    expectSame(await exported(plain, form ?? '', name, ...more))
  })

  test('leaves in 16 bits within their own tolerance, and in few bits judged by F1', async () => {
    const half = await exported(plain, 'onnx-fp16', 'onnx-fp16')
    expect(half).toMatchObject({ event: 'finished' })
    expect((half['replay'] as Replay).largest_logit_difference).toBeGreaterThan(1e-6)
    for (const [format, name, ...more] of [
      ['onnx-int8', 'int8-static', '--quantization', 'static'],
      ['onnx-int4', 'int4']
    ] as const) {
      const finished = await exported(plain, format, name, ...more)
      // Either is honest: a model as small as this may lose more than it is allowed.
      if (finished.event === 'finished') expect(finished).toMatchObject({ replay: { loss: { metric: 'micro_f1' } } })
      else {
        expect(finished).toMatchObject({ code: 'export-differs', message: expect.stringContaining('points of micro-F1') })
        expect(await readdir(root)).not.toContain(name)
      }
    }
  })

  test('with a conditional random field leaves with its transitions, and not where there is no class for it', async () => {
    for (const format of ['huggingface', 'peft']) {
      const refused = await exported(crf, format, `crf-${format}`)
      expect(refused).toMatchObject({ event: 'failed', code: 'export-unsupported' })
      if (format === 'huggingface') expect(String(refused['message'])).toContain('conditional random field')
    }
    expectSame(await exported(crf, 'onnx', 'crf-onnx'))
    expectSame(await exported(crf, 'attune', 'crf.attune'))
    const { crf: isLearned, tags } = JSON.parse(await readFile(join(root, 'crf-onnx/marks.json'), 'utf8')) as MarksFile
    expect(isLearned).toBe(true)
    expect(tags.slice(0, 5)).toEqual(['O', 'B-NAME', 'I-NAME', 'L-NAME', 'U-NAME'])
  })

  test.each([
    ['onnx', 'plain'],
    ['parts', 'plain'],
    ['crf-onnx', 'crf']
  ])('comes with an example for Node that finds what Attune finds (%s)', async (name, which) => {
    // Short enough for one window: the example cuts what is longer.
    const documents = tinyDocuments(40, 2).map(({ id, text }) => ({ id, text: text.split(' ').slice(0, 4).join(' ') }))
    expect(documents.some(({ text }) => text.startsWith('😀'))).toBe(true)
    const texts = documents.map(({ text }) => text)
    await writeFile(join(root, 'short.jsonl'), documents.map((each) => `${JSON.stringify(each)}\n`).join(''))
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, name, 'example.mjs'), ...texts], {
      encoding: 'utf8',
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
    })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const lines = stdout.trim().split('\n')
    const said = documents.flatMap(({ text }, i) => {
      const marks = JSON.parse(lines[i] ?? '[]') as { start: number; end: number; kind: string; text: string }[]
      const points = codePointOffsets(text)
      for (const mark of marks) expect(mark.text).toBe(text.slice(mark.start, mark.end))
      return marks.map(({ start, end, kind }) => `${i} ${points[start]} ${points[end]} ${kind}`)
    })
    const expected = await found(which === 'crf' ? crf : plain, `short-${which}`, 'short.jsonl')
    expect(expected.length).toBeGreaterThan(10)
    expect(said).toEqual(expected)
  })

  test('answers from every form that answers, a packed one once it is imported', async () => {
    const expected = await found(plain, 'of-run')
    expect(expected.length).toBeGreaterThan(20)
    for (const name of ['hf', 'onnx', 'parts']) expect(await found(join(root, name), `of-${name}`), name).toEqual(expected)
    const base = ['--base', join(project.folder, 'model')]
    expect(await found(join(root, 'adapter'), 'of-adapter', undefined, ...base)).toEqual(expected)
    const imported = last(await run('import', join(root, 'whole.attune'), '--yes'))
    expect(imported).toMatchObject({ event: 'finished' })
    expect(await found(String(imported['folder']), 'of-pack')).toEqual(expected)
    const adapter = await run(
      ...['import', join(root, 'adapter.attune'), '--yes', '--model', join(project.folder, 'model')],
      ...['--out', join(root, 'adapter-run')]
    )
    expect(last(adapter), adapter.stderr).toMatchObject({ event: 'finished' })
    expect(await found(join(root, 'adapter-run'), 'of-packed-adapter')).toEqual(expected)
    const ofCrf = await found(crf, 'of-crf')
    expect(await found(join(root, 'crf-onnx'), 'of-crf-onnx')).toEqual(ofCrf)
    const pack = last(await run('import', join(root, 'crf.attune'), '--yes'))
    expect(await found(String(pack['folder']), 'of-crf-pack')).toEqual(ofCrf)
  })

  test('finds beside the rules when documents are de-identified', async () => {
    await writeFile(join(root, 'letter.txt'), 'dab abba face cede dace\n')
    const out = join(root, 'clean.txt')
    const cli = await run(
      ...['deidentify', join(root, 'letter.txt'), '--out', out, '--model', join(root, 'onnx'), '--mask', 'NAME,PLACE']
    )
    expect(last(cli), cli.stderr).toMatchObject({ event: 'finished' })
    expect(await readFile(out, 'utf8')).toContain('[NAME]')
    const both = await run('deidentify', join(root, 'letter.txt'), '--out', out, '--model', plain, '--run', plain)
    expect(last(both)).toMatchObject({ event: 'failed', code: 'usage' })
  })

  test('answers other programs with passages, and files as they come with one line for each', async () => {
    const { model, facts } = await OpenModel.open({
      ...{ folder: join(root, 'onnx'), entry: trainerProgram, onRestart: () => undefined, onNote: () => undefined }
    })
    try {
      expect(facts).toMatchObject({ form: 'onnx', problem: 'token-classification', labels: ['NAME', 'PLACE'] })
      const texts = tinyDocuments(40, 2).map(({ text }) => text)
      const { answers } = await model.ask<'rows'>({ kind: 'rows', texts, pairs: null, mostTokens: 10_000 })
      const passages = answers.flatMap((answer, row) =>
        'passages' in answer ? answer.passages.map((each) => ({ ...each, row })) : []
      )
      const expected = await found(plain, 'served')
      expect(passages.map(({ row, start, end, kind }) => `${row} ${start} ${end} ${kind}`)).toEqual(expected)
      for (const { row, start, end, text, score } of passages) {
        expect([...(texts[row] ?? '')].slice(start, end).join('')).toBe(text)
        expect(score).toBeGreaterThan(0)
        expect(score).toBeLessThanOrEqual(1)
      }
      const [incoming, scratch] = ['in', 'scratch'].map((name) => join(root, 'watch', name)) as [string, string]
      for (const each of [incoming, scratch]) await mkdir(each, { recursive: true })
      await writeFile(join(incoming, 'rows.csv'), `name,text\nanna,${JSON.stringify(texts[3])}\nbert,dab bed\n`)
      const written = async (form: AnswerForm): Promise<string[]> => {
        const outgoing = join(root, 'watch', form)
        await mkdir(outgoing)
        const places = { incoming, outgoing, scratch, form }
        const watch = await FolderWatch.open({ model, facts, ...places, onNews: () => undefined, now: () => new Date() })
        for (let i = 0; i < 2; i++) await watch.look(new AbortController().signal)
        return (await readFile(join(outgoing, `rows.csv.answers.${form}`), 'utf8')).trim().split('\n')
      }
      const lines = await written('csv')
      expect(lines[0]).toBe('name,row,start,end,kind,passage,score')
      const first = expected.filter((each) => each.startsWith('3 ')).map((each) => each.split(' ').slice(1))
      expect(lines.slice(1, -1).map((line) => line.split(',').slice(2, 5))).toEqual(first)
      expect(lines.at(-1)).toBe('bert,2,,,,,')
      const rows = (await written('jsonl')).map((line) => JSON.parse(line) as Record<string, unknown>)
      expect(rows[0]).toMatchObject({ name: 'anna', text: texts[3], passages: first.map(([, , kind]) => ({ kind })) })
      expect(rows[1]).toMatchObject({ name: 'bert', passages: [] })
    } finally {
      await model.dispose()
    }
  })

  test('is checked on any machine: its metrics, and one byte or one tag that changed', async () => {
    const data = ['--data', join(project.folder, 'marks.jsonl')]
    for (const name of ['hf', 'onnx', 'crf-onnx', 'whole.attune'])
      expect(last(await run('verify', join(root, name), ...data)), name).toMatchObject({
        event: 'finished',
        metrics: { micro_f1: expect.any(Number) }
      })
    const other = await run('verify', join(root, 'hf'), '--data', join(project.folder, 'more-marks.jsonl'))
    expect(last(other)).toMatchObject({ event: 'failed', code: 'verify-data' })
    await cp(join(root, 'hf'), join(root, 'changed'), { recursive: true })
    const marks = await readFile(join(root, 'changed/marks.json'), 'utf8')
    await writeFile(join(root, 'changed/marks.json'), marks.replace('"I-NAME"', '"I-PLACE"'))
    expect(last(await run('verify', join(root, 'changed')))).toMatchObject({ event: 'failed', code: 'verify-file' })
  })
})
