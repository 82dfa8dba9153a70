import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { utf16Offsets } from '../../src/main/data/spans/span.ts'
import { parseRunReport } from '../../src/main/report/check-report.ts'
import { attune, type CliEvent, type CliOptions, type CliRun } from '../helpers/attune.ts'
import { makeTinyQuestions, squadFile } from '../helpers/tiny-questions.ts'
import { tinyDocuments } from '../helpers/tiny-marks.ts'

let root: string
let home: string
let project: Awaited<ReturnType<typeof makeTinyQuestions>>
let trained: CliRun
let folder: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-questions-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyQuestions(join(root, 'project'))
  trained = await run('train', await project.questionsConfig('questions', {}))
  folder = String(last(trained)['run'])
})

afterAll(() => rm(root, { recursive: true, force: true }))

const run = (...words: readonly string[]): Promise<CliRun> => attune([...words, '--json'], { home })
const watched = (words: readonly string[], onEvent: CliOptions['onEvent']): Promise<CliRun> =>
  attune([...words, '--json'], { home, ...(onEvent && { onEvent }) })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

interface Measured {
  readonly value: number
}
function testMetric(cli: CliRun, name: string): number {
  expect(last(cli)).toMatchObject({ event: 'finished' })
  return (last(cli)['metrics'] as { test: Record<string, Measured> }).test[name]?.value ?? Number.NaN // As the event is declared.
}

interface Answered {
  readonly id: string
  readonly question: string
  readonly answered: boolean
  readonly answer: { readonly text: string; readonly start: number; readonly end: number } | null
  readonly score: number
}

describe('a run that finds answers, by the command line', () => {
  test('learns, and reports SQuAD’s numbers with two baselines beside', async () => {
    expect(last(trained)).toMatchObject({ event: 'finished', baselines: [{ id: 'nearest' }, { id: 'known' }] })
    expect(testMetric(trained, 'answer_f1')).toBeGreaterThan(0.7)
    const report = parseRunReport(await readFile(join(folder, 'report.json'), 'utf8'))
    expect(report.task).toEqual({ id: 'question-answering', kind: 'answers' })
    expect(report.evaluation).toMatchObject({ kind: 'answers', classNames: ['NAME', 'PLACE'], documents: 24, rows: 48 })
    expect(report.evaluation).toMatchObject({ threshold: expect.any(Number), intervals: { unit: 'groups' } })
    const html = await readFile(join(folder, 'report.html'), 'utf8')
    expect(html).toContain('of questions exactly right')
    for (const { text } of tinyDocuments(160, 1)) expect(html).not.toContain(text)
  })

  test('answers every question of other texts, with the place and its score, and says where there is none', async () => {
    const out = join(root, 'answers.jsonl')
    const predicted = await run('predict', folder, '--data', join(project.folder, 'more-marks.jsonl'), '--out', out)
    const found = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answered) // As predict writes it.
    const documents = tinyDocuments(40, 2)
    expect(found.map(({ id, question }) => `${id} ${question}`)).toEqual(
      documents.flatMap(({ id }) => [`${id} NAME`, `${id} PLACE`])
    )
    for (const [i, { answered, answer, score }] of found.entries()) {
      const { text } = documents[Math.floor(i / 2)] ?? { text: '' }
      const units = utf16Offsets(text)
      expect(answered).toBe(answer !== null)
      expect(score).toBeGreaterThan(0)
      if (answer) expect(text.slice(units[answer.start], units[answer.end])).toBe(answer.text)
    }
    const isThere = (i: number): boolean =>
      documents[Math.floor(i / 2)]?.spans.some(({ label }) => label === found[i]?.question) ?? false
    expect(last(predicted)).toMatchObject({ rows: 80, unanswered: found.filter(({ answered }) => !answered).length })
    const none = found.filter((_, i) => !isThere(i))
    expect(none.filter(({ answered }) => !answered).length).toBeGreaterThan(none.length / 2)

    const judged = await run('evaluate', folder, '--data', join(project.folder, 'more-marks.jsonl'))
    const right = found.filter(({ answer, question }, i) => {
      const own = documents[Math.floor(i / 2)]
      const marks = own?.spans.filter(({ label }) => label === question) ?? []
      return answer === null ? marks.length === 0 : marks.some(({ start, end }) => own?.text.slice(start, end) === answer.text)
    })
    expect(testMetric(judged, 'exact_match')).toBeGreaterThanOrEqual(right.length / found.length)
    const table = join(root, 'answers.csv')
    expect((await run('predict', folder, '--data', join(project.folder, 'more-marks.jsonl'), '--out', table)).code).toBe(0)
    expect((await readFile(table, 'utf8')).split('\n')[0]).toBe('id,question,answered,answer,start,end,score')
  })
})

const squad = { file: 'squad.json', text: 'context', question: 'question', answers: 'answers', id: 'id', group: 'title' }

test.each([
  ['SQuAD’s own JSON with LoRA', {}, { method: { type: 'lora', r: 4 } }],
  ['overlapping windows with the head alone on a frozen prefix', { max_length: 14 }, { method: { type: 'head' } }],
  ['packed rows with BitFit', { packing: true, group_by_length: false }, { method: { type: 'bitfit' } }]
])('trains %s, the loss falling', async (_, training, extra) => {
  const cli = await run(
    'train',
    await project.questionsConfig('variant', { num_train_epochs: 6, ...training }, { data: squad, ...extra })
  )
  expect(last(cli)).toMatchObject({ event: 'finished' })
  const losses = cli.events().flatMap(({ event, loss }) => (event === 'step' ? [Number(loss)] : []))
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)))
})

test.runIf(process.platform === 'linux')('killed and resumed, ends with the same weights', async () => {
  const training = { num_train_epochs: 3, save_steps: 8 }
  const whole = await run('train', await project.questionsConfig('whole', training))
  const config = await project.questionsConfig('killed', training)
  let isKilled = false
  const cut = await watched(['train', config], (event, cli) => {
    if (isKilled || event.event !== 'step' || Number(event['step']) < 20) return
    isKilled = true
    void cli.trainer().then((pid) => process.kill(pid, 'SIGKILL'))
  })
  expect(last(cut)).toMatchObject({ event: 'failed', code: 'trainer-crashed' })
  const resumed = await run('train', config, '--resume')
  expect(last(resumed)).toMatchObject({ event: 'finished', weights_hash: last(whole)['weights_hash'] })
  expect(testMetric(resumed, 'answer_f1')).toBe(testMetric(whole, 'answer_f1'))
})

test('always answers where every training question has an answer', async () => {
  const json = JSON.parse(squadFile(60, 3)) as { data: { paragraphs: { qas: { answers: unknown[] }[] }[] }[] } // As it was written.
  for (const { paragraphs } of json.data)
    for (const paragraph of paragraphs) paragraph.qas = paragraph.qas.filter(({ answers }) => answers.length > 0)
  await writeFile(join(project.folder, 'answered.json'), JSON.stringify(json))
  const data = { ...squad, file: 'answered.json' }
  const cli = await run('train', await project.questionsConfig('answered', { num_train_epochs: 1 }, { data }))
  const report = parseRunReport(await readFile(join(String(last(cli)['run']), 'report.json'), 'utf8'))
  expect(report.evaluation).toMatchObject({ threshold: null, metrics: { no_answer_exact: null } })
})

test('plans, and refuses answers that do not stand in their texts, with their line', async () => {
  const planned = await run('plan', await project.questionsConfig('plan', { packing: true }))
  expect(last(planned)).toMatchObject({ event: 'finished', rows: { train: 224, validation: 48, test: 48 } })
  expect(last(planned)['memory']).toMatchObject({ probed_bytes: expect.any(Number) })
  const rows = ['context,question,answers', 'abba cede,face,abba', 'abba cede,face,dace']
  await writeFile(join(project.folder, 'wrong.csv'), rows.join('\n'))
  const data = { file: 'wrong.csv', text: 'context', question: 'question', answers: 'answers' }
  const refused = await run('plan', await project.questionsConfig('wrong', {}, { data }))
  expect(last(refused)).toMatchObject({ event: 'failed', code: 'data_spans_invalid' })
  expect(String(last(refused)['message'])).toContain('Line 3 of wrong.csv')
})
