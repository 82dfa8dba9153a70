import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { passagesName, type StoredPassages } from '../../../../src/main/report/passages.ts'
import { answersName, predictionsName, type StoredPredictions } from '../../../../src/main/report/predictions.ts'
import type { StoredAnswers } from '../../../../src/main/report/stored-answers.ts'
import { compareRuns } from '../../../../src/main/worker/compare-runs.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-compare-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const rows = Array.from({ length: 12 }, (_, i) => i)
const stored: StoredPredictions = {
  format: 'attune-predictions-1',
  part: 'test',
  kind: 'single-label',
  classNames: ['no', 'yes'],
  splitHash: 'ab',
  lines: rows.map((i) => i + 2),
  keys: rows.map((i) => `key-${i}`),
  groups: null,
  truth: rows.map((i) => i % 2),
  answers: rows.flatMap((i) => (i % 2 === 0 ? [0.9, 0.1] : [0.1, 0.9])),
  thresholds: null
}
/** Wrong about every row. */
const wrong = { ...stored, answers: stored.answers.map((p) => 1 - p) }

async function runWith(name: string, answers: StoredPredictions | null, seed?: number): Promise<string> {
  const folder = join(root, name)
  const own = seed === undefined ? folder : join(folder, `seed-${seed}`)
  await mkdir(own, { recursive: true })
  if (seed !== undefined) await writeFile(join(folder, 'report.json'), JSON.stringify({ seeds: { seeds: [seed] } }))
  if (answers) await writeFile(join(own, predictionsName('test')), JSON.stringify(answers))
  return folder
}

describe('the comparison of stored answers', () => {
  test('tests runs on the same rows, one with several seeds among them', async () => {
    const found = await compareRuns([await runWith('good', stored), await runWith('seeds', wrong, 7)], 1)
    expect(found).toMatchObject({ rows: 12, primary: 'macro_f1', unfit: [], pairs: [{ first: 0, second: 1, verdict: 'first' }] })
  })

  test.each([
    ['other rows', { keys: stored.keys.map((key, i) => (i < 4 ? key : `else-${i}`)) }, 'other-rows', 4],
    ['other labels', { truth: stored.truth.map((label, i) => (i < 3 ? 1 - label : label)) }, 'other-labels', 3],
    ['other classes', { classNames: ['no', 'maybe'] }, 'other-classes', 12],
    ['another task', { kind: 'regression', classNames: [], answers: stored.truth }, 'other-task', 12]
  ] as const)('says why a run with %s is not tested', async (name, change, reason, shared) => {
    const other = await runWith(name, { ...stored, ...change })
    const found = await compareRuns([await runWith('a', stored), other, await runWith('b', wrong)], 1)
    expect(found).toMatchObject({ unfit: [{ run: 1, reason, shared }], pairs: [{ first: 0, second: 2 }] })
  })

  test('has nothing to test where no two runs share their rows', async () => {
    const found = await compareRuns([await runWith('alone', stored), await runWith('silent', null), ''], 1)
    expect(found).toMatchObject({
      primary: null,
      pairs: [],
      unfit: [
        { run: 1, reason: 'no-answers' },
        { run: 2, reason: 'no-answers' }
      ]
    })
  })
})

const marked: StoredPassages = {
  format: 'attune-passages-1',
  part: 'test',
  types: ['NAME'],
  splitHash: 'ab',
  groups: null,
  documents: rows.map((i) => ({
    line: i + 2,
    key: `key-${i}`,
    truth: [{ start: i, end: i + 4, label: 'NAME' }],
    said: [{ start: i, end: i + 4, label: 'NAME', confidence: 0.9 }]
  }))
}
/** Finds nothing. */
const blind = { ...marked, documents: marked.documents.map((document) => ({ ...document, said: [] })) }

async function marksRun(name: string, passages: StoredPassages): Promise<string> {
  const folder = await runWith(name, null)
  await writeFile(join(folder, passagesName('test')), JSON.stringify(passages))
  return folder
}

describe('the comparison of runs that mark passages', () => {
  test('tests them by micro-F1 on the documents that they share', async () => {
    const found = await compareRuns([await marksRun('blind', blind), await marksRun('seeing', marked)], 1)
    expect(found).toMatchObject({
      rows: 12,
      primary: 'micro_f1',
      unfit: [],
      pairs: [{ first: 0, second: 1, verdict: 'second', tests: [{ metric: 'micro_f1', method: 'randomisation' }] }]
    })
  })

  test('never tests one against a run that answers whole texts, though the rows are the same', async () => {
    const found = await compareRuns([await marksRun('marks', marked), await runWith('texts', stored)], 1)
    expect(found).toMatchObject({ pairs: [], unfit: [{ run: 1, reason: 'other-task', shared: 12 }] })
  })

  test.each([
    [
      'other documents',
      { documents: marked.documents.map((each, i) => ({ ...each, key: i < 5 ? each.key : `x${i}` })) },
      'other-rows',
      5
    ],
    ['other kinds', { types: ['NAME', 'DATE'] }, 'other-classes', 12],
    ['other marks', { documents: marked.documents.map((each, i) => (i < 2 ? { ...each, truth: [] } : each)) }, 'other-labels', 2]
  ])('says what is in the way: %s', async (name, change, reason, shared) => {
    const found = await compareRuns([await marksRun('one', marked), await marksRun(name, { ...marked, ...change })], 1)
    expect(found).toMatchObject({ pairs: [], unfit: [{ run: 1, reason, shared }] })
  })
})

const asked: StoredAnswers = {
  format: 'attune-answers-1',
  part: 'test',
  classNames: ['FEE', 'LAW'],
  splitHash: 'ab',
  groups: rows.flatMap((i) => [i, i]),
  questions: rows.flatMap((i) =>
    ['FEE', 'LAW'].map((question) => ({
      line: i + 2,
      question,
      key: `${question}-${i}`,
      document: `document-${i}`,
      truth: [{ start: i, end: i + 4 }],
      said: { start: i, end: i + 4 },
      score: 0.8,
      exact: 1,
      f1: 1
    }))
  )
}
/** Never answers. */
const silent = { ...asked, questions: asked.questions.map((one) => ({ ...one, said: null, exact: 0, f1: 0 })) }

async function askedRun(name: string, answers: StoredAnswers): Promise<string> {
  const folder = await runWith(name, null)
  await writeFile(join(folder, answersName('test')), JSON.stringify(answers))
  return folder
}

describe('the comparison of runs that answer questions', () => {
  test('tests them by F1 on the questions that they share, whatever their words, by documents', async () => {
    const reworded = { ...silent, questions: silent.questions.map((one) => ({ ...one, key: `${one.key}-again` })) }
    const found = await compareRuns([await askedRun('mute', reworded), await askedRun('asked', asked)], 1)
    expect(found).toMatchObject({
      rows: 24,
      primary: 'answer_f1',
      unfit: [],
      pairs: [{ first: 0, second: 1, verdict: 'second', tests: [{ metric: 'answer_f1', method: 'sign-flip', p: 2 / 2 ** 12 }] }]
    })
  })

  test.each([
    ['other questions', { classNames: ['FEE', 'TERM'] }, 'other-classes', 24],
    ['other answers', { questions: asked.questions.map((one, i) => (i < 3 ? { ...one, truth: [] } : one)) }, 'other-labels', 3],
    [
      'questions about other documents',
      { questions: asked.questions.map((one, i) => (i < 6 ? one : { ...one, document: `x${i}` })) },
      'other-rows',
      6
    ]
  ] as const)('says what is in the way: %s', async (name, change, reason, shared) => {
    const found = await compareRuns([await askedRun('one asked', asked), await askedRun(name, { ...asked, ...change })], 1)
    expect(found).toMatchObject({ pairs: [], unfit: [{ run: 1, reason, shared }] })
  })

  test('never tests one against a run that marks passages', async () => {
    const found = await compareRuns([await askedRun('questions', asked), await marksRun('passages', marked)], 1)
    expect(found).toMatchObject({ pairs: [], unfit: [{ run: 1, reason: 'other-task' }] })
  })

  test('has nothing to test of runs made before groups were kept, and says where a file is damaged', async () => {
    const { groups: _groups, ...before } = asked
    const old = await askedRun('before', before as StoredAnswers) // As it was written then.
    expect(await compareRuns([old, await askedRun('now', asked)], 1)).toMatchObject({
      unfit: [{ run: 0, reason: 'no-answers' }]
    })
    const broken = await askedRun('broken', { ...asked, groups: [1] })
    await expect(compareRuns([broken, old], 1)).rejects.toThrow(/cannot be read \(the file\.groups must have 24 entries\)/)
  })
})
