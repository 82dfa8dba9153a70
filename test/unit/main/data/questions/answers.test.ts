import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDataset, loadInputs } from '../../../../../src/main/data/dataset.ts'
import type { Dataset, DatasetSpec } from '../../../../../src/main/data/dataset-types.ts'
import { parseAnswers } from '../../../../../src/main/data/questions/parse-answers.ts'
import { splitDataset } from '../../../../../src/main/data/split.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-questions-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const text = '😀 The law of Norway applies, not that of Norway’s neighbour.'
const place = { file: 'a.jsonl', line: 3, column: 'answers' }
const words = (cell: string): string[] => parseAnswers(text, cell, place).answers.map(({ start, end }) => text.slice(start, end))

describe('the answers of a cell', () => {
  it('are read as SQuAD has them, counted in code points', () => {
    expect(words('{"text": ["Norway"], "answer_start": [13]}')).toEqual(['Norway'])
    expect(words('[{"text": "law of Norway", "answer_start": 6}, {"text": "Norway", "answer_start": 13}]')).toEqual([
      'law of Norway',
      'Norway'
    ])
    expect(words('{"text": [], "answer_start": []}')).toEqual([])
    expect(words('[]')).toEqual([])
  })

  it('may be marks, or the words themselves, whose first place is taken', () => {
    expect(words('[{"start": 13, "end": 19, "label": "LAW"}]')).toEqual(['Norway'])
    expect(parseAnswers(text, 'Norway', place)).toEqual({ answers: [{ start: 14, end: 20 }], isAmbiguous: true })
    expect(parseAnswers('see [2020] 1', '[2020]', place)).toEqual({ answers: [{ start: 4, end: 10 }], isAmbiguous: false })
  })

  it.each([
    ['words that do not stand there', '{"text": ["Norway"], "answer_start": [12]}', 'does not stand where answer_start says'],
    ['a place outside', '{"text": ["Norway"], "answer_start": [4000]}', 'does not stand where answer_start says'],
    ['words that stand nowhere', 'Sweden', 'does not stand in its text'],
    ['lists of different lengths', '{"text": ["Norway"], "answer_start": []}', 'does not stand in its text'],
    ['marks without a place', '[{"label": "LAW"}]', 'start, end and label']
  ])('are refused by line: %s', (_, cell, why) => {
    expect(() => words(cell)).toThrow(/Line 3 of a.jsonl: the column/)
    expect(() => words(cell)).toThrow(why)
    // What stands in a row is never quoted.
    expect(() => words(cell)).not.toThrow(/Norway|Sweden/)
  })
})

const write = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const shown = ({ texts, pairs, labels }: Dataset): string[] =>
  labels.kind === 'answers'
    ? labels.values.map(
        (own, row) => `${pairs?.[row] ?? ''} ${own.map(({ start, end }) => texts[row]?.slice(start, end)).join('|')}`
      )
    : []

const squad = {
  version: 'v2.0',
  data: [
    {
      title: 'M1',
      paragraphs: [
        {
          context: 'It runs for two years. Notice is one month.',
          qas: [
            { id: 'q1', question: '  How long?', answers: [{ text: 'two years', answer_start: 12 }], is_impossible: false },
            {
              id: 'q2',
              question: 'Which law?',
              answers: [],
              is_impossible: true,
              plausible_answers: [{ text: 'x', answer_start: 0 }]
            }
          ]
        }
      ]
    },
    {
      title: 'M2',
      paragraphs: [
        { context: 'No "}]" here: €5.', qas: [{ id: 3, question: 'Fee?', answers: [{ text: '€5', answer_start: 14 }] }] }
      ]
    }
  ]
}
const asked: Omit<DatasetSpec, 'file'> = {
  task: 'question-answering',
  text: 'context',
  text_pair: 'question',
  label: 'answers',
  id: 'id',
  group: 'title'
}

describe('questions from files', () => {
  it.each([
    ['as it comes', JSON.stringify(squad)],
    ['with what follows the articles', JSON.stringify({ data: squad.data, note: 'x' }, null, 2)],
    ['in lines', JSON.stringify(squad, null, 1)]
  ])('read SQuAD’s own JSON %s', async (_, content) => {
    const dataset = await loadDataset({ ...asked, file: await write('squad.json', content) })
    expect(shown(dataset)).toEqual(['How long? two years', 'Which law? ', 'Fee? €5'])
    expect(dataset.ids).toEqual(['q1', 'q2', '3'])
    expect(dataset.groups).toEqual(['M1', 'M1', 'M2'])
    expect(dataset.labels).toMatchObject({ kinds: null })
  })

  it('leave out a question without words, and refuse a file that ends too early', async () => {
    const broken = {
      data: [
        {
          title: 'M',
          paragraphs: [
            { context: 'a b', qas: [{ id: 'x' }, { id: 'y', question: 'b?', answers: [{ text: 'b', answer_start: 2 }] }] }
          ]
        }
      ]
    }
    const dataset = await loadDataset({ ...asked, file: await write('some.json', JSON.stringify(broken)) })
    expect(shown(dataset)).toEqual(['b? b'])
    expect(dataset.notes).toMatchObject([{ code: 'documents_rejected' }])
    const whole = JSON.stringify(squad)
    await expect(loadDataset({ ...asked, file: await write('cut.json', whole.slice(0, -20)) })).rejects.toMatchObject({
      code: 'data_json_invalid'
    })
  })

  it('come from the columns of Hugging Face’s squad, as JSON Lines or CSV', async () => {
    const row = {
      id: 'a',
      title: 'M',
      context: 'law of Norway',
      question: 'Which law?',
      answers: { text: ['Norway'], answer_start: [7] }
    }
    const lines = await loadDataset({ ...asked, file: await write('rows.jsonl', JSON.stringify(row)) })
    expect(shown(lines)).toEqual(['Which law? Norway'])
    const csv =
      'id,title,context,question,answers\na,M,law of Norway,Which law?,Norway\nb,M,law of Norway,Which fee?,[]\nc,M,x,Which fee?,\n'
    const table = await loadDataset({ ...asked, file: await write('rows.csv', csv) })
    expect(shown(table)).toEqual(['Which law? Norway', 'Which fee? '])
    expect(table.skippedCounts.missing_label).toBe(1)
  })

  it('may be the same for every text, answered by marks', async () => {
    const rows = [
      { text: 'law of Norway', spans: [{ start: 7, end: 13, label: 'LAW' }] },
      {
        text: '😀 fee 5, law of Kenya',
        spans: [
          { start: 6, end: 7, label: 'FEE' },
          { start: 16, end: 21, label: 'LAW' },
          { start: 2, end: 5, label: 'WORD' }
        ]
      }
    ]
    const file = await write('marks.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))
    const questions = { LAW: ['Which law?', 'What law governs?'], FEE: ['Which fee?'], TERM: ['How long?'] }
    const spec: DatasetSpec = { task: 'question-answering', file, text: 'text', label: 'spans', questions }
    const dataset = await loadDataset(spec)
    expect(shown(dataset)).toEqual([
      'Which law? Norway',
      'Which fee? ',
      'How long? ',
      'What law governs? Kenya',
      'Which fee? 5',
      'How long? '
    ])
    expect(dataset.classNames).toEqual(['LAW', 'FEE', 'TERM'])
    expect(dataset.classCounts).toEqual([2, 1, 0])
    expect(dataset.notes.map(({ code }) => code)).toEqual(['answers_unasked', 'questions_unanswered'])
    const inputs = await loadInputs({ file, text: 'text', questions })
    expect([inputs.count, [...(inputs.kinds ?? [])]]).toEqual([6, [0, 1, 2, 0, 1, 2]])
  })

  it('say what is missing by the names of run.yaml', async () => {
    const file = await write('other.jsonl', JSON.stringify({ context: 'a', question: 'b?', answers: [] }))
    await expect(loadDataset({ ...asked, file, id: 'question', group: 'context', text_pair: 'asked' })).rejects.toThrow(
      /which data\.question names/
    )
    const { id: _id, group: _group, ...plain } = asked
    await expect(loadDataset({ ...plain, file })).rejects.toMatchObject({ code: 'data_no_labels' })
  })

  it('about one text stay in one part, whatever they ask', async () => {
    const rows = Array.from({ length: 40 }, (_, document) =>
      Array.from({ length: 4 }, (__, question) => ({
        context: `text ${document}`,
        question: `${question}?`,
        answers: question < 2 ? `${document}` : []
      }))
    ).flat()
    const { id: _id, group: _group, ...plain } = asked
    const dataset = await loadDataset({
      ...plain,
      file: await write('many.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))
    })
    const split = splitDataset(dataset, { train: 0.5, validation: 0.25, test: 0.25 }, 1)
    const documents = (['train', 'validation', 'test'] as const).map(
      (part) => new Set(Array.from(split[part], (row) => dataset.texts[row]))
    )
    expect(documents.reduce((sum, { size }) => sum + size, 0)).toBe(40)
    expect([...split.test].length).toBe(40)
  })
})
