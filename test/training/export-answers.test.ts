import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { utf16Offsets } from '../../src/main/data/spans/span.ts'
import { openCheckpoint } from '../../src/main/engine/weights/checkpoint-folder.ts'
import type { AnsweringFile } from '../../src/main/export/answering/answering-file.ts'
import { OpenModel } from '../../src/main/runs/serving/open-model.ts'
import type { AnswerForm } from '../../src/main/runs/watch/answer-file.ts'
import { FolderWatch } from '../../src/main/runs/watch/folder-watch.ts'
import { trainerProgram, type CliEvent, type CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { tinyDocuments } from '../helpers/tiny-marks.ts'
import { makeTinyQuestions } from '../helpers/tiny-questions.ts'

let root: string
let home: string
let project: Awaited<ReturnType<typeof makeTinyQuestions>>
/** A LoRA run in windows that asks two questions of every text. */
let trained: string

const run = (...words: readonly string[]): Promise<CliRun> => hostedAttune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }
const exported = async (format: string, name: string, ...more: readonly string[]): Promise<CliEvent> =>
  last(await run('export', trained, '--format', format, '--out', join(root, name), ...more))

interface Answered {
  readonly id: string
  readonly question: string
  readonly answer: { readonly text: string; readonly start: number; readonly end: number } | null
  readonly score: number
}

/** What `attune predict` answers, a question each. */
async function answersOf(folder: string, name: string, ...more: readonly string[]): Promise<readonly Answered[]> {
  const out = join(root, `answers-${name}.jsonl`)
  const data = more.includes('--data') ? [] : ['--data', join(project.folder, 'more-marks.jsonl')]
  const cli = await run('predict', folder, ...data, '--out', out, ...more)
  expect(last(cli), cli.stderr).toMatchObject({ event: 'finished' })
  return (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answered) // As predict writes it.
}

/** By their order: an imported adapter does not know the column of names. */
const short = (answers: readonly Answered[]): readonly string[] =>
  answers.map(({ question, answer }, i) => `${i} ${question} ${answer ? `${answer.start}–${answer.end}` : 'none'}`)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-export-answers-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyQuestions(join(root, 'project'))
  await symlink(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'), 'junction')
  const method = {
    ...{ type: 'lora', r: 8, target_modules: 'all-linear', bias: 'all' },
    modules_to_save: ['embeddings.word_embeddings']
  }
  const config = await project.questionsConfig('answers', { max_length: 16, num_train_epochs: 40 }, { method })
  const cli = await run('train', config)
  expect(last(cli), cli.stderr).toMatchObject({ event: 'finished' })
  trained = String(last(cli)['run'])
})
afterAll(() => rm(root, { recursive: true, force: true }))

interface Replay {
  readonly rows: number
  readonly of: number
  readonly largest_logit: number
  readonly largest_logit_difference: number
  readonly before: Readonly<Record<string, number>>
  readonly after: Readonly<Record<string, number>>
  readonly answers: { readonly before: number; readonly after: number }
}

/** A replay in which nothing changed, and which had something that could. */
function expectSame(finished: CliEvent): void {
  expect(finished).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
  const replay = finished['replay'] as Replay // As exportRun wrote it.
  expect(replay.rows).toBe(replay.of)
  expect(replay.answers.after).toBe(replay.answers.before)
  expect(replay.answers.before).toBeGreaterThan(10)
  expect(replay.after).toEqual(replay.before)
  expect(replay.before['answer_f1']).toBeGreaterThan(0.4)
  expect(replay.largest_logit_difference / Math.max(1, replay.largest_logit)).toBeLessThan(1e-5)
}

describe('a run that answers questions', () => {
  test('leaves as a model folder for transformers, with card and the way to read answers', async () => {
    expectSame(await exported('huggingface', 'hf'))
    const config = JSON.parse(await readFile(join(root, 'hf/config.json'), 'utf8')) as Record<string, unknown>
    expect(config).toMatchObject({ architectures: ['BertForQuestionAnswering'] })
    for (const key of ['problem_type', 'id2label', 'label2id']) expect(config).not.toHaveProperty(key)
    const names = [...(await openCheckpoint(join(root, 'hf'))).tensors.keys()]
    expect(names).toContain('qa_outputs.weight')
    expect(names.filter((name) => name.includes('lora') || name.includes('pooler'))).toEqual([])
    const how = JSON.parse(await readFile(join(root, 'hf/answering.json'), 'utf8')) as AnsweringFile
    expect(how).toMatchObject({ questions: { NAME: ['face dab', 'fade dab'], PLACE: ['bed ace'] }, max_length: 16, n_best: 20 })
    expect(how.threshold).toEqual(expect.any(Number))
    const card = await readFile(join(root, 'hf/README.md'), 'utf8')
    expect(card).toContain('pipeline_tag: question-answering')
    expect(card).toContain('AutoModelForQuestionAnswering')
    expect(card).toMatch(/\| F1 of answers \| [01]\.\d+ \| [01]\.\d+–[01]\.\d+ \| [01](?:\.\d+)? \|/)
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
    ['attune --adapter', 'adapter.attune']
  ])('leaves as %s and answers the same', async (format, name) => {
    const [form = '', ...more] = format.split(' ')
    expectSame(await exported(form, name, ...more))
  })

  test('leaves in 16 bits within their own tolerance, and in few bits judged by F1', async () => {
    const half = await exported('onnx-fp16', 'onnx-fp16')
    expect(half).toMatchObject({ event: 'finished' })
    expect((half['replay'] as Replay).largest_logit_difference).toBeGreaterThan(1e-6)
    for (const [format, name, ...more] of [
      ['onnx-int8', 'int8-static', '--quantization', 'static'],
      ['onnx-int4', 'int4']
    ] as const) {
      const finished = await exported(format, name, ...more)
      // Either is honest: a model as small as this may lose more than it is allowed.
      if (finished.event === 'finished') expect(finished).toMatchObject({ replay: { loss: { metric: 'answer_f1' } } })
      else {
        expect(finished).toMatchObject({ code: 'export-differs', message: expect.stringContaining('points of F1') })
        expect(await readdir(root)).not.toContain(name)
      }
    }
  })

  test.each(['onnx', 'parts'])('comes with an example for Node that answers what Attune does (%s)', async (name) => {
    const documents = tinyDocuments(40, 2).filter(({ text }) => text.startsWith('😀') || text.split(' ').length > 5)
    const expected = await answersOf(trained, `expected-${name}`)
    for (const { id, text } of documents.slice(0, 4)) {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [join(root, name, 'example.mjs'), text, 'face dab', 'bed ace'],
        {
          encoding: 'utf8',
          env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
        }
      )
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
      const units = utf16Offsets(text)
      const own = expected.filter((each) => each.id === id)
      const said = stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Answered).answer)
      expect(said.map((each) => each && [each.start, each.end, each.text])).toEqual(
        own.map(({ answer }) => answer && [units[answer.start], units[answer.end], answer.text])
      )
    }
  })

  test('answers from every form that answers, a packed one once it is imported', async () => {
    const expected = await answersOf(trained, 'of-run')
    expect(expected.filter(({ answer }) => answer !== null).length).toBeGreaterThan(20)
    for (const name of ['hf', 'onnx', 'parts'])
      expect(short(await answersOf(join(root, name), `of-${name}`)), name).toEqual(short(expected))
    const base = ['--base', join(project.folder, 'model')]
    expect(short(await answersOf(join(root, 'adapter'), 'of-adapter', ...base))).toEqual(short(expected))
    const imported = last(await run('import', join(root, 'whole.attune'), '--yes'))
    expect(imported).toMatchObject({ event: 'finished' })
    expect(short(await answersOf(String(imported['folder']), 'of-pack'))).toEqual(short(expected))
    const adapter = await run(
      ...['import', join(root, 'adapter.attune'), '--yes', '--model', join(project.folder, 'model')],
      ...['--out', join(root, 'adapter-run')]
    )
    expect(last(adapter), adapter.stderr).toMatchObject({ event: 'finished' })
    expect(short(await answersOf(join(root, 'adapter-run'), 'of-packed-adapter'))).toEqual(short(expected))
  })

  test('answers other programs, and files as they come, with its own questions or those that are sent', async () => {
    const { model, facts } = await OpenModel.open({
      ...{ folder: join(root, 'onnx'), entry: trainerProgram, onRestart: () => undefined, onNote: () => undefined }
    })
    try {
      expect(facts).toMatchObject({ form: 'onnx', problem: 'question-answering', labels: ['NAME', 'PLACE'] })
      expect(facts.questions).toEqual([
        { name: 'NAME', wording: 'face dab' },
        { name: 'PLACE', wording: 'bed ace' }
      ])
      const texts = tinyDocuments(40, 2).map(({ text }) => text)
      const asked = await answersOf(trained, 'asked', '--ask', 'face dab | bed ace')
      expect(asked.slice(0, 2).map(({ question }) => question)).toEqual(['face dab', 'bed ace'])
      const own = await model.ask<'rows'>({ kind: 'rows', texts, pairs: null, mostTokens: 20_000 })
      const sent = await model.ask<'rows'>({ kind: 'rows', texts, pairs: texts.map(() => 'face dab'), mostTokens: 20_000 })
      const each = (answers: typeof own.answers): readonly Answered[] =>
        answers.flatMap((answer) => ('answers' in answer ? answer.answers : [])).map((one) => ({ id: '', ...one }))
      const places = (answers: readonly Answered[]) =>
        answers.map(({ answer }) => answer && [answer.start, answer.end, answer.text])
      expect(places(each(own.answers))).toEqual(places(asked))
      expect(places(each(sent.answers))).toEqual(places(asked.filter(({ question }) => question === 'face dab')))
      await expect(model.ask<'rows'>({ kind: 'rows', texts, pairs: null, mostTokens: 10 })).rejects.toThrow('tokens together')
      const [incoming, scratch] = ['in', 'scratch'].map((name) => join(root, 'watch', name)) as [string, string]
      for (const folder of [incoming, scratch]) await mkdir(folder, { recursive: true })
      await writeFile(join(incoming, 'rows.csv'), `name,text\nanna,${JSON.stringify(texts[3])}\nbert,dab bed\n`)
      const written = async (form: AnswerForm, questions?: readonly string[]): Promise<string[]> => {
        const outgoing = join(root, 'watch', form)
        await mkdir(outgoing)
        const watch = await FolderWatch.open({
          ...{ model, facts, questions, incoming, outgoing, scratch, form, onNews: () => undefined, now: () => new Date() }
        })
        for (let i = 0; i < 2; i++) await watch.look(new AbortController().signal)
        return (await readFile(join(outgoing, `rows.csv.answers.${form}`), 'utf8')).trim().split('\n')
      }
      const lines = await written('csv')
      expect(lines[0]).toBe('name,row,question,answered,answer,start,end,score')
      expect(lines.slice(1).map((line) => line.split(',').slice(0, 4).join())).toEqual(
        [3, null].flatMap((row) =>
          ['NAME', 'PLACE'].map((name, i) => {
            const found = row === null ? null : asked[2 * row + i]?.answer
            return expect.stringMatching(
              `^${row === null ? 'bert,2' : 'anna,1'},${name},${row === null ? '' : found ? 'yes' : 'no'}`
            ) as string
          })
        )
      )
      const rows = (await written('jsonl', ['bed ace'])).map((line) => JSON.parse(line) as { answers: Answered[] })
      expect(rows.map(({ answers }) => answers.map(({ question }) => question))).toEqual([['bed ace'], ['bed ace']])
      expect(places(rows[0]?.answers ?? [])).toEqual(places(asked.slice(7, 8)))
    } finally {
      await model.dispose()
    }
  })

  test('is checked on any machine: its metrics, and one number that changed', async () => {
    const data = ['--data', join(project.folder, 'marks.jsonl')]
    for (const name of ['hf', 'onnx', 'whole.attune'])
      expect(last(await run('verify', join(root, name), ...data)), name).toMatchObject({
        event: 'finished',
        metrics: { answer_f1: expect.any(Number), exact_match: expect.any(Number) }
      })
    const other = await run('verify', join(root, 'hf'), '--data', join(project.folder, 'more-marks.jsonl'))
    expect(last(other)).toMatchObject({ event: 'failed', code: 'verify-data' })
    await cp(join(root, 'hf'), join(root, 'changed'), { recursive: true })
    const how = JSON.parse(await readFile(join(root, 'changed/answering.json'), 'utf8')) as AnsweringFile
    await writeFile(join(root, 'changed/answering.json'), JSON.stringify({ ...how, threshold: 1 }))
    expect(last(await run('verify', join(root, 'changed')))).toMatchObject({ event: 'failed', code: 'verify-file' })
  })
})
