import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseRunReport } from '../../src/main/report/check-report.ts'
import { readPredictions } from '../../src/main/report/predictions.ts'
import { readPassages } from '../../src/main/report/passages.ts'
import { readAnswers } from '../../src/main/report/stored-answers.ts'
import { attune, type CliEvent, type CliOptions, type CliRun } from '../helpers/attune.ts'
import { makeTinyMarks } from '../helpers/tiny-marks.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'
import { makeTinyQuestions } from '../helpers/tiny-questions.ts'

let root: string
let home: string
let project: TinyProject

const FOLDS = 3
const ROWS = 180
const training = { num_train_epochs: 2, learning_rate: 0.003, seed: 1, save_steps: 4, bootstrap_resamples: 50 }
const data = (folds: string): string => `{ file: data.csv, text: text, label: label, id: id${folds} }`

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-folds-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

const run = (words: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> =>
  attune([...words, '--json'], { home, ...options })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }
const reportIn = async (folder: string) => parseRunReport(await readFile(join(folder, 'report.json'), 'utf8'))

describe('a run of folds', () => {
  let reference: CliRun
  let folder: string

  beforeAll(async () => {
    reference = await run(['train', await project.config('reference', training, { data: data(`, folds: ${FOLDS}`) })])
    folder = String(last(reference)['run'])
  })

  test('tests every row once and judges all answers together', async () => {
    expect(last(reference)).toMatchObject({ event: 'finished', rows: { test: ROWS } })
    const report = await reportIn(folder)
    expect(report.evaluation).toMatchObject({ kind: 'single-label', rows: ROWS })
    expect(report.folds?.rows.reduce((sum, rows) => sum + rows, 0)).toBe(ROWS)
    expect(report.evaluation?.kind === 'single-label' && report.evaluation.perClass.map(({ support }) => support)).toEqual([
      60, 60, 60
    ])
    const pooled = await readPredictions(folder, 'test')
    expect(new Set(pooled?.lines).size).toBe(ROWS)
    const html = await readFile(join(folder, 'report.html'), 'utf8')
    expect(html).toContain('Every row was answered by a model that had not learned from it (3 folds).')
    expect(html).toContain('Fold by fold')
  })

  test('says of all rows what its folds say of theirs', async () => {
    const report = await reportIn(folder)
    const folds = await Promise.all([1, 2, 3].map((n) => reportIn(join(folder, `fold-${n}`))))
    const right = folds.map(({ evaluation }) => {
      const accuracy = evaluation?.kind === 'single-label' ? evaluation.metrics.accuracy : null
      return Math.round((accuracy?.value ?? Number.NaN) * (evaluation?.rows ?? 0))
    })
    const all = report.evaluation?.kind === 'single-label' ? report.evaluation.metrics.accuracy?.value : undefined
    expect(all).toBeCloseTo(right.reduce((sum, each) => sum + each, 0) / ROWS, 12)
    expect(report.folds?.metrics['accuracy']?.values).toHaveLength(FOLDS)
    expect(report.evaluation?.kind === 'single-label' && report.evaluation.baselines.map(({ id }) => id)).toEqual([
      'majority',
      'tfidf',
      'base'
    ])
  })

  test('has no model to answer with, and says so', async () => {
    const asked = await run(['predict', folder, '--data', join(project.folder, 'more.csv'), '--out', join(root, 'out.csv')])
    expect(last(asked)).toMatchObject({ event: 'failed', code: 'run-folds' })
  })

  test('asked for by --folds and killed in its second fold, goes on to the same result', async () => {
    const config = await project.config('killed', training, { data: data('') })
    let started = 0
    const killed = await run(['train', config, '--folds', String(FOLDS)], {
      onEvent: ({ event }, cli) => {
        if (event === 'started') started++
        if (event === 'step' && started === 2) cli.kill('SIGKILL')
      }
    })
    expect(killed.signal).toBe('SIGKILL')
    const resumed = await run(['train', config, '--folds', String(FOLDS), '--resume'])
    expect(last(resumed)).toMatchObject({ event: 'finished', weights_hash: last(reference)['weights_hash'] })
    expect(last(resumed)['metrics']).toEqual(last(reference)['metrics'])
    // The first fold was done already.
    expect(resumed.events().filter(({ event }) => event === 'started')).toHaveLength(2)
  })

  test('is refused beside what else would say which rows are the test', async () => {
    const config = await project.config('both', training, { data: data(', folds: 3, split_date: id') })
    expect(last(await run(['train', config]))).toMatchObject({ event: 'failed', code: 'config_contradiction' })
    const asked = await run(['train', config, '--folds', '1'])
    expect(last(asked)).toMatchObject({ event: 'failed', code: 'usage' })
  })
})

test('a run that marks passages is tested by folds, and all documents are judged together', async () => {
  const marks = await makeTinyMarks(join(root, 'marks'))
  const config = await marks.marksConfig('marks', { num_train_epochs: 6, bootstrap_resamples: 50 })
  const trained = await run(['train', config, '--folds', '2'])
  expect(last(trained)).toMatchObject({ event: 'finished', rows: { test: 160 }, baselines: [{ id: 'dictionary' }] })
  const folder = String(last(trained)['run'])
  const report = await reportIn(folder)
  const folds = await Promise.all([1, 2].map((n) => readPassages(join(folder, `fold-${n}`), 'test')))
  const pooled = await readPassages(folder, 'test')
  expect(new Set(pooled?.documents.map(({ line }) => line)).size).toBe(160)
  const found = (documents: NonNullable<typeof pooled>['documents']): number =>
    documents.reduce((sum, { said }) => sum + said.length, 0)
  expect(found(pooled?.documents ?? [])).toBe(folds.reduce((sum, fold) => sum + found(fold?.documents ?? []), 0))
  expect(report.evaluation).toMatchObject({ kind: 'spans', rows: 160 })
  expect(report.folds?.rows).toEqual(folds.map((fold) => fold?.documents.length))
  expect(report.folds?.metrics['micro_f1']?.values).toHaveLength(2)
  const html = await readFile(join(folder, 'report.html'), 'utf8')
  expect(html).toContain('Every row was answered by a model that had not learned from it (2 folds).')
})

test('a run that answers questions is asked each of them once, killed in its second fold too, and says none by the threshold of each fold', async () => {
  const questions = await makeTinyQuestions(join(root, 'questions'))
  const data = { file: 'squad.json', text: 'context', question: 'question', answers: 'answers', group: 'title' }
  const settings = { num_train_epochs: 2, save_steps: 2, bootstrap_resamples: 50 }
  const config = await questions.questionsConfig('asked', settings, { data })
  let started = 0
  const killed = await run(['train', config, '--folds', '2'], {
    onEvent: ({ event }, cli) => {
      if (event === 'started') started++
      if (event === 'step' && started === 2) cli.kill('SIGKILL')
    }
  })
  expect(killed.signal).toBe('SIGKILL')
  const trained = await run(['train', config, '--folds', '2', '--resume'])
  expect(last(trained)).toMatchObject({ event: 'finished', rows: { test: 80 }, baselines: [{ id: 'nearest' }, { id: 'known' }] })
  expect(trained.events().filter(({ event }) => event === 'started')).toHaveLength(1)
  const folder = String(last(trained)['run'])
  const folds = await Promise.all([1, 2].map((n) => readAnswers(join(folder, `fold-${n}`), 'test')))
  const pooled = await readAnswers(folder, 'test')
  const keysOf = (stored: typeof pooled): string[] => stored?.questions.map(({ key }) => key) ?? []
  expect(new Set(keysOf(pooled)).size).toBe(80)
  expect(keysOf(pooled).toSorted()).toEqual(folds.flatMap(keysOf).toSorted())
  // No document is asked about in two folds.
  const documents = folds.map((fold) => new Set(fold?.questions.map(({ document }) => document)))
  expect([...(documents[0] ?? [])].some((document) => documents[1]?.has(document))).toBe(false)

  const report = await reportIn(folder)
  const own = await Promise.all([1, 2].map((n) => reportIn(join(folder, `fold-${n}`))))
  const thresholds = own.map(({ evaluation }) => (evaluation?.kind === 'answers' ? evaluation.threshold : undefined))
  expect(thresholds.every((threshold) => typeof threshold === 'number')).toBe(true)
  expect(report.evaluation).toMatchObject({ kind: 'answers', rows: 80, documents: 40, threshold: thresholds })
  const right = own.map(({ evaluation }) => (evaluation?.kind === 'answers' ? evaluation.exact : { answered: NaN, none: NaN }))
  expect(report.evaluation?.kind === 'answers' && report.evaluation.exact).toEqual({
    answered: right.reduce((sum, { answered }) => sum + answered, 0),
    none: right.reduce((sum, { none }) => sum + none, 0)
  })
  const asked = await run(['predict', folder, '--data', join(questions.folder, 'squad.json'), '--out', join(root, 'none.csv')])
  expect(last(asked)).toMatchObject({ event: 'failed', code: 'run-folds' })
})
