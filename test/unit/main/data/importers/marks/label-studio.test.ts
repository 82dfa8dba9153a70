import { expect, test } from 'vitest'
import { testFolder } from '../../folder.ts'
import { readMarks } from './reading.ts'

const { put } = testFolder()

const text = '🙂 Zoë met\nDr. Levi.'
const mark = (start: number, end: number, quote: string | undefined, ...labels: string[]) => ({
  id: 'x',
  type: 'labels',
  from_name: 'label',
  to_name: 'text',
  value: { start, end, text: quote, labels }
})
const annotation = (result: readonly unknown[], more: object = {}) => ({
  id: 1,
  completed_by: 3,
  was_cancelled: false,
  result,
  ...more
})
const task = (annotations: readonly unknown[], more: object = {}) => ({
  id: 12,
  data: { text, ward: '7B' },
  annotations,
  ...more
})
const read = async (...tasks: readonly unknown[]) =>
  readMarks(await put('tasks.jsonl', tasks.map((each) => `${JSON.stringify(each)}\n`).join('')))

const at = text.indexOf('Zoë')

test('marks stand where they quote, whether UTF-16 units or code points are counted', async () => {
  const units = await read(task([annotation([mark(at, at + 3, 'Zoë', 'NAME')])]))
  const points = await read(task([annotation([mark(at - 1, at + 2, 'Zoë', 'NAME')])]))
  for (const { marks, rows } of [units, points]) {
    expect(marks).toBe('label-studio')
    expect(rows).toMatchObject([{ marks: ['NAME:Zoë'], values: { id: '12', ward: '7B', annotator: '3' } }])
  }
})

test('a mark with two labels is two marks, and line breaks may be quoted as two characters', async () => {
  const { rows } = await read(task([annotation([mark(at + 4, text.length - 1, 'met\\nDr. Levi', 'A', 'B')])]))
  expect(rows[0]?.marks).toEqual(['A:met\nDr. Levi', 'B:met\nDr. Levi'])
})

test('of several people the ground truth is taken, else what was changed last; what was skipped never', async () => {
  const by = (completed_by: number, label: string, more: object) =>
    annotation([mark(at, at + 3, 'Zoë', label)], { completed_by, ...more })
  const [early, late] = [{ updated_at: '2024-01-01T00:00:00Z' }, { updated_at: '2024-03-01T00:00:00Z' }]
  const { rows } = await read(
    task([by(1, 'LATE', late), by(2, 'EARLY', early)]),
    task([by(1, 'LATE', late), by(2, 'TRUE', { ...early, ground_truth: true })]),
    task([by(1, 'SKIPPED', { ...late, was_cancelled: true }), by({ email: 'b@x' } as unknown as number, 'EARLY', early)])
  )
  expect(rows.map(({ marks }) => marks)).toEqual([['LATE:Zoë'], ['TRUE:Zoë'], ['EARLY:Zoë']])
  expect(rows.map(({ values }) => values['annotator'])).toEqual(['1', '2', 'b@x'])
})

test('a text in which nothing is marked was looked at', async () => {
  const { rows } = await read(task([annotation([])]))
  expect(rows).toMatchObject([{ marks: [], values: { spans: '[]' } }])
})

test('what cannot be used is left out with its reason', async () => {
  const good = task([annotation([mark(at, at + 3, 'Zoë', 'NAME')])])
  const { left } = await read(
    good,
    task([], { predictions: [{ result: [mark(at, at + 3, 'Zoë', 'NAME')] }] }),
    task([]),
    task([annotation([], { was_cancelled: true })]),
    task([annotation([mark(0, 3, 'Zoë', 'NAME')])]),
    task([annotation([mark(at, at + 3, undefined, 'NAME')])]),
    task([annotation([mark(at, 400, 'Zoë', 'NAME')])]),
    task([annotation([{ type: 'hypertextlabels', value: { globalOffsets: { start: 0, end: 2 } } }])]),
    task([annotation([{ type: 'paragraphlabels', value: { start: '0', end: '1' } }])]),
    { id: 1, data: { image: 7 }, annotations: [annotation([])] }
  )
  expect(left).toEqual([
    'line 2: It has predictions only, which are not taken as the truth.',
    'line 3: Nobody has annotated it.',
    'line 4: Everybody who saw it skipped it.',
    'line 5: Its marks quote other passages than those at which they stand. Was the text changed afterwards?',
    'line 6: Its marks do not quote their passages, so nobody can say how they count characters such as emoji.',
    `line 7: Its mark 1 lies outside the text of ${Array.from(text).length} characters.`,
    'line 8: It is a web page (HTML), whose marks do not count the characters of its text.',
    'line 9: It is a dialogue, whose marks do not count the characters of one text.',
    'line 10: It has no text.'
  ])
})

test('JSON-MIN is read as well', async () => {
  const item = {
    id: 4,
    note: text,
    sentiment: 'good',
    label: [{ start: at, end: at + 3, text: 'Zoë', labels: ['NAME'] }],
    annotator: 2,
    lead_time: 3.2
  }
  const { marks, rows } = await read(item)
  expect(marks).toBe('label-studio')
  expect(rows).toMatchObject([{ marks: ['NAME:Zoë'], values: { id: '4', text, sentiment: 'good', annotator: '2' } }])
})
