import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetReport, DatasetSummary } from '../../src/preload/contract/data.ts'
import type { LabelBook, LabelQueue, Suggestion } from '../../src/preload/contract/labels.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunDraft, RunPlan, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

let folder: string
let application: Application
let page: TestPage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-labelling-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

async function upload(name: string, text: string): Promise<string> {
  const { body } = await page.post('/upload', text, { 'Content-Type': 'application/octet-stream', 'X-Attune-Name': name })
  return (JSON.parse(body) as { handle: string }).handle // Written by our own server.
}

async function draftFor(dataset: DatasetSummary['id']): Promise<RunDraft> {
  const [model] = await page.call<ModelSummary[]>('models:list')
  const changed = { 'training.max_steps': 3, 'training.bootstrap_resamples': 50 }
  return { dataset, model: model!.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name: null }
}

async function train(dataset: DatasetSummary['id']): Promise<RunSummary> {
  const id = await page.call<string>('runs:start', await draftFor(dataset))
  for (;;) {
    const run = await page.call<RunSummary>('runs:get', id)
    if (run.state === 'finished') return run
    if (run.state === 'failed') throw new Error(run.failure?.message)
    await new Promise((done) => setTimeout(done, 100))
  }
}

describe('from documents without labels', () => {
  test('over labels to a trained run that suggests, and to a corrected version with the same test rows', async () => {
    const handles: string[] = []
    for (let i = 0; i < 60; i++)
      handles.push(
        await upload(`letter ${i} of May.txt`, `Dear colleague, patient ${i} has ${i % 2 ? 'chest pain' : 'a mild rash'}.`)
      )
    const documents = await page.call<DatasetSummary>('data:openDocuments', handles)
    expect(documents).toMatchObject({ name: '60 documents', rows: 60, roles: { text: 'text', answer: null } })
    const { lines } = await page.call<LabelQueue>('labels:queue', { id: documents.id, filter: 'unlabelled' })
    let book = await page.call<LabelBook>('labels:open', { id: documents.id })
    expect(book.suggester).toBeNull()
    for (const [i, line] of lines.slice(0, 50).entries())
      book = await page.call<LabelBook>('labels:mark', { id: documents.id, line, value: i % 2 ? 'urgent' : 'routine' })
    expect(book).toMatchObject({ labelled: 50, pending: 50, missing: null })
    const labelled = await page.call<DatasetSummary>('labels:use', documents.id)
    expect(labelled).toMatchObject({ version: 2, note: '50 rows labelled' })
    const { blocked, split } = await page.call<DatasetReport>('data:report', labelled.id)
    expect(blocked).toBeNull()
    const run = await train(labelled.id)
    const result = await page.call<RunResult>('runs:result', run.id)
    expect(result.testRows).toBe(split!.test)

    const rest = lines.slice(50, 52)
    const suggestions = await page.call<Suggestion[]>('labels:suggest', { id: labelled.id, lines: rest })
    expect(suggestions.map(({ line }) => line)).toEqual(rest)
    expect(['urgent', 'routine']).toContain(suggestions[0]?.label)

    const edits = [{ kind: 'set', cells: [{ line: lines[0], column: 'label', value: 'urgent' }] }]
    const corrected = await page.call<DatasetSummary>('data:revise', { id: labelled.id, edits, note: null })
    const report = await page.call<DatasetReport>('data:report', corrected.id)
    expect(report.split).toMatchObject({ train: split!.train, validation: split!.validation, test: split!.test, from: 'version' })
    const plan = await page.call<RunPlan>('runs:plan', await draftFor(corrected.id))
    expect(plan.rows).toMatchObject({ train: split!.train, test: split!.test })
  })

  test('with several classes for each row to a result that counts each', async () => {
    const rows = Array.from(
      { length: 80 },
      (_, i) => `"this is remark number ${i} about the ward",${['food; noise', 'noise', 'food', 'staff; food'][i % 4]}`
    )
    const dataset = await page.call<DatasetSummary>(
      'data:open',
      await upload('remarks.csv', `remark,about\n${rows.join('\n')}\n`)
    )
    const roles = { ...dataset.roles, text: 'remark', answer: 'about', task: 'text-classification', belonging: 'no', group: null }
    const found = await page.call<DatasetReport>('data:setRoles', { id: dataset.id, roles })
    expect(found.findings.map(({ code }) => code)).toContain('several-answers')
    const report = await page.call<DatasetReport>('data:setRoles', { id: dataset.id, roles: { ...roles, separator: ';' } })
    expect(report.blocked).toBeNull()
    const run = await train(dataset.id)
    const result = await page.call<RunResult>('runs:result', run.id)
    expect(result.headline).not.toBe('')
    expect(result.classes?.map(({ name }) => name)).toEqual(['food', 'noise', 'staff'])
  })
})
