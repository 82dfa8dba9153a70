import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type {
  Attribution,
  CalibrationView,
  Groups,
  ReportPage,
  ReviewPage,
  Thresholds,
  VerdictSummary
} from '../../src/preload/contract/results.ts'
import type { Answer, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

let folder: string
let application: Application
let page: TestPage
let id: string
let dataset: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-results-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  dataset = (await page.call<DatasetSummary>('data:openSample', 'letters')).id
  const [model] = await page.call<ModelSummary[]>('models:list')
  const changed = { 'training.bootstrap_resamples': 50, 'training.max_steps': 4 }
  const draft = { dataset, model: model!.id, thoroughness: 0, changed, mustNotMiss: 'urgent', quietly: false, name: null }
  id = await page.call<string>('runs:start', draft)
  for (;;) {
    const run = await page.call<RunSummary>('runs:get', id)
    if (run.state === 'finished') break
    if (run.state === 'failed') throw new Error(run.failure?.message)
    await new Promise((done) => setTimeout(done, 100))
  }
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

const rows = (only: 'errors' | 'all' | 'judged'): Promise<ReviewPage> =>
  page.call<ReviewPage>('results:rows', { id, only, answer: null, predicted: null, from: 0, count: 50 })

describe('a tested run, looked at again', () => {
  test('has a threshold fixed with one counted look, which its answers then follow', async () => {
    const before = await page.call<RunResult>('runs:result', id)
    const offered = await page.call<Thresholds>('results:thresholds', { id, className: null })
    expect(offered).toMatchObject({ className: 'urgent', testLooks: before.testLooks, fixed: null })
    // From 0 on everything is called out, whatever four steps have taught.
    const wish = { id, className: 'urgent', threshold: 0, goal: 'Miss none' }
    const fixed = await page.call<Thresholds>('results:fixThreshold', wish)
    expect(fixed.testLooks).toBe(before.testLooks + 1)
    expect(fixed.fixed?.test.point).toMatchObject({ alarms: before.testRows, hits: fixed.fixed?.test.positives })
    await page.call('results:fixPerson', { id, className: 'urgent', below: 0.999 })
    const [answer] = await page.call<Answer[]>('runs:answer', { id, texts: ['abba cede'] })
    expect(answer).toMatchObject({ label: 'urgent', needsPerson: true })
    const report = await page.call<ReportPage>('results:reportPage', id)
    const decided = report.sections.find(({ title }) => title === 'Decided after the test')
    expect(JSON.stringify(decided)).toContain('is called out from 0.00 on (Miss none)')
    expect((await page.call<Thresholds>('results:dropThreshold', { id, className: 'urgent' })).testLooks).toBe(
      before.testLooks + 1
    )
  })

  test('shows what the words of a row speak for, and leaves the data alone', async () => {
    const { rows: shown } = await rows('errors')
    const row = shown[0]!
    const { label, words } = await page.call<Attribution>('results:attribute', { id, line: row.line, text: row.text, pair: null })
    expect(label).toBe(row.predicted)
    expect(words.map(({ start, end }) => row.text.slice(start, end))).toEqual(row.text.match(/\S+/g))
    expect(words.some(({ value }) => value !== 0)).toBe(true)
  })

  test('takes verdicts into a new version of the data, and says so on the report', async () => {
    const { rows: shown } = await rows('errors')
    const row = shown[0]!
    const verdict = { kind: 'label-wrong', rightAnswer: row.predicted, note: 'sent twice' } as const
    const summary = await page.call<VerdictSummary>('results:judge', { id, line: row.line, verdict })
    expect(summary).toMatchObject({ labelWrong: 1, waiting: 1 })
    expect((await rows('judged')).rows).toEqual([{ ...row, verdict }])
    const version = await page.call<string>('results:revise', id)
    expect(version).not.toBe(dataset)
    expect(await page.call<DatasetSummary>('data:get', version)).toMatchObject({ parent: dataset, version: 2 })
    const report = await page.call<ReportPage>('results:reportPage', id)
    expect(JSON.stringify(report)).toContain('1 test label was changed after the test')
    const html = await readFile(join(folder, 'data/runs', `${id}-1`, 'report.html'), 'utf8')
    expect(html).toContain('1 test label was changed after the test')
  })

  test('is measured by groups and by its confidence, from what it kept', async () => {
    const groups = await page.call<Groups>('results:groups', { id, by: null, metric: null })
    expect(groups.metric).toBe('right')
    expect(groups.rows.reduce((sum, group) => sum + group.rows, 0)).toBe((await page.call<RunResult>('runs:result', id)).testRows)
    const byLength = await page.call<Groups>('results:groups', { id, by: 'length', metric: 'found:urgent' })
    expect(byLength.by).toBe('length')
    const calibration = await page.call<CalibrationView>('results:calibration', id)
    expect(calibration.temperatures).toHaveLength(1)
    expect(calibration.before?.rows).toBe(calibration.after?.rows)
    expect(calibration.test?.ece).toBeGreaterThanOrEqual(0)
    expect(await page.call<string>('results:reportFile', id)).toMatch(/^o-/)
  })
})
