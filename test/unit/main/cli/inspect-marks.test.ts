import { expect, test } from 'vitest'
import { markedDocuments } from '../../../../src/main/data/marks/read-marks.ts'
import { convertMarks } from '../../../../src/main/cli/convert-marks.ts'
import { inspectMarks, showMarks } from '../../../../src/main/cli/inspect-marks.ts'
import type { Output } from '../../../../src/main/cli/output.ts'
import { gather, refusalOf, testFolder } from '../data/folder.ts'

const { at, put } = testFolder()

/** What is printed, without a terminal. */
function output(isJson = false) {
  const said: string[] = []
  const print = (text: string): void => void said.push(text)
  const event = (each: object): void => void said.push(JSON.stringify(each))
  // Only these three are used by what is tested.
  return { said, out: { isJson, print, event, tell: print } as unknown as Output }
}

const file = [
  {
    id: 1,
    text: 'Ann met Bo in May',
    label: [
      [0, 3, 'NAME'],
      [8, 10, 'NAME'],
      [8, 17, 'PHRASE']
    ]
  },
  { id: 2, text: 'nothing', label: [] },
  { id: 3, text: 'Ann', label: [[0, 9, 'NAME']] },
  { id: 4, text: 'Cy', entities: [{ start_offset: 0, end_offset: 2, label: 'NAME' }], relations: [{ type: 'x' }, { type: 'y' }] }
]
const lines = file.map((each) => `${JSON.stringify(each)}\n`).join('')

test('a file of marks is described by what it holds', async () => {
  const { said, out } = output()
  expect(await showMarks(await put('marks.jsonl', lines), out)).toBe(true)
  expect(said).toEqual([
    [
      'File       marks.jsonl',
      'Format     marks of doccano',
      'Documents  3, 1 of them without a mark',
      'Marks      4, 1 of them in or across another',
      'Types      NAME 3, PHRASE 1',
      'Not taken  relation 2',
      'Left out   1',
      '  line 3: Its mark 1 lies outside the text of 3 characters.',
      ''
    ].join('\n')
  ])
})

test('with --json it is one event', async () => {
  const { said, out } = output(true)
  await showMarks(await put('marks.jsonl', lines), out)
  expect(JSON.parse(said[0] ?? '')).toMatchObject({
    event: 'finished',
    format: 'doccano',
    marks: 4,
    types: { NAME: 3, PHRASE: 1 },
    rejected: 1
  })
})

test('what holds no marks is left to others', async () => {
  expect(await inspectMarks(await put('table.jsonl', '{"text":"a","label":"b"}\n'))).toBeNull()
  expect(await inspectMarks(await put('table.csv', 'text,label\na,b\n'))).toBeNull()
  expect(await inspectMarks(at('model'))).toBeNull()
  expect(await refusalOf(() => inspectMarks(at('gone.jsonl')))).toContain('data_file_missing')
})

test('marks are written for another program, and what is lost is said', async () => {
  const path = await put('marks.jsonl', lines)
  const { said, out } = output()
  const wishes = new Map([
    ['to', 'conll'],
    ['out', at('marks.conll')]
  ])
  expect(await convertMarks(path, wishes, out)).toBe(0)
  expect(said).toEqual([
    `Wrote 3 documents with 4 marks to ${at('marks.conll')}. 1 mark inside of others could not be written. 1 document was left out; attune inspect says why.\n`
  ])
  expect((await inspectMarks(at('marks.conll')))?.types).toEqual({ NAME: 2, PHRASE: 1 })
  expect(await refusalOf(() => convertMarks(path, new Map([['to', 'word']]), out))).toBe(
    "usage: --to is 'word', which is no format of marks. Use one of spacy, doccano, brat, conll, csv."
  )
})

test('kinds are renamed and merged on the way, and one that nothing has leaves nothing written', async () => {
  const path = await put('kinds.jsonl', lines)
  const { out } = output()
  const write = (name: string, ...flags: readonly (readonly [string, string])[]): Promise<number> =>
    convertMarks(path, new Map([['to', 'csv'], ['out', at(name)], ...flags]), out)
  expect(await write('kinds.csv', ['rename', 'NAME=PERSON'])).toBe(0)
  const kindsIn = async (name: string): Promise<readonly string[]> => {
    const read = await gather(markedDocuments(at(name), { text: 'text', spans: 'spans' }))
    return [...new Set(read.flatMap(({ spans }) => spans.map(({ label }) => label)))].sort()
  }
  expect(await kindsIn('kinds.csv')).toEqual(['PERSON', 'PHRASE'])
  expect(await write('merged.csv', ['merge', 'NAME,PHRASE=THING'])).toBe(0)
  expect(await kindsIn('merged.csv')).toEqual(['THING'])
  expect(await refusalOf(() => write('none.csv', ['rename', 'DRUG=X']))).toMatch(
    /^usage: No passage is marked as 'DRUG'\. The kinds are/
  )
  expect(await refusalOf(() => write('none.csv', ['rename', 'NAME']))).toMatch(/such as PERSON=NAME/)
  expect(await refusalOf(() => write('none.csv', ['rename', 'NAME=A'], ['merge', 'NAME,PHRASE=B']))).toMatch(/two new names/)
  expect(await refusalOf(() => kindsIn('none.csv'))).toContain('data_file_missing')
})
