import { describe, expect, it } from 'vitest'
import { timeOf } from '../../../../src/main/data/dates.ts'
import { loadDataset } from '../../../../src/main/data/dataset.ts'
import { refusalOf, testFolder } from './folder.ts'

const folder = testFolder()

describe('a date in a cell', () => {
  it.each([
    ['2024-03-31', Date.UTC(2024, 2, 31)],
    ['2024-03', Date.UTC(2024, 2, 1)],
    ['2024', Date.UTC(2024, 0, 1)],
    ['2024-03-31T09:30:15.250Z', Date.UTC(2024, 2, 31, 9, 30, 15)],
    ['2024-03-31 09:30+02:00', Date.UTC(2024, 2, 31, 7, 30)],
    ['31.03.2024', Date.UTC(2024, 2, 31)],
    ['31.03.2024 09:30', Date.UTC(2024, 2, 31, 9, 30)],
    ['31 March 2024', Date.UTC(2024, 2, 31)],
    ['March 31, 2024', Date.UTC(2024, 2, 31)],
    ['31. März 2024', Date.UTC(2024, 2, 31)],
    ['31/03/2024', Date.UTC(2024, 2, 31)]
  ])('%s', (cell, time) => {
    expect(timeOf(cell, 'day-first')).toBe(time)
  })

  it.each(['soon', '2024-13-01', '31.02.2024', '2024-03-31 25:00', '45382', '2024-13'])('%s is none', (cell) => {
    expect(timeOf(cell, 'day-first')).toBeNaN()
  })
})

const table = (dates: readonly string[]): string =>
  ['text,label,date', ...dates.map((date, row) => `"text ${row}",${row % 2 === 0 ? 'a' : 'b'},${date}`)].join('\n')
const spec = { task: 'text-classification', text: 'text', label: 'label', split_date: 'date' } as const

describe('the column of dates', () => {
  it('is read with one order for all of its cells', async () => {
    const file = await folder.put('mixed.csv', table(['03/04/2024', '04/25/2024', '', '12/01/2023']))
    const { dates } = await loadDataset({ ...spec, file })
    expect([...(dates ?? [])]).toEqual([Date.UTC(2024, 2, 4), Date.UTC(2024, 3, 25), NaN, Date.UTC(2023, 11, 1)])
  })

  it('is refused where no cell tells the order, and where a cell is no date', async () => {
    const open = await folder.put('open.csv', table(['03/04/2024', '05/06/2024', '07/08/2024', '01/02/2024']))
    expect(await refusalOf(() => loadDataset({ ...spec, file: open }))).toContain('can be read in two ways')
    const wrong = await folder.put('wrong.csv', table(['2024-03-04', 'soon', '2024-07-08', '']))
    expect(await refusalOf(() => loadDataset({ ...spec, file: wrong }))).toContain("'soon' at line 3")
  })
})
