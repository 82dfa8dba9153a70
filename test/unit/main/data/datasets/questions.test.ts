import { describe, expect, test } from 'vitest'
import type { Roles } from '../../../../../src/preload/contract/data.ts'
import { loadDataset } from '../../../../../src/main/data/dataset.ts'
import { specOf } from '../../../../../src/main/data/datasets/report.ts'
import { missingRole } from '../../../../../src/main/data/datasets/roles.ts'
import { splitDataset } from '../../../../../src/main/data/split.ts'
import { marksFile, tinyDocuments } from '../../../../helpers/tiny-marks.ts'
import { ownDatasets } from '../../../../helpers/own-datasets.ts'
import { squadFile, tinyQuestions } from '../../../../helpers/tiny-questions.ts'
import { testFolder } from '../folder.ts'

const { at, put } = testFolder()

const open = async (name: string, text: string) => {
  const datasets = ownDatasets(at(''))
  return { datasets, opened: await datasets.open(await put(name, text), name) }
}

describe('questions about texts', () => {
  test('in the layout of SQuAD are recognised, counted, and kept together by the article', async () => {
    const { datasets, opened } = await open('questions.json', squadFile(40, 2))
    expect(opened.columns.map(({ name, looksLike }) => [name, looksLike])).toContainEqual(['answers', 'answers'])
    expect(opened.roles).toMatchObject({
      task: 'question-answering',
      text: 'context',
      textPair: 'question',
      answer: 'answers',
      group: 'title',
      belonging: null
    })
    const report = await datasets.setRoles(opened.id, { ...opened.roles, belonging: 'column' })
    expect(report.blocked).toBeNull()
    expect(report).toMatchObject({ classes: null, kinds: null, rows: { total: 80, usable: 80 } })
    expect(report.questions).toMatchObject({ asked: 80, texts: 40, kinds: null })
    // A text is counted once, however many questions are asked of it.
    expect(report.lengths.reduce((sum, { count }) => sum + count, 0)).toBe(40)
    const { train = 0, validation = 0, test: tested = 0 } = report.split ?? {}
    expect([train % 2, validation % 2, tested % 2, train + validation + tested]).toEqual([0, 0, 0, 80])
    expect(report.findings.map(({ code }) => code)).not.toContain('duplicates')
  })

  test('in columns of their own are recognised by name, and rows without a question are found', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `Notice ${i} must be given ${i + 2} months before,${i === 0 ? '' : 'How long?'},${i + 2} months,p${i % 20}`
    )
    const { datasets, opened } = await open('asked.csv', ['passage,question,answer,patient_id', ...rows].join('\n'))
    expect(opened.roles).toMatchObject({ task: 'question-answering', text: 'passage', textPair: 'question', answer: 'answer' })
    const report = await datasets.setRoles(opened.id, { ...opened.roles, belonging: 'column', group: 'patient_id' })
    expect(report.blocked).toBeNull()
    expect(report.findings).toContainEqual(expect.objectContaining({ code: 'empty-questions', rows: 1, fixes: ['drop'] }))
    expect(report.findings.map(({ code }) => code)).toContain('always-answered')
    expect(report.questions).toMatchObject({ asked: rows.length - 1, unanswered: 0 })
  })

  test('with few different answers are classes, and without a text are no questions about one', async () => {
    const lines = Array.from(
      { length: 40 },
      (_, i) => `The patient number ${i} slept well,Did they sleep ${i}?,${i % 2 ? 'yes' : 'no'}`
    )
    const { opened } = await open('yes.csv', ['text,question,answer', ...lines].join('\n'))
    expect(opened.roles.task).toBe('text-classification')
    const faq = Array.from({ length: 40 }, (_, i) => `How do I do thing ${i} here?,By doing number ${i} and then another`)
    expect((await open('faq.csv', ['question,answer', ...faq].join('\n'))).opened.roles.task).not.toBe('question-answering')
  })

  test('that are the same for every text are answered by marks, as the command line has them', async () => {
    const { datasets, opened } = await open('marks.jsonl', marksFile(tinyDocuments(40, 1)))
    expect(opened.roles.task).toBe('token-classification')
    const questions = { NAME: [...tinyQuestions.NAME], PLACE: [tinyQuestions.PLACE] }
    const roles: Roles = { ...opened.roles, task: 'question-answering', questions, group: null, belonging: 'no' }
    const report = await datasets.setRoles(opened.id, roles)
    expect(report.blocked).toBeNull()
    expect(report.questions).toMatchObject({ asked: 80, texts: 40 })
    expect(report.questions?.kinds?.map(({ name }) => name).toSorted()).toEqual(['NAME', 'PLACE'])
    expect(report.kinds?.map(({ name }) => name).toSorted()).toEqual(['NAME', 'PLACE'])
    expect(datasets.get(opened.id).roles.questions).toEqual(questions)
    const dataset = await loadDataset(specOf(datasets.pathOf(opened.id), roles, datasets.divisionOf(opened.id)))
    // Kinds that are renamed take their questions along.
    const renamed = { kind: 'rename', column: opened.roles.answer ?? '', from: ['PLACE'], to: 'TOWN' } as const
    const made = await datasets.revise({ id: opened.id, edits: [renamed], note: null })
    expect(made.roles.questions).toEqual({ NAME: questions.NAME, TOWN: questions.PLACE })
    expect((await datasets.report(made.id)).questions).toEqual({
      ...report.questions,
      kinds: expect.arrayContaining([expect.objectContaining({ name: 'TOWN' })])
    })
    expect(dataset.pairs?.slice(0, 4)).toEqual(['face dab', 'bed ace', 'fade dab', 'bed ace'])
    expect(splitDataset(dataset, { train: 0.7, validation: 0.15, test: 0.15 }, 42).train).toHaveLength(report.split?.train ?? 0)
  })
})

test('roles of questions say what they lack', () => {
  const roles: Roles = {
    task: 'question-answering',
    text: 'context',
    textPair: 'question',
    answer: 'answers',
    separator: null,
    group: null,
    belonging: 'no'
  }
  const columns = ['context', 'question', 'answers']
  expect(missingRole(roles, columns)).toBeNull()
  expect(missingRole({ ...roles, textPair: null }, columns)).toMatch(/^No question is asked\. Choose the column/)
  expect(missingRole({ ...roles, textPair: null, questions: {} }, columns)).toMatch(/Write one for at least one kind/)
  expect(missingRole({ ...roles, textPair: null, questions: { LAW: ['Which?'] } }, columns)).toBeNull()
  expect(missingRole({ ...roles, textPair: 'context' }, columns)).toMatch(/Choose three different columns/)
  expect(missingRole({ ...roles, textPair: 'gone' }, columns)).toMatch(/no column 'gone'/)
  expect(missingRole({ ...roles, answer: null }, columns)).toMatch(/^No column with answers/)
})
