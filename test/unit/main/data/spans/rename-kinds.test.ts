import { expect, it } from 'vitest'
import { renamedCell, renamedSpans } from '../../../../../src/main/data/spans/rename-kinds.ts'

const names = new Map([
  ['DOCTOR', 'STAFF'],
  ['NURSE', 'STAFF'],
  ['NOISE', '']
])
const span = (start: number, label: string) => ({ start, end: start + 2, label })

it('kinds that become one stand once in a place, and an empty name takes passages away', () => {
  const spans = [span(0, 'DOCTOR'), span(0, 'NURSE'), span(4, 'NURSE'), span(8, 'NOISE'), span(9, 'DATE')]
  expect(renamedSpans(spans, names)).toEqual([span(0, 'STAFF'), span(4, 'STAFF'), span(9, 'DATE')])
})

it('a cell keeps what else it says, and stays as written where nothing in it is renamed', () => {
  const cell = '[{"start":0,"end":2,"label":" DOCTOR","sure":0.9},{"start":4,"end":6,"label":"DATE"}]'
  expect(JSON.parse(renamedCell(cell, names))).toEqual([
    { start: 0, end: 2, label: 'STAFF', sure: 0.9 },
    { start: 4, end: 6, label: 'DATE' }
  ])
  for (const same of ['', ' ', '[]', '[ {"start": 0, "end": 2, "label": "DATE"} ]', 'DOCTOR', '{"label":"DOCTOR"}', '[1]'])
    expect(renamedCell(same, names)).toBe(same)
})
