import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromCodePoints, type Span } from '../../src/main/data/spans/span.ts'
import type { Passage } from '../../src/preload/contract/marking.ts'
import { finishedOf } from '../../src/main/runs/outcome.ts'
import { runTaskBehind } from '../../src/main/runs/supervisor.ts'
import type { PassagesInText } from '../../src/main/worker/passages-in-texts.ts'
import type { TrainerTask } from '../../src/main/worker/protocol.ts'
import { parseRunReport } from '../../src/main/report/check-report.ts'
import { attune, trainerProgram, type CliEvent, type CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { makeTinyMarks, marksFile, tinyDocuments } from '../helpers/tiny-marks.ts'

let root: string
let home: string
let project: Awaited<ReturnType<typeof makeTinyMarks>>

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-marks-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyMarks(join(root, 'project'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

const run = (...words: readonly string[]): Promise<CliRun> => hostedAttune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

/** The last event, which must be that of a task that ended well. */
function expectFinished(cli: CliRun): CliEvent {
  expect(last(cli)).toMatchObject({ event: 'finished' })
  return last(cli)
}

interface Measured {
  readonly value: number
}
const testMetric = (cli: CliRun, name: string): number =>
  (expectFinished(cli)['metrics'] as { test: Record<string, Measured> }).test[name]?.value ?? Number.NaN // As the event is declared.

describe('a run that marks passages, by the command line', () => {
  let trained: CliRun
  let folder: string

  beforeAll(async () => {
    trained = await run('train', await project.marksConfig('marks', {}))
    folder = String(last(trained)['run'])
  })

  test('learns, and reports strict numbers with a dictionary beside', async () => {
    expect(last(trained)).toMatchObject({ event: 'finished', baselines: [{ id: 'dictionary' }] })
    expect(testMetric(trained, 'micro_f1')).toBeGreaterThan(0.6)
    const report = parseRunReport(await readFile(join(folder, 'report.json'), 'utf8'))
    expect(report.task).toEqual({ id: 'token-classification', kind: 'spans' })
    expect(report.evaluation).toMatchObject({ kind: 'spans', classNames: ['NAME', 'PLACE'], rows: 24 })
    const html = await readFile(join(folder, 'report.html'), 'utf8')
    expect(html).toContain('of the passages')
    const documents = tinyDocuments(160, 1)
    for (const { text } of documents) expect(html).not.toContain(text)
  })

  test('says as it goes how much validation finds, by the metric that decides', () => {
    const evaluations = trained.events().filter(({ event }) => event === 'evaluation')
    expect(evaluations.map(({ metric }) => metric)).toEqual(new Array(12).fill('micro_f1'))
    expect(evaluations.at(-1)?.['metrics']).toMatchObject({ micro_f1: expect.any(Number), loss: expect.any(Number) })
  })

  test('by kill -9 ends with the same weights once resumed', async () => {
    const config = await project.marksConfig('killed', { save_steps: 5 })
    let isKilled = false
    const killed = await attune(['train', config, '--json'], {
      home,
      onEvent: ({ event, step }, cli) => {
        if (isKilled || event !== 'step' || Number(step) < 32) return
        isKilled = true
        cli.kill('SIGKILL')
      }
    })
    expect(killed.signal).toBe('SIGKILL')
    const resumed = await run('train', config, '--resume')
    expect(resumed.events().find(({ event }) => event === 'step')?.['step']).toBeGreaterThan(1)
    expect(last(resumed)).toMatchObject({ event: 'finished', weights_hash: last(trained)['weights_hash'] })
  })

  test('writes the passages of other texts, which evaluate counts as the report would', async () => {
    const documents = tinyDocuments(40, 2)
    const out = join(root, 'found.jsonl')
    expect((await run('predict', folder, '--data', join(project.folder, 'more-marks.jsonl'), '--out', out)).code).toBe(0)
    const lines = (await readFile(out, 'utf8')).trim().split('\n')
    const found = lines.map((line) => JSON.parse(line) as { id: string; marks: (Span & { confidence: number })[] }) // As predict writes it.
    expect(found.map(({ id }) => id)).toEqual(documents.map(({ id }) => id))
    let [hits, said, there] = [0, 0, 0]
    for (const [i, { text, spans }] of documents.entries()) {
      const marks = fromCodePoints(text, found[i]?.marks ?? [])
      for (const { start, end } of marks) expect(text.slice(start, end)).toMatch(/^[a-f]+(?:[, ]+[a-f]+)*$/)
      hits += marks.filter((mark) => spans.some((span) => JSON.stringify(span) === JSON.stringify(mark))).length
      said += marks.length
      there += spans.length
    }
    const judged = await run('evaluate', folder, '--data', join(project.folder, 'more-marks.jsonl'))
    expect(testMetric(judged, 'micro_precision')).toBeCloseTo(hits / said, 12)
    expect(testMetric(judged, 'micro_recall')).toBeCloseTo(hits / there, 12)
    expect(hits).toBeGreaterThan(there / 2)
  })

  test('suggests the passages that it answers with, and says how sure it is of each text', async () => {
    const texts = [...tinyDocuments(8, 2).map(({ text }) => text), '']
    const options = { entry: trainerProgram, onEvent: () => undefined }
    const ask = async (task: TrainerTask) => finishedOf(await runTaskBehind(task, options))
    const found = (await ask({ kind: 'passages', runFolder: folder, texts }))['found'] as readonly PassagesInText[] // As passagesInTexts makes it.
    const answers = (await ask({ kind: 'answer', runFolder: folder, texts }))['answers'] as readonly {
      marks: readonly Passage[]
    }[] // As answerTexts does.
    expect(found.map(({ marks }) => marks.map(({ start, end, label }) => [start, end, label]))).toEqual(
      answers.map(({ marks }) => marks.map(({ start, end, kind }) => [start, end, kind]))
    )
    expect(found.some(({ marks }) => marks.length > 0)).toBe(true)
    for (const { marks, sureness } of found.slice(0, -1)) {
      const least = Math.min(1, ...marks.map(({ confidence }) => confidence))
      expect(sureness).toBeLessThan(1)
      // A mean of all tags lies above the least of them, and here words without a mark are many.
      expect(sureness).toBeGreaterThan(least / 2)
    }
    expect(found.at(-1)).toEqual({ marks: [], sureness: 1 })
    const { places } = await ask({ kind: 'order-texts', texts: ['a bed', 'a bed', 'some face'], labelled: ['a bed'] })
    expect(places).toEqual([2, 0, 1])
  })

  test('writes a table whose marks can be trained on', async () => {
    const out = join(root, 'found.csv')
    expect((await run('predict', folder, '--data', join(project.folder, 'more-marks.jsonl'), '--out', out)).code).toBe(0)
    expect((await readFile(out, 'utf8')).split('\n')[0]).toBe('id,marks,least confidence')
  })
})

test.each([
  [
    'BILOU on every token, packed, balanced',
    { packing: true, group_by_length: false, class_weights: 'balanced' },
    { scheme: 'BILOU', labelled: 'all' },
    { type: 'full' }
  ],
  ['the head alone on a frozen prefix, in overlapping windows', { max_length: 12 }, {}, { type: 'head' }],
  ['LoRA with focal loss and independent tags', { loss: 'focal' }, { decoding: 'independent' }, { type: 'lora', r: 4 }],
  ['a conditional random field, in overlapping windows', { max_length: 14 }, { crf: true }, { type: 'full' }],
  ['BitFit', {}, {}, { type: 'bitfit' }],
  ['the last layer, cut texts', { max_length: 12, truncation: 'head' }, {}, { type: 'last_n', layers: 1 }]
])('trains %s, the loss falling', async (_, training, head, method) => {
  const cli = await run('train', await project.marksConfig('variant', { num_train_epochs: 3, ...training }, { head, method }))
  expect(last(cli)).toMatchObject({ event: 'finished' })
  const losses = cli.events().flatMap(({ event, loss }) => (event === 'step' ? [Number(loss)] : []))
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)))
})

test('learns from texts of many windows, nothing of which is cut', async () => {
  const documents = tinyDocuments(60, 5, 40)
  await writeFile(join(project.folder, 'long.jsonl'), marksFile(documents))
  const data = { file: 'long.jsonl', text: 'text', label: 'marks', id: 'id' }
  const cli = await run('train', await project.marksConfig('long', { max_length: 14, num_train_epochs: 4 }, { data }))
  expect(testMetric(cli, 'micro_recall')).toBeGreaterThan(0.4)
  expect(last(cli)['truncated_rows']).toBe(0)
})

test('plans, and refuses marks that overlap with their line', async () => {
  const planned = await run('plan', await project.marksConfig('plan', { packing: true }, { head: { crf: true } }))
  expect(last(planned)).toMatchObject({ event: 'finished', rows: { train: 112, validation: 24, test: 24 } })
  expect(last(planned)['memory']).toMatchObject({ probed_bytes: expect.any(Number) })
  const text = 'abba cede dace'
  const marks = [
    { start: 0, end: 9, label: 'NAME' },
    { start: 5, end: 14, label: 'PLACE' }
  ]
  const lines = [JSON.stringify({ text: 'abba', marks: [] }), JSON.stringify({ text, marks })]
  await writeFile(join(project.folder, 'overlap.jsonl'), lines.join('\n'))
  const refused = await run(
    'plan',
    await project.marksConfig('overlap', {}, { data: { file: 'overlap.jsonl', text: 'text', label: 'marks' } })
  )
  expect(last(refused)).toMatchObject({ event: 'failed', code: 'data_spans_overlap' })
  expect(String(last(refused)['message'])).toContain('Line 2 of overlap.jsonl')
})
