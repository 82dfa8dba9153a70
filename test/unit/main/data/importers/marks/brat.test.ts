import { expect, test } from 'vitest'
import { readBrat } from '../../../../../../src/main/data/importers/marks/brat.ts'
import { NotTaken } from '../../../../../../src/main/data/importers/marks/marks-format.ts'

const text = '🙂 Ann Lee saw\nBo.'
const shown = (found: ReturnType<typeof readBrat>): readonly string[] =>
  found.spans.map(({ start, end, label }) => `${label}:${found.text.slice(start, end)}`)

test('marks count code points, and what is no mark is counted', () => {
  const found = readBrat(
    text,
    'T1\tName 2 9\tAnn Lee\nT2\tName 14 16\tBo\nR1\tKnows Arg1:T1 Arg2:T2\nE1\tMeet:T1\nA1\tOld T1\n#1\tAnnotatorNotes T1\twho\n*\tEquiv T1 T2\nN1\tReference T1 Wiki:1\tAnn\n'
  )
  expect(shown(found)).toEqual(['Name:Ann Lee', 'Name:Bo'])
  expect(found.notTaken).toEqual({ relation: 2, event: 1, attribute: 1, note: 1, normalisation: 1 })
})

test('a mark of several pieces becomes one for each, which is counted', () => {
  const found = readBrat(text, 'T1\tName 2 5;14 16\tAnn Bo\r\n')
  expect(shown(found)).toEqual(['Name:Ann', 'Name:Bo'])
  expect(found.notTaken).toEqual({ 'mark of several pieces as one mark each': 1 })
})

test('a passage over a line break is quoted in one line', () => {
  expect(shown(readBrat(text, 'T1\tX 10 16\tsaw Bo'))).toEqual(['X:saw\nBo'])
})

test('marks that were made before line ends were changed are read on the text as it was', () => {
  const found = readBrat(text.replace('\n', '\r\n'), 'T1\tName 14 16\tBo')
  expect([found.text, shown(found)]).toEqual([text, ['Name:Bo']])
  expect(shown(readBrat(text.replace('\n', '\r\n'), 'T1\tName 15 17\tBo'))).toEqual(['Name:Bo'])
})

test.each([
  ['T1\tName 2 90\tAnn', 'Its mark 1 lies outside the text of 17 characters.'],
  ['T1\tName 2 5\tBob', 'Its marks quote other passages than those at which they stand. Was the text changed afterwards?'],
  ['T1\tName two 5\tAnn', 'Line 1 of its annotations has no type, start and end.'],
  ['\nnonsense', 'Line 2 of its annotations is none that BRAT writes.']
])('%j is refused', (annotations, reason) => {
  expect(() => readBrat(text, annotations)).toThrow(new NotTaken(reason))
})
