import { describe, expect, test } from 'vitest'
import type { SureAnswer } from '../../../../src/main/data/questions/found-answers.ts'
import { AnswerTruth, MarkTruth } from '../../../../src/main/worker/measure-found.ts'
import type { Measured } from '../../../../src/main/worker/truth-table.ts'
import { testFolder } from '../data/folder.ts'

const { at } = testFolder()
const judge = { config: { training: { bootstrap_resamples: 200 } }, settings: { seed: 1 } }
const values = (measured: Measured | null): Readonly<Record<string, number>> =>
  Object.fromEntries((measured?.metrics ?? []).map(({ id, measured: { value } }) => [id, value]))

/** A character of two UTF-16 units first: cells count code points. */
const TEXT = '\u{1F600} Ada Marsh took ramipril on Monday.'
const mark = (words: string, label: string) => ({ start: TEXT.indexOf(words), end: TEXT.indexOf(words) + words.length, label })
const cellOf = (...marks: readonly ReturnType<typeof mark>[]): string =>
  JSON.stringify(marks.map(({ start, end, label }) => ({ start: start - 1, end: end - 1, label })))
const [NAME, DRUG] = [mark('Ada Marsh', 'NAME'), mark('ramipril', 'DRUG')]
const found = (...marks: readonly ReturnType<typeof mark>[]) => marks.map((each) => ({ ...each, confidence: 0.9 }))

describe('marks of a table', () => {
  test('are what found passages are measured against; kinds that the run does not find, and rows without marks, are counted apart', async () => {
    const truth = new MarkTruth(['NAME', 'DRUG'])
    truth.add(TEXT, cellOf(NAME, DRUG, mark('Monday', 'DAY')), found(NAME))
    truth.add(TEXT, '[]', found(DRUG))
    truth.add(TEXT, cellOf(NAME), found(NAME))
    truth.add(TEXT, '', found(NAME))
    truth.add(TEXT, '[{"start":0,"end":400,"label":"NAME"}]', found(NAME))
    const measured = await truth.measure(judge, at('.'))
    expect(measured).toMatchObject({ of: 'texts', rows: 3, left: 2, unknown: 1, looks: 1, alarms: [], person: null })
    // Found 2 of the 3 that are there; 2 of the 3 that were said are right.
    expect(values(measured)).toMatchObject({ micro_precision: 2 / 3, micro_recall: 2 / 3, micro_f1: 2 / 3 })
    expect(measured?.metrics.every(({ measured: { low, high } }) => low !== null && high !== null)).toBe(true)
  })

  test('say nothing where no row has any, and count how often the same rows were looked at', async () => {
    const none = new MarkTruth(['NAME'])
    none.add(TEXT, 'no marks', found(NAME))
    expect(await none.measure(judge, at('.'))).toBeNull()
    const look = async (): Promise<number | undefined> => {
      const truth = new MarkTruth(['NAME'])
      truth.add(TEXT, cellOf(NAME), [])
      return (await truth.measure(judge, at('.')))?.looks
    }
    expect([await look(), await look()]).toEqual([1, 2])
  })
})

const said = (question: string, words: string | null): SureAnswer => ({
  question,
  place: words === null ? null : { start: TEXT.indexOf(words), end: TEXT.indexOf(words) + words.length },
  sure: 0.8
})

describe('answers of a table', () => {
  test('are those of each row: as words, as SQuAD has them, or none', async () => {
    const truth = new AnswerTruth(0, false)
    truth.add(TEXT, 'ramipril', [said('What?', 'ramipril')])
    truth.add(TEXT, JSON.stringify({ text: ['Ada Marsh'], answer_start: [2] }), [said('Who?', 'Ada')])
    truth.add(TEXT, '{"text":[],"answer_start":[]}', [said('Why?', null)])
    truth.add(TEXT, '', [said('Where?', null)])
    truth.add(TEXT, 'not in the text', [said('Which?', null)])
    const measured = await truth.measure(judge, at('.'))
    expect(measured).toMatchObject({ of: 'questions', rows: 3, left: 2, unknown: 0 })
    expect(values(measured)).toMatchObject({ exact_match: 2 / 3, no_answer_exact: 1 })
    // "Ada" has half of the words of "Ada Marsh": precision 1, recall 1/2.
    expect(values(measured)['answer_f1']).toBeCloseTo((1 + 2 / 3 + 1) / 3, 12)
  })

  test('are marks, by their kind, where every text is asked the same; a question that no mark answers is not counted', async () => {
    const truth = new AnswerTruth(null, true)
    const asked = (who: string | null) => [said('NAME', who), said('DRUG', 'ramipril'), said('Is it raining?', 'Monday')]
    truth.add(TEXT, cellOf(NAME, DRUG), asked('Ada Marsh'))
    truth.add(TEXT, '[]', asked(null))
    const measured = await truth.measure(judge, at('.'))
    expect(measured).toMatchObject({ rows: 4, left: 0, unknown: 2 })
    // Of NAME both are right; of DRUG the second text has none.
    expect(values(measured)).toMatchObject({ exact_match: 3 / 4, has_answer_f1: 1, no_answer_exact: 1 / 2 })
  })
})
