import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importerAt } from '../../src/main/data/importers/at.ts'
import { parseSpans, spansCell } from '../../src/main/data/spans/span.ts'
import { readParts } from '../../src/main/data/personal/files/docx/archive.ts'
import { Copies } from '../../src/main/services/copies.ts'
import type { TrainedId } from '../../src/preload/contract/common.ts'
import type { DatasetSummary, RowsPage } from '../../src/preload/contract/data.ts'
import type { LabelQueue } from '../../src/preload/contract/labels.ts'
import type { MarkDocument, MarkRow, MarkSuggestion } from '../../src/preload/contract/marking.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { PassageDocument, PassagePage, PassageReview } from '../../src/preload/contract/passages.ts'
import type { PersonalExample, PersonalReport } from '../../src/preload/contract/personal.ts'
import type { Groups, ReportPage, VerdictSummary } from '../../src/preload/contract/results.ts'
import type { Answer, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import type { UseJob, UseRowsPage, UseText } from '../../src/preload/contract/use.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { canBrowse } from '../helpers/browser.ts'
import { makeDocx, paragraph } from '../helpers/documents.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { marksFile, tinyDocuments } from '../helpers/tiny-marks.ts'
import { Walk } from '../helpers/walk.ts'
import { trainerProgram } from '../helpers/attune.ts'

const pages = join(import.meta.dirname, '../../out/renderer')

let folder: string
let application: Application
let page: TestPage
let dataset: DatasetSummary
let run: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-marks-result-'))
  application = await openTestApplication(folder, { pages })
  page = await TestPage.open(application.shell)
  const rows = tinyDocuments(160, 1)
    .map(({ id, text, spans }) => `${JSON.stringify({ id, text, marks: spansCell(text, spans) })}\n`)
    .join('')
  dataset = await page.call<DatasetSummary>('data:open', await page.upload('marks.jsonl', rows))
  const [model] = await page.call<ModelSummary[]>('models:list')
  const changed = {
    'method.type': 'full',
    'training.num_train_epochs': 8,
    'training.learning_rate': 0.02,
    'training.per_device_train_batch_size': 16,
    'training.bootstrap_resamples': 100
  }
  const draft = {
    dataset: dataset.id,
    model: model!.id,
    thoroughness: 0,
    changed,
    mustNotMiss: null,
    quietly: false,
    name: 'Marks'
  }
  run = await page.train(draft)
}, 240_000)

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

const errors = (only: 'all' | 'judged' | 'missed' | 'invented' | 'boundary' | 'type'): Promise<PassagePage> =>
  page.call<PassagePage>('passages:errors', { id: run, only, truth: null, said: null, from: 0, count: 200 })

describe('a tested run that marks passages', { timeout: 120_000 }, () => {
  test('says what it found, beside a dictionary, and stands in the list by micro-F1', async () => {
    const result = await page.call<RunResult>('runs:result', run)
    expect(result.headline).toMatch(/^Finds .* of the passages \(95\s%\sinterval; \d+ of \d+ in \d+ unseen documents here\)\.$/)
    expect(result.beside).toMatch(
      /F1 over all passages: \d\.\d+ \(\d\.\d+–\d\.\d+\); a dictionary of the marked passages, \d\.\d+\.$/
    )
    expect(result.metrics[0]).toMatchObject({
      id: 'micro_f1',
      baselines: [expect.objectContaining({ value: expect.any(Number) })]
    })
    const { test: tested } = await page.call<RunSummary>('runs:get', run)
    expect(tested).toMatchObject({ metric: 'micro_f1', measured: { value: result.metrics[0]?.model?.value } })
    const { sections } = await page.call<ReportPage>('results:reportPage', run)
    expect(sections.map(({ title }) => title)).toContain('Each type')
  })

  test('shows every error in its document, and counts the same things everywhere', async () => {
    const review = await page.call<PassageReview>('passages:review', run)
    const { total, rows } = await errors('all')
    expect(total).toBe(review.errors)
    expect(Object.values(review.byError).reduce((sum, count) => sum + count, 0)).toBe(total)
    for (const kind of ['missed', 'invented', 'boundary', 'type'] as const)
      expect((await errors(kind)).total, kind).toBe(review.byError[kind])
    expect(total).toBeGreaterThan(0)
    const there = review.kinds.reduce((sum, kind) => sum + kind.there, 0)
    const truths = review.confusion.slice(0, -1).flat()
    expect(truths.reduce((sum, count) => sum + count, 0)).toBe(there)
    for (const kind of review.kinds)
      expect(kind.overlap?.recall?.value ?? 0, kind.name).toBeGreaterThanOrEqual(kind.strict.recall?.value ?? 0)
    for (const { line, truth, said, text } of rows.slice(0, 20)) {
      const document = await page.call<PassageDocument>('passages:document', { id: run, line })
      const mark = truth ?? said
      expect(document.text.slice(mark?.start, mark?.end)).not.toBe('')
      expect(text).toContain(document.text.slice(mark?.start, mark?.end))
      const drawn = document.marks
        .filter(({ state }) => state !== 'right')
        .map(({ start, end, kind, state }) => ({ start, end, kind, state }))
      if (truth) expect(drawn).toContainEqual({ ...truth, state: 'true' })
      if (said) expect(drawn).toContainEqual({ ...said, state: 'found' })
    }
    const groups = await page.call<Groups>('passages:groups', { id: run, by: 'length', metric: 'found' })
    expect(groups.rows.reduce((sum, row) => sum + row.rows, 0)).toBe(there)
  })

  test('takes verdicts, and corrects wrong marks in a new version of the data', async () => {
    const [error] = (await errors('all')).rows
    const { key, line } = error!
    await page.call('passages:judge', { id: run, key, verdict: 'model-wrong' })
    const summary = await page.call<VerdictSummary>('passages:judge', { id: run, key, verdict: 'label-wrong' })
    expect(summary).toMatchObject({ labelWrong: 1, modelWrong: 0, waiting: 1 })
    expect((await errors('judged')).rows).toMatchObject([{ key, verdict: 'label-wrong' }])
    const revised = await page.call<string>('passages:revise', run)
    const place = line - 1
    const cellsOf = async (id: string): Promise<readonly string[]> =>
      (await page.call<RowsPage>('data:rows', { id, from: place, count: 1 })).rows[0] ?? []
    const [before, after] = [await cellsOf(dataset.id), await cellsOf(revised)]
    const text = before[dataset.columns.findIndex(({ name }) => name === 'text')] ?? ''
    const at = dataset.columns.findIndex(({ name }) => name === 'marks')
    const marksOf = (cell: string | undefined) => parseSpans(text, cell ?? '', { file: '', line, column: '' })
    const expected = marksOf(before[at]).filter(({ start, end }) => start !== error!.truth?.start || end !== error!.truth.end)
    const { said } = error!
    if (said) expected.push({ start: said.start, end: said.end, label: said.kind })
    expect(marksOf(after[at])).toEqual(expected.sort((a, b) => a.start - b.start))
    const { sections } = await page.call<ReportPage>('results:reportPage', run)
    expect(JSON.stringify(sections)).toContain('1 test label was changed after the test')
  })

  test('finds passages in documents of several forms, says what it could not read, and saves them in every way', async () => {
    const [first, second] = tinyDocuments(2, 4)
    const files = [
      await page.upload('first.txt', first!.text),
      await page.upload('second.docx', makeDocx(paragraph(second!.text))),
      await page.upload('broken.pdf', 'this is no PDF')
    ]
    const job = await page.call<UseJob>('use:open', { run, files })
    expect(job).toMatchObject({
      kind: 'documents',
      rows: 2,
      marks: { kinds: ['NAME', 'PLACE'], passages: 0 },
      leftOut: { count: 1 }
    })
    expect(job.leftOut.first[0]?.file).toBe('broken.pdf')
    await page.call('use:start', { id: job.id, run, text: 'text', pair: null, answer: null, limit: null })
    const done = await page.answered(job.id)
    expect(done.done).toBe(2)
    const whole = await page.call<UseText>('use:text', { id: job.id, place: 1, unsureFirst: false })
    expect(whole.text).toBe(second!.text)
    for (const { start, end, sure } of whole.marks ?? []) {
      expect(whole.text.slice(start, end)).toMatch(/^[a-f]+(?:[, ]+[a-f]+)*$/)
      expect(sure).toBeGreaterThan(0)
    }
    const { rows } = await page.call<UseRowsPage>('use:rows', { id: job.id, from: 0, count: 2, unsureFirst: false })
    const counted = rows
      .flatMap(({ answer }) => (answer ?? '').match(/\d+/g) ?? [])
      .reduce((sum, count) => sum + Number(count), 0)
    expect(counted).toBe(done.marks?.passages)
    expect(counted).toBeGreaterThan(0)

    const saved = async (format: string): Promise<string> => {
      const { ticket, name } = await page.call<{ ticket: string; name: string }>('use:save', { id: job.id, format })
      expect(name).toMatch(/^first marked\.(?:csv|xlsx|jsonl|conll)$/)
      return application.services.outbox.take(ticket).path
    }
    const table = (await readFile(await saved('csv'), 'utf8'))
      .replace(/^\uFEFF/, '')
      .trim()
      .split(/\r?\n/)
    expect(table[0]).toContain('kind,passage,start,end,sure,needs a person')
    const empty = rows.filter(({ answer }) => answer === '').length
    expect(table).toHaveLength(1 + counted + empty)
    const path = await saved('spacy')
    const importer = await importerAt(path)
    const { format } = await importer.probe(path)
    let marks = 0
    for await (const { values } of importer.rows(path, format))
      marks += parseSpans(values['text'] ?? '', values['spans'] ?? '', { file: '', line: 1, column: '' }).length
    expect(marks).toBe(counted)
    await saved('xlsx')
    await page.call('use:drop', job.id)
  })

  test('finds personal data beside the rules, says what it adds, and masks it with the marks moved along', async () => {
    const rules = await page.call<PersonalReport>('personal:scan', dataset.id)
    const beside = await page.call<PersonalReport>('personal:scanWith', { id: dataset.id, run })
    const names = beside.findings.find(({ column, kind }) => column === 'text' && kind === 'NAME')
    expect(rules.findings.find(({ column, kind }) => column === 'text' && kind === 'NAME')).toBeUndefined()
    expect(names?.added).toBe(names?.passages)
    expect(names?.added).toBeGreaterThan(10)
    const wish = { id: dataset.id, column: 'text', kind: 'NAME', run }
    const examples = await page.call<readonly PersonalExample[]>('personal:examples', wish)
    expect(examples.length).toBeGreaterThan(0)
    for (const { text } of examples) expect(text).toMatch(/^[a-f]+(?:[, ]+[a-f]+)*$/)
    const choices = [{ column: 'text', kind: 'NAME', action: 'mask' }]
    const made = await page.call<DatasetSummary>('personal:apply', { id: dataset.id, choices, run })
    const { rows } = await page.call<RowsPage>('data:rows', { id: made.id, from: 0, count: 160 })
    const [text, marks] = ['text', 'marks'].map((column) => made.columns.findIndex(({ name }) => name === column))
    const masked = rows.map((cells) => (cells[text ?? 0]?.match(/\[NAME\]/g) ?? []).length)
    expect(masked.reduce((sum, count) => sum + count, 0)).toBe(names?.passages)
    for (const cells of rows)
      expect(() => parseSpans(cells[text ?? 0] ?? '', cells[marks ?? 0] ?? '', { file: '', line: 1, column: '' })).not.toThrow()
    await expect(page.call('personal:scanWith', { id: dataset.id, run: 'r-gone' })).rejects.toThrow(/^run-gone/)
  })

  test('is measured against the marks that a table already has', async () => {
    const [first, ...others] = tinyDocuments(40, 5)
    const table = `${JSON.stringify({ id: first!.id, text: first!.text, marks: '' })}\n${marksFile(others)}`
    const job = await page.call<UseJob>('use:open', { run, files: [await page.upload('known.jsonl', table)] })
    expect([job.kind, job.answer]).toEqual(['table', 'marks'])
    await page.call('use:start', { id: job.id, run, text: 'text', pair: null, answer: 'marks', limit: null })
    const { measure } = await page.answered(job.id)
    expect(measure).toMatchObject({ of: 'texts', rows: 39, left: 1, unknown: 0, looks: 1 })
    const [f1] = measure?.metrics ?? []
    expect(f1?.id).toBe('micro_f1')
    expect(f1?.measured.value).toBeGreaterThan(0.5)
    expect(f1?.measured.low).toBeLessThan(f1?.measured.high ?? 0)
    await page.call('use:drop', job.id)
  })

  test('takes what it alone knows out of every file of a mixed folder', async () => {
    const from = join(folder, 'Mixed')
    await mkdir(from)
    const documents = tinyDocuments(60, 6)
    const [docx, csv, txt] = [documents.slice(0, 20), documents.slice(20, 40), documents.slice(40)]
    await writeFile(join(from, 'letters.docx'), makeDocx(docx.map(({ text }) => paragraph(text)).join('')))
    await writeFile(join(from, 'letters.csv'), `note\n${csv.map(({ text }) => `"${text}"`).join('\n')}\n`)
    await writeFile(join(from, 'letters.txt'), txt.map(({ text }) => text).join('\n'))
    const [runFolder = ''] = await readdir(join(folder, 'data', 'runs'))
    const copies = new Copies({
      entry: trainerProgram,
      folder: join(folder, 'aside'),
      modelFolder: async () => join(folder, 'data', 'runs', runFolder),
      onWorking: () => undefined
    })
    const out = join(folder, 'clean')
    await mkdir(out)
    const wish = { from, name: 'Mixed', action: 'mask', actions: [], leftColumns: [], groupColumn: null, known: null } as const
    const written = await copies.write({ ...wish, run: run as TrainedId, passphrase: null }, out, false)
    expect(written).toMatchObject({ files: 3, leftOut: [] })
    // Two names are never other words, and the rules know neither: whoever found them is the model.
    const left = (text: string): number => (text.match(/\b(?:abba|baba)\b/g) ?? []).length
    const clean = join(out, written.folder)
    const kinds = { 'letters.docx': docx, 'letters.csv': csv, 'letters.txt': txt }
    for (const [name, own] of Object.entries(kinds)) {
      const bytes = await readFile(join(clean, name))
      const text = name.endsWith('.docx')
        ? ((await readParts(bytes, name)).get('word/document.xml')?.toString() ?? '')
        : bytes.toString('utf8')
      const [before, after] = [left(own.map((each) => each.text).join('\n')), left(text)]
      expect([name, before > 5, text.includes('[NAME]'), 1 - after / before > 0.8]).toEqual([name, true, true, true])
    }
    expect(await readFile(join(from, 'letters.txt'), 'utf8')).toContain(txt[0]!.text)
  })

  test('marks a pasted text', async () => {
    const { text } = tinyDocuments(1, 8, 12)[0]!
    const [answer] = await page.call<Answer[]>('runs:answer', { id: run, texts: [text] })
    expect(answer).toMatchObject({ probabilities: null, score: null })
    for (const { start, end } of answer?.marks ?? []) expect(text.slice(start, end).trim()).toBe(text.slice(start, end))
    expect(answer?.marks?.length).toBeGreaterThan(0)
  })

  describe.skipIf(!canBrowse)('in the window', () => {
    let walk: Walk
    beforeAll(async () => {
      walk = await Walk.begin(application.shell.newAddress())
    })
    afterAll(() => walk.end('from a tested run that marks passages to a marked document'))

    /** What main says: the page of these tests was replaced by the window. */
    async function ask<T>(channel: string, argument: unknown): Promise<T> {
      const fileOf = (): never => {
        throw new Error('No file is handed over here.')
      }
      const reply = await application.services.dispatch(channel, argument, { fileOf })
      if (!reply.ok) throw new Error(reply.error.message)
      return reply.value as T // The contract's.
    }

    test('is read by keyboard: an error, its document, a verdict; then used on a document', async () => {
      const { page: screen } = walk
      // Data of one's own bring the question whether they are to be encrypted.
      await walk.button('Not now')
      await screen.evaluate(`location.hash = '#/runs/${run}'`)
      await screen.getByRole('heading', { name: /^Finds .* passages/ }).waitFor()
      const list = screen.getByRole('grid', { name: /errors?$/ })
      await list
        .getByText(/missed|invented|cut wrongly|taken for/)
        .nth(1)
        .waitFor()
      await list.getByRole('row').nth(1).click()
      await screen.keyboard.press('ArrowDown')
      await screen.getByText(/ · 2 of \d/).waitFor()
      await screen.locator('mark.chosen').first().waitFor()
      await screen.getByRole('button', { name: 'Unclear' }).focus()
      await screen.keyboard.press('Enter')
      await walk.see(/unclear 1×/)
      await walk.look('marks-errors')
      await screen.getByRole('tab', { name: 'Kinds' }).click()
      await screen.getByRole('combobox', { name: 'What counts as right' }).selectOption({ index: 2 })
      await walk.see(/^Where a passage begins and ends does not matter/)
      await screen.getByRole('tab', { name: 'Confusion' }).click()
      await walk.look('marks-confusion')
      await walk.link('Use on documents')
      await screen.getByRole('textbox', { name: 'A text' }).waitFor()
      const { text } = tinyDocuments(1, 8, 12)[0]!
      await walk.drop({ name: 'letter.docx', bytes: makeDocx(paragraph(text)) })
      await screen.getByText('letter.docx').first().waitFor()
      await walk.button('Answer 1 row')
      await walk.see(/passages? found; \d of 1 text/)
      await screen.getByRole('grid', { name: 'Rows of letter.docx' }).getByRole('row').nth(1).click()
      await screen.getByRole('region', { name: 'The text with what was found in it' }).locator('mark').first().waitFor()
      await walk.look('marks-use')
      expect(walk.complaints).toEqual([])
    })

    test('suggests on the Label screen, the least sure first; a key takes a suggestion, a key drops one, and both are kept', async () => {
      const { page: screen } = walk
      await screen.evaluate(`location.hash = '#/data/${dataset.id}/label'`)
      await screen.getByRole('combobox', { name: 'Whose marks' }).selectOption({ label: 'somebody else…' })
      await screen.getByRole('textbox', { name: 'Name, kept on this PC' }).fill('Eva')
      await walk.button('Save')
      await screen.getByText('0 of 160 documents finished.').waitFor()
      await screen.getByRole('combobox', { name: 'Show' }).selectOption({ label: 'least sure first' })
      await screen.getByText(/suggestions?\. A accepts one/).waitFor({ timeout: 60_000 })
      const set = { id: dataset.id, by: 'Eva' }
      const { lines } = await ask<LabelQueue>('marking:queue', { ...set, filter: 'unsure' })
      expect(lines).not.toEqual(lines.toSorted((a, b) => a - b))
      const offered = await ask<readonly MarkSuggestion[]>('marking:suggest', { id: dataset.id, lines: lines.slice(0, 8) })
      const at = offered.findIndex(({ passages }) => passages.length > 1)
      const { line = 0, passages = [] } = offered[at] ?? {}
      const texts = await ask<readonly MarkRow[]>('marking:rows', { ...set, lines: [line] })
      await screen
        .getByRole('grid', { name: 'Queue' })
        .getByText(texts[0]?.preview ?? '')
        .click()
      // Once none is left, nothing is said of suggestions.
      const left = (n: number): Promise<void> =>
        n === 0
          ? screen.getByText(/suggestions?\. A accepts one/).waitFor({ state: 'detached' })
          : screen.getByText(n === 1 ? '1 suggestion.' : `${n} suggestions.`).waitFor()
      await left(passages.length)
      await screen.getByRole('group', { name: /^Document to mark/ }).focus()
      await screen.keyboard.press('a')
      await left(passages.length - 1)
      await screen.keyboard.press('Delete')
      await left(passages.length - 2)
      await walk.look('marks-suggested')
      await screen.keyboard.press('Enter')
      await screen.getByText('1 of 160 documents finished.').waitFor()
      const document = await ask<MarkDocument>('marking:document', { ...set, line })
      const { start, end, kind } = passages[0]!
      expect([document.finished, document.passages]).toEqual([true, [{ start, end, kind }]])
      expect(walk.complaints).toEqual([])
    })
  })
})
