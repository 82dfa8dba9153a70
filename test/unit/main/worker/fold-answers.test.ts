import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defined } from '../../../../src/main/base/assert.ts'
import type { RunConfig } from '../../../../src/main/config/config-types.ts'
import { loadDataset } from '../../../../src/main/data/dataset.ts'
import type { Dataset } from '../../../../src/main/data/dataset-types.ts'
import { splitDataset, type Split } from '../../../../src/main/data/split.ts'
import { scoreAnswer, type AnswerResult, type JudgedAnswer } from '../../../../src/main/engine/evaluation/index.ts'
import { checkRunReport } from '../../../../src/main/report/check-report.ts'
import { renderHtml } from '../../../../src/main/report/html.ts'
import type { RunReport } from '../../../../src/main/report/run-report.ts'
import { headline } from '../../../../src/main/report/sentence.ts'
import { readAnswers } from '../../../../src/main/report/stored-answers.ts'
import { poolAnswerFolds, writeAnswerFold } from '../../../../src/main/worker/fold-answers.ts'
import { measureAnswers } from '../../../../src/main/worker/measure-answers.ts'
import { answersIn } from '../../../../src/main/worker/prepare-answers.ts'
import { datasetSpec } from '../../../../src/main/worker/prepare.ts'
import { writeAnswers } from '../../../../src/main/worker/write-answers.ts'
import { marksFile, tinyDocuments } from '../../../helpers/tiny-marks.ts'
import { tinyQuestions } from '../../../helpers/tiny-questions.ts'
import { reportOf } from '../report/reports.ts'

/** Texts of which every fifth has a character beyond 16 bits; two questions are asked of each. */
const DOCUMENTS = 30
const FOLDS = 3
const signal = new AbortController().signal

let root: string
let config: RunConfig
let dataset: Dataset
let splits: readonly Split[]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-fold-answers-'))
  const file = join(root, 'marks.jsonl')
  await writeFile(file, marksFile(tinyDocuments(DOCUMENTS, 1)))
  const none = { train: null, validation: null, test: null, question: null, group: null }
  const data = { file, ...none, text: 'text', questions: tinyQuestions, answers: 'marks', id: 'id' }
  config = { task: 'question-answering', data, training: { seed: 3, bootstrap_resamples: 50 } } as unknown as RunConfig // What is read of it.
  dataset = await loadDataset(datasetSpec(config), signal)
  const of = { train: 0.8, validation: 0.2, test: 0 }
  splits = Array.from({ length: FOLDS }, (_, index) => splitDataset(dataset, of, 3, { fold: { of: FOLDS, index } }))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Says the first right answer, or none where the row is a multiple of `silent`; of a row without an answer the first two letters. */
function saidTo(row: number, silent: number): JudgedAnswer {
  const text = dataset.texts[row] ?? ''
  const words = ({ start, end }: { start: number; end: number }): string => text.slice(start, end)
  const truth = (answersIn(dataset)[row] ?? []).map(({ start, end }) => ({ start, end }))
  const said = row % silent === 0 ? null : (truth[0] ?? { start: 0, end: 2 })
  return { ...scoreAnswer(truth.map(words), said ? words(said) : ''), truth, said, score: 0.5 + row / 1000 }
}

const SILENT = 4

/** Writes what a fold leaves behind, and returns its report. */
async function fold(index: number, threshold: number | null, content = dataset.contentHash): Promise<RunReport> {
  const folder = join(root, `fold-${index + 1}`)
  await mkdir(folder, { recursive: true })
  const split = defined(splits[index], 'a fold')
  const judged = Array.from(split.test, (row) => saidTo(row, SILENT))
  await writeAnswers(folder, 'test', { dataset, split }, split.test, judged)
  const scores = Array.from(split.test, (row) => ({ exact: row % 2, f1: row % 2, isAnswered: true }))
  const baselines = [{ id: 'nearest', title: 'Nearest', scores }]
  await writeAnswerFold(folder, { dataset: { ...dataset, contentHash: content }, split }, { threshold }, baselines)
  const report = reportOf(measureAnswers(dataset, { rows: split.test, judged, threshold, seed: 3, resamples: 50 }))
  return { ...report, data: { ...report.data, rows: { ...report.data.rows, test: split.test.length } } }
}

const folders = (): string[] => Array.from({ length: FOLDS }, (_, i) => join(root, `fold-${i + 1}`))
const pooled = (reports: readonly RunReport[]): Promise<RunReport> =>
  poolAnswerFolds({ config, folder: root, folders: folders(), reports, signal })

describe('the answers of all folds', () => {
  let report: RunReport
  let evaluation: AnswerResult

  beforeAll(async () => {
    report = await pooled([await fold(0, 0.5), await fold(1, -1.25), await fold(2, null)])
    evaluation = report.evaluation as AnswerResult // The task says so.
  })

  test('keep the questions of a document in one fold, and ask each of them once', () => {
    const foldOf = new Map<string, number>()
    for (const [index, { test: rows, train, validation }] of splits.entries()) {
      for (const row of rows) {
        const text = dataset.texts[row] ?? ''
        expect(foldOf.get(text) ?? index).toBe(index)
        foldOf.set(text, index)
      }
      expect([...train, ...validation].some((row) => rows.includes(row))).toBe(false)
    }
    expect(splits.reduce((sum, { test: rows }) => sum + rows.length, 0)).toBe(2 * DOCUMENTS)
  })

  test('are judged as one test of all questions, each as its fold said it', () => {
    const rows = Int32Array.from({ length: 2 * DOCUMENTS }, (_, row) => row)
    const judged = Array.from(rows, (row) => saidTo(row, SILENT))
    const nearest = {
      id: 'nearest',
      title: 'Nearest',
      scores: judged.map((_, row) => ({ exact: row % 2, f1: row % 2, isAnswered: true }))
    }
    const expected = measureAnswers(dataset, {
      ...{ rows, judged, seed: 3, resamples: 50 },
      threshold: [0.5, -1.25, null],
      baselines: [nearest]
    })
    expect(evaluation).toEqual(expected)
    expect(evaluation).toMatchObject({ rows: 60, documents: 30 })
    // Places are those of the text, behind a character beyond 16 bits too.
    const behind = evaluation.worstErrors.filter(({ row, said }) => said && (row - 1) % 5 === 0)
    expect(behind.length).toBeGreaterThan(0)
  })

  test('are kept beside the report in the order of the file', async () => {
    const stored = defined(await readAnswers(root, 'test'), 'the answers')
    expect(stored.questions.map(({ line, question }) => `${line} ${question ?? ''}`)).toEqual(
      Array.from(dataset.lines, (line, row) => `${line} ${dataset.classNames[row % 2] ?? ''}`)
    )
    expect(new Set(stored.groups).size).toBe(DOCUMENTS)
  })

  test('are reported with the threshold of each fold', () => {
    expect(checkRunReport(JSON.parse(JSON.stringify(report)))).toEqual(report)
    expect(headline(report).text).toContain(
      'Every question was answered by a model that had not learned from its document (3 folds).'
    )
    const html = renderHtml(report)
    expect(html).toContain('-1.25 to 0.50 (logits). In 1 fold every training question has an answer, and one is always given.')
    expect(html).toContain('Threshold of “no answer” (logits)')
    expect(html).toContain('0.500, -1.25, –')
    expect(report.folds?.rows).toEqual(splits.map(({ test: rows }) => rows.length))
    expect(report.folds?.metrics['exact_match']?.values).toHaveLength(FOLDS)
  })

  test('are refused where the data changed between two folds', async () => {
    const reports = [await fold(0, 0.5), await fold(1, 0.5), await fold(2, 0.5, 'other')]
    await expect(pooled(reports)).rejects.toMatchObject({ code: 'folds-data-changed' })
  })
})
