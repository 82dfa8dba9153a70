import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetReport, DatasetSummary, FindingPage } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { PassageReview } from '../../src/preload/contract/passages.ts'
import type { QuestionPage, QuestionReview } from '../../src/preload/contract/questions.ts'
import type { RunDraft, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import type { CloserLook } from '../../src/preload/contract/scrutiny.ts'
import type { SweepPlan } from '../../src/preload/contract/sweeps.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { marksFile, tinyDocuments } from '../helpers/tiny-marks.ts'
import { tinyTable } from '../helpers/tiny-project.ts'

let folder: string
let application: Application
let page: TestPage
let data: DatasetSummary

const opened = async (name: string, text: string): Promise<DatasetSummary> =>
  page.call<DatasetSummary>('data:open', await page.upload(name, text))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-looking-after-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  // Every tenth label is another one than its words say; one word stands in all rows of a class.
  const lines = tinyTable(180, 1).trim().split('\n')
  const marked = lines.map((line) => (line.endsWith(',odd') ? line.replace(/,odd$/, ' zzfeed,odd') : line))
  data = await opened('tiny.csv', `${marked.join('\n')}\n`)
  await page.call('data:setRoles', {
    id: data.id,
    roles: { ...data.roles, text: 'text', answer: 'label', group: null, belonging: 'no' }
  })
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

describe('a closer look, through the application', () => {
  test('is made when it is asked for, and its rows and fixes are those of any finding', async () => {
    expect(await page.call('scrutiny:known', data.id)).toBeNull()
    const look = await page.call<CloserLook>('scrutiny:look', data.id)
    expect(await page.call('scrutiny:known', data.id)).toEqual(look)
    const leak = look.findings.find(({ code }) => code === 'leak-word-1')
    expect(leak?.sentence).toContain("The word 'zzfeed' alone tells the class 'odd'")
    const doubtful = look.findings.find(({ code }) => code === 'doubtful-labels')
    expect(doubtful).toMatchObject({ hasRows: true, fixes: ['relabel'] })
    const rows = await page.call<FindingPage>('data:findingRows', { id: data.id, code: 'doubtful-labels', from: 0, count: 5 })
    expect(rows.remarks?.[0]).toMatch(/rather than/)
    const fixed = await page.call<DatasetSummary>('data:fix', { id: data.id, code: 'doubtful-labels', fix: 'relabel' })
    expect(fixed).toMatchObject({ version: 2, note: expect.stringMatching(/labels? corrected$/) })
    expect(await page.call('scrutiny:known', fixed.id)).toBeNull()
  })

  test('texts longer than the model reads are told by the settings that were chosen last, else by those that a run begins with', async () => {
    expect(await page.call('lengths:of', data.id)).toBeNull()
    const [model] = await page.call<readonly ModelSummary[]>('models:list')
    const draft: RunDraft = {
      ...{ dataset: data.id, model: model!.id, thoroughness: 2, mustNotMiss: null, quietly: false, name: null },
      changed: { 'training.max_length': 4 }
    }
    await page.call('drafts:keep', draft)
    expect(await page.call('lengths:of', data.id)).toMatchObject({
      code: 'long-texts',
      weight: 'look',
      sentence: expect.stringMatching(
        /longer \(\d+ %\) than the 4 tokens that Practice model reads at once: what stands behind is cut off, \d+ %/
      )
    })
    await page.call('drafts:keep', { ...draft, changed: { ...draft.changed, 'training.truncation': 'windows' } })
    expect(await page.call('lengths:of', data.id)).toMatchObject({
      weight: 'fyi',
      sentence: expect.stringMatching(/read in \d+ overlapping windows, so that nothing is cut off\.$/)
    })
  })

  test('is there again after a restart, for the version and the roles that it was made of', async () => {
    const before = await page.call<CloserLook>('scrutiny:known', data.id)
    expect(before.findings.length).toBeGreaterThan(0)
    await application.dispose()
    application = await openTestApplication(folder)
    page = await TestPage.open(application.shell)
    expect(await page.call('scrutiny:known', data.id)).toEqual(before)
    const rows = await page.call<FindingPage>('data:findingRows', { id: data.id, code: 'doubtful-labels', from: 0, count: 5 })
    expect(rows.remarks?.[0]).toMatch(/rather than/)
    const roles = { ...data.roles, text: 'text', answer: 'label', group: null, belonging: 'unknown' }
    await page.call('data:setRoles', { id: data.id, roles })
    expect(await page.call('scrutiny:known', data.id)).toBeNull()
    await page.call('data:setRoles', { id: data.id, roles: { ...roles, belonging: 'no' } })
    expect(await page.call('scrutiny:known', data.id)).toEqual(before)
  })
})

/** Trains to the end. */
async function trained(draft: RunDraft): Promise<string> {
  const id = await page.call<string>('runs:start', draft)
  let run = await page.call<RunSummary>('runs:get', id)
  for (let wait = 0; wait < 120_000 && !['finished', 'failed', 'stopped'].includes(run.state); wait += 100) {
    await new Promise((done) => setTimeout(done, 100))
    run = await page.call<RunSummary>('runs:get', id)
  }
  expect(run).toMatchObject({ state: 'finished', failure: null })
  return id
}

describe('a run of folds, through the application', () => {
  test('is one run whose result is about every row, and is no model to answer with', async () => {
    const report = await page.call<DatasetReport>('data:setSplit', {
      id: data.id,
      split: { ...data.split, folds: 2, balance: 'repeat', cap: 50 }
    })
    expect(report).toMatchObject({ blocked: null, split: { folds: 2 } })
    const [model] = await page.call<ModelSummary[]>('models:list')
    const draft: RunDraft = {
      dataset: data.id,
      model: model!.id,
      thoroughness: 0,
      changed: { 'training.bootstrap_resamples': 50, 'training.baselines': false },
      mustNotMiss: null,
      quietly: false,
      name: null
    }
    const axes = [{ path: 'training.learning_rate', values: [0.001, 0.002] }]
    expect((await page.call<SweepPlan>('sweeps:plan', { draft, axes })).problem).toContain('tested by folds')
    const id = await trained(draft)
    const result = await page.call<RunResult>('runs:result', id)
    expect(result.testRows).toBe(180)
    expect(result.beside).toContain('Every row was answered by a model that had not learned from it (2 folds).')
    expect(result.classes?.map(({ rows }) => rows)).toEqual([60, 60, 60])
    await expect(page.call('runs:answer', { id, texts: ['abba dab'] })).rejects.toThrow(/tested by folds/)
    await expect(page.call('results:thresholds', { id, className: null })).rejects.toThrow(/tested by folds/)
  }, 180_000)

  test('that marks passages is read in all of its documents', async () => {
    const documents = tinyDocuments(60, 3, 2)
    const marked = await opened('marks.jsonl', marksFile(documents))
    await page.call('data:setSplit', { id: marked.id, split: { ...marked.split, folds: 2 } })
    const [model] = await page.call<ModelSummary[]>('models:list')
    const changed = { 'training.bootstrap_resamples': 50, 'training.num_train_epochs': 1 }
    const draft = {
      dataset: marked.id,
      model: model!.id,
      thoroughness: 0,
      changed,
      mustNotMiss: null,
      quietly: false,
      name: null
    }
    const id = await trained(draft)
    expect((await page.call<RunResult>('runs:result', id)).folds).toBe(2)
    const review = await page.call<PassageReview>('passages:review', id)
    expect(review.documents).toBe(documents.length)
    await expect(page.call('runs:answer', { id, texts: ['abba dab'] })).rejects.toThrow(/tested by folds/)
  }, 180_000)

  test('that answers questions is asked all of them, and says none by the threshold of each fold', async () => {
    const documents = tinyDocuments(24, 4, 2)
    const asked = await opened('asked.jsonl', marksFile(documents))
    const roles = { ...asked.roles, task: 'question-answering', questions: { NAME: ['face dab'] }, group: null, belonging: 'no' }
    await page.call('data:setRoles', { id: asked.id, roles })
    const { split } = await page.call<DatasetReport>('data:setSplit', { id: asked.id, split: { ...asked.split, folds: 2 } })
    expect(split).toMatchObject({ folds: 2 })
    const [model] = await page.call<ModelSummary[]>('models:list')
    const changed = { 'training.bootstrap_resamples': 50, 'training.num_train_epochs': 1 }
    const draft = { dataset: asked.id, model: model!.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name: null }
    const id = await trained(draft)
    const result = await page.call<RunResult>('runs:result', id)
    expect(result).toMatchObject({ folds: 2, testRows: documents.length })
    expect(result.beside).toContain('Every question was answered by a model that had not learned from its document (2 folds).')
    const review = await page.call<QuestionReview>('questions:review', id)
    expect(review.threshold).toEqual([expect.any(Number), expect.any(Number)])
    expect((await page.call<QuestionPage>('questions:errors', { id, only: 'all', name: null, from: 0, count: 200 })).total).toBe(
      review.errors
    )
    await expect(page.call('runs:answer', { id, texts: ['abba dab'], questions: ['face dab'] })).rejects.toThrow(
      /tested by folds/
    )
  }, 180_000)
})
