import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import readExcelFile from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSpans, spansCell } from '../../src/main/data/spans/span.ts'
import type { Comparison } from '../../src/preload/contract/compare.ts'
import type { DatasetSummary, RowsPage } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { AnsweredDocument, QuestionPage, QuestionReview } from '../../src/preload/contract/questions.ts'
import type { Groups, ReportPage, VerdictSummary } from '../../src/preload/contract/results.ts'
import type { Answer, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import type { AskedOfEach, UseJob, UseRowsPage, UseText } from '../../src/preload/contract/use.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { makeDocx, paragraph } from '../helpers/documents.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { tinyDocuments } from '../helpers/tiny-marks.ts'
import { tinyQuestions } from '../helpers/tiny-questions.ts'
import { Walk } from '../helpers/walk.ts'

const pages = join(import.meta.dirname, '../../out/renderer')

let folder: string
let application: Application
let page: TestPage
let dataset: DatasetSummary
let run: string

async function trained(name: string, epochs: number): Promise<string> {
  const [model] = await page.call<ModelSummary[]>('models:list')
  const changed = {
    'method.type': 'full',
    'training.num_train_epochs': epochs,
    'training.learning_rate': 0.02,
    'training.per_device_train_batch_size': 16,
    'training.bootstrap_resamples': 100
  }
  const draft = { dataset: dataset.id, model: model!.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name }
  return page.train(draft)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-answers-result-'))
  application = await openTestApplication(folder, { pages })
  page = await TestPage.open(application.shell)
  const rows = tinyDocuments(100, 1)
    .map(({ id, text, spans }) => `${JSON.stringify({ id, text, marks: spansCell(text, spans) })}\n`)
    .join('')
  dataset = await page.call<DatasetSummary>('data:open', await page.upload('marks.jsonl', rows))
  const questions = { NAME: tinyQuestions.NAME, PLACE: [tinyQuestions.PLACE] }
  const roles = { ...dataset.roles, task: 'question-answering', textPair: null, answer: 'marks', questions, belonging: 'no' }
  await page.call('data:setRoles', { id: dataset.id, roles })
  run = await trained('Questions', 16)
}, 300_000)

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

const errors = (only: string, name: string | null = null): Promise<QuestionPage> =>
  page.call<QuestionPage>('questions:errors', { id: run, only, name, from: 0, count: 200 })

describe('a tested run that answers questions', { timeout: 120_000 }, () => {
  test('says what it answered, beside what needs no model, and stands in the list by F1', async () => {
    const result = await page.call<RunResult>('runs:result', run)
    expect(result.headline).toMatch(
      /^Answers .* of questions exactly right \(95\s%\sinterval; \d+ of \d+ on \d+ unseen documents here\)\.$/
    )
    expect(result.beside).toMatch(
      /F1 over all questions: \d\.\d+; the sentence nearest to the question, .*; the most frequent known answer, \d\.\d+\.$/
    )
    expect(result.metrics[0]).toMatchObject({ id: 'answer_f1', baselines: [expect.anything(), expect.anything()] })
    const { test: tested } = await page.call<RunSummary>('runs:get', run)
    expect(tested).toMatchObject({ metric: 'answer_f1', measured: { value: result.metrics[0]?.model?.value } })
    const { sections } = await page.call<ReportPage>('results:reportPage', run)
    expect(sections.map(({ title }) => title)).toContain('Each question')
    expect(JSON.stringify([result, sections])).not.toContain('NaN')
  })

  test('shows every error in its document, and counts the same things everywhere', async () => {
    const review = await page.call<QuestionReview>('questions:review', run)
    const { total, rows } = await errors('all')
    expect(total).toBe(review.errors)
    expect(total).toBeGreaterThan(0)
    for (const kind of ['missed', 'invented', 'partly', 'wrong'] as const)
      expect((await errors(kind)).total, kind).toBe(review.byError[kind])
    const named = await Promise.all(review.fixed.map(({ name }) => errors('all', name)))
    expect(named.reduce((sum, each) => sum + each.total, 0)).toBe(total)
    const { answered: has, unanswered: none } = review.none
    expect(has.exact + has.partly + has.wrong + has.none + none.said + none.none).toBe(review.questions)
    expect(review.fixed).toMatchObject([
      { name: 'NAME', wordings: tinyQuestions.NAME, documents: review.documents },
      { name: 'PLACE', wordings: [tinyQuestions.PLACE] }
    ])
    for (const { key, truth, said, words, name } of rows.slice(0, 20)) {
      const document = await page.call<AnsweredDocument>('questions:document', { id: run, key })
      expect(name === 'NAME' ? tinyQuestions.NAME : [tinyQuestions.PLACE]).toContain(words)
      for (const place of [...truth, ...(said ? [said] : [])])
        expect(document.text.slice(place.start, place.end)).toBe(place.text)
      const found = document.marks.filter(({ state }) => state !== 'true').map(({ start, end }) => ({ start, end }))
      expect(found).toEqual(said ? [{ start: said.start, end: said.end }] : [])
    }
    const groups = await page.call<Groups>('questions:groups', { id: run, by: 'length', metric: 'exact' })
    expect(groups.rows.reduce((sum, row) => sum + row.rows, 0)).toBe(review.questions)
  })

  test('takes verdicts, and corrects wrong answers in a new version of the data', async () => {
    const { rows } = await errors('all')
    const error = rows.find(({ said }) => said !== null)!
    const { key, line, name, said } = error
    await page.call('questions:judge', { id: run, key, verdict: 'model-wrong' })
    const summary = await page.call<VerdictSummary>('questions:judge', { id: run, key, verdict: 'label-wrong' })
    expect(summary).toMatchObject({ labelWrong: 1, modelWrong: 0, waiting: 1 })
    expect((await errors('judged')).rows).toMatchObject([{ key, verdict: 'label-wrong' }])
    const revised = await page.call<string>('questions:revise', run)
    const cellsOf = async (id: string): Promise<readonly string[]> =>
      (await page.call<RowsPage>('data:rows', { id, from: line - 1, count: 1 })).rows[0] ?? []
    const [before, after] = [await cellsOf(dataset.id), await cellsOf(revised)]
    const at = (column: string): number => dataset.columns.findIndex((each) => each.name === column)
    const text = before[at('text')] ?? ''
    const marksOf = (cell: string | undefined) => parseSpans(text, cell ?? '', { file: '', line, column: '' })
    const others = marksOf(before[at('marks')]).filter(({ label }) => label !== name)
    const expected = [...others, { start: said!.start, end: said!.end, label: name ?? '' }]
    expect(marksOf(after[at('marks')])).toEqual(expected.sort((a, b) => a.start - b.start))
    const { sections } = await page.call<ReportPage>('results:reportPage', run)
    expect(JSON.stringify(sections)).toContain('1 test label was changed after the test')
  })

  test('is compared with another run by a test over documents', async () => {
    const other = await trained('Questions, short', 1)
    const found = await page.call<Comparison>('compare:tests', [run, other])
    expect(found).toMatchObject({
      metric: 'answer_f1',
      unfit: [],
      pairs: [{ first: run, second: other, tests: [{ metric: 'answer_f1', method: 'sign-flip' }] }]
    })
    const review = await page.call<QuestionReview>('questions:review', run)
    expect(found.rows).toBe(review.questions)
  })

  test('asks its own questions of documents, and others of a table, and saves what they say', async () => {
    const own = await page.call<readonly AskedOfEach[]>('use:asks', run)
    expect(own).toEqual([
      { name: 'NAME', words: tinyQuestions.NAME[0] },
      { name: 'PLACE', words: tinyQuestions.PLACE }
    ])
    const [first, second] = tinyDocuments(2, 4)
    const files = [
      await page.upload('first.txt', first!.text),
      await page.upload('second.docx', makeDocx(paragraph(second!.text)))
    ]
    const job = await page.call<UseJob>('use:open', { run, files })
    expect(job).toMatchObject({ kind: 'documents', rows: 2, asks: own, needsPair: false, marks: null })
    const start = { id: job.id, run, text: 'text', pair: null, answer: null, limit: null }
    await expect(page.call('use:start', { ...start, questions: null })).rejects.toThrow(/^use-questions/)
    await page.call('use:start', { ...start, questions: own })
    const done = await page.answered(job.id)
    expect(done.answers.given).toBe(4)
    const whole = await page.call<UseText>('use:text', { id: job.id, place: 1, unsureFirst: false })
    expect(whole.answers?.map(({ question }) => question)).toEqual(['NAME', 'PLACE'])
    const { rows } = await page.call<UseRowsPage>('use:rows', { id: job.id, from: 0, count: 2, unsureFirst: false })
    const said = (whole.answers ?? []).map(
      ({ question, place }) => `${question}: ${place ? whole.text.slice(place.start, place.end) : '–'}`
    )
    expect(rows[1]?.answer).toBe(said.join(' · '))

    const saved = async (format: string): Promise<string> => {
      const { ticket, name } = await page.call<{ ticket: string; name: string }>('use:save', { id: job.id, format })
      expect(name).toBe(`first answered.${format}`)
      return application.services.outbox.take(ticket).path
    }
    const table = (await readFile(await saved('csv'), 'utf8'))
      .replace(/^\uFEFF/, '')
      .trim()
      .split(/\r?\n/)
    expect(table[0]).toContain('row,question,answered,answer,start,end,sure,needs a person')
    expect(table).toHaveLength(5)
    const sheets = await readExcelFile(await saved('xlsx'))
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['Answers', 'By text', 'About'])
    expect(sheets[1]?.data[0]?.slice(-3)).toEqual(['row', 'NAME', 'PLACE'])
    await expect(page.call('use:save', { id: job.id, format: 'spacy' })).rejects.toThrow(/^use-format/)
    await page.call('use:drop', job.id)

    const plain = first!.text.replaceAll(',', '')
    const asked = `text,ask,answers\n${plain},${tinyQuestions.PLACE},${plain.split(' ')[0]}\n`
    const other = await page.call<UseJob>('use:open', { run, files: [await page.upload('asked.csv', asked)] })
    await page.call('use:start', { ...start, id: other.id, pair: 'ask', answer: 'answers', questions: null })
    const measured = await page.answered(other.id)
    expect([measured.answers.given, measured.measure]).toMatchObject([1, { of: 'questions', rows: 1, left: 0, looks: 1 }])
    expect(measured.measure?.metrics.map(({ id }) => id)).toEqual(['answer_f1', 'exact_match', 'has_answer_f1'])
    const one = await page.call<UseText>('use:text', { id: other.id, place: 0, unsureFirst: false })
    expect(one.answers).toMatchObject([{ question: tinyQuestions.PLACE }])
    await page.call('use:drop', other.id)
  })

  test('answers questions about a pasted text', async () => {
    const { text } = tinyDocuments(1, 8, 12)[0]!
    const asked = { id: run, texts: [text, text], questions: [tinyQuestions.NAME[0], tinyQuestions.PLACE] }
    const answers = await page.call<Answer[]>('runs:answer', asked)
    for (const { label, found } of answers)
      expect(label).toBe(found?.place ? text.slice(found.place.start, found.place.end) : 'no answer')
    expect(answers).toHaveLength(2)
  })

  describe.skipIf(!canBrowse)('in the window', () => {
    let walk: Walk
    beforeAll(async () => {
      walk = await Walk.begin(application.shell.newAddress())
    })
    afterAll(() => walk.end('from a tested run that answers questions to an answered document'))

    test('is read by keyboard: an error, its document, a verdict; then used on a document', async () => {
      const { page: screen } = walk
      // Data of one's own bring the question whether they are to be encrypted.
      await walk.button('Not now')
      await screen.evaluate(`location.hash = '#/runs/${run}'`)
      await screen.getByRole('heading', { name: /^Answers .* of questions/ }).waitFor()
      const list = screen.getByRole('grid', { name: /errors?$/ })
      await list
        .getByText(/answer missed|answer invented|partly right|wrong answer/)
        .nth(1)
        .waitFor()
      await list.getByRole('row').nth(1).click()
      await screen.keyboard.press('ArrowDown')
      await screen.getByText(/ · 2 of \d/).waitFor()
      await screen.getByRole('button', { name: 'Unclear' }).focus()
      await screen.keyboard.press('Enter')
      await walk.see(/unclear 1×/)
      await walk.look('answers-errors')
      await screen.getByRole('tab', { name: 'Questions' }).click()
      await walk.see(/^The same questions are asked of every document/)
      await screen.getByRole('tab', { name: 'No answer' }).click()
      await walk.see(/^“No answer” is said where/)
      await walk.link('Use on documents')
      await screen.getByRole('textbox', { name: /^Questions, one a line/ }).waitFor()
      const { text } = tinyDocuments(1, 8, 12)[0]!
      await walk.drop({ name: 'letter.docx', bytes: makeDocx(paragraph(text)) })
      await screen.getByText('letter.docx').first().waitFor()
      await walk.button('Answer 1 row')
      await walk.see(/^2 questions asked/)
      await screen.getByRole('grid', { name: 'Rows of letter.docx' }).getByRole('row').nth(1).click()
      await screen.getByRole('region', { name: 'The text with its answers' }).waitFor()
      await walk.look('answers-use')
      expect(walk.complaints).toEqual([])
    })
  })
})
