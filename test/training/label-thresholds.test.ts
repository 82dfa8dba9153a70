import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { ReportPage, Thresholds } from '../../src/preload/contract/results.ts'
import type { Answer, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import type { UseJob } from '../../src/preload/contract/use.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

let folder: string
let application: Application
let page: TestPage
let id: string

const upload = async (name: string, body: string): Promise<string> => {
  const headers = { 'X-Attune-Name': encodeURIComponent(name), 'Content-Type': 'application/octet-stream' }
  const answer = await page.post('/upload', body, headers)
  return (JSON.parse(answer.body) as { handle: string }).handle // Written by our own server.
}

const LABELS = ['pain', 'pain; sleep', 'sleep', '']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-labels-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  const lines = Array.from({ length: 120 }, (_, i) => {
    const label = LABELS[i % 4] ?? ''
    return `${label.includes('pain') ? 'it hurts' : 'no complaint'} and ${label.includes('sleep') ? 'awake at night' : 'rested'} in case ${i},${label}`
  })
  const { id: dataset, roles } = await page.call<DatasetSummary>(
    'data:open',
    await upload('own.csv', `note,about\n${lines.join('\n')}\n`)
  )
  await page.call('data:setRoles', {
    id: dataset,
    roles: { ...roles, text: 'note', answer: 'about', separator: '; ', belonging: 'no' }
  })
  const [model] = await page.call<ModelSummary[]>('models:list')
  const changed = { 'training.bootstrap_resamples': 50, 'training.max_steps': 4, 'training.baselines': false }
  const draft = { dataset, model: model!.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name: null }
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

test('thresholds of several classes are fixed with one look, and answers, measuring and the report follow', async () => {
  const before = await page.call<RunResult>('runs:result', id)
  const offered = await page.call<Thresholds>('results:thresholds', { id, className: null })
  expect(offered.labels?.map(({ className, goal }) => [className, goal])).toEqual([
    ['pain', null],
    ['sleep', null]
  ])
  expect(offered.person).toBeNull()
  const every = await page.call<Thresholds>('results:fixEvery', { id, className: 'pain', choice: 'miss-none' })
  expect(every.testLooks).toBe(before.testLooks + 1)
  for (const { positives, point, goal } of every.labels ?? []) expect([point.hits, goal]).toEqual([positives, 'Miss none'])

  // From 0 on pain is said of everything; from above 1 on sleep is said of nothing that is not certain.
  await page.call('results:fixThreshold', { id, className: 'pain', threshold: 0, goal: 'Everything' })
  await page.call('results:fixThreshold', { id, className: 'sleep', threshold: 1, goal: 'Nothing' })
  const [answer] = await page.call<Answer[]>('runs:answer', { id, texts: ['awake at night'] })
  expect(answer?.label).toBe('pain')

  const rows = ['it hurts,pain', 'awake at night,sleep', 'rested,']
  const job = await page.call<UseJob>('use:open', {
    run: id,
    files: [await upload('more.csv', `note,about\n${rows.join('\n')}\n`)]
  })
  await page.call('use:start', { id: job.id, run: id, text: 'note', pair: null, answer: 'about', limit: null })
  let answered = await page.call<UseJob>('use:get', job.id)
  while (answered.state === 'answering') answered = await page.call<UseJob>('use:get', job.id)
  expect(answered.measure).toMatchObject({
    rows: 2,
    alarms: [
      { className: 'pain', positives: 1, alarms: 2, hits: 1 },
      { className: 'sleep', positives: 1, alarms: 0, hits: 0 }
    ]
  })

  const report = JSON.stringify(await page.call<ReportPage>('results:reportPage', id))
  expect(report).toContain("'pain' is called out from 0.00 on (Everything)")
  expect(report).toContain("'sleep' is called out from 1.00 on (Nothing)")
  expect(report).toContain(`The test rows have been consulted ${before.testLooks + 3} times.`)
  const dropped = await page.call<Thresholds>('results:dropThreshold', { id, className: 'pain' })
  expect(dropped.labels?.map(({ goal }) => goal)).toEqual([null, 'Nothing'])
})
