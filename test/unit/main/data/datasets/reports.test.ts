import { expect, test } from 'vitest'
import type { DatasetId } from '../../../../../src/preload/contract/common.ts'
import type { DatasetReport } from '../../../../../src/preload/contract/data.ts'
import { STANDARD_SPLIT } from '../../../../../src/main/data/datasets/division.ts'
import type { ReportInput } from '../../../../../src/main/data/datasets/report.ts'
import { Reports } from '../../../../../src/main/data/datasets/reports.ts'

const input = (id: string, text: string): ReportInput => ({
  id: id as DatasetId, // As main mints them.
  path: 'table.csv',
  roles: { task: 'text-classification', text, textPair: null, answer: 'a', separator: null, group: null, belonging: 'no' },
  division: { settings: STANDARD_SPLIT, kept: null, from: 'draw' },
  rows: 10,
  missing: null
})

interface Asked {
  readonly input: ReportInput
  readonly signal: AbortSignal
  readonly answer: (report: DatasetReport) => void
}

function reports(): { readonly of: Reports; readonly asked: readonly Asked[] } {
  const asked: Asked[] = []
  const of = new Reports(
    (input, signal) =>
      new Promise((answer, refuse) => {
        asked.push({ input, signal, answer })
        signal.addEventListener('abort', () => refuse(new Error('given up')))
      })
  )
  return { of, asked }
}

test('a report is made once, and the one that another took the place of is given up', async () => {
  const { of, asked } = reports()
  const first = of.get(input('d-1', 'letter'))
  expect(of.get(input('d-1', 'letter'))).toBe(first)
  const elsewhere = of.get(input('d-2', 'letter'))
  const second = of.get(input('d-1', 'note'))
  await expect(first).rejects.toThrow('given up')
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false, false])
  const [, two, three] = asked
  const report = { id: 'd-1' } as DatasetReport // Only handed through.
  two!.answer(report)
  three!.answer(report)
  expect([await elsewhere, await second]).toEqual([report, report])
  // One that is finished is not given up, and what was given up can be made again.
  const again = of.get(input('d-1', 'letter'))
  expect(asked).toHaveLength(4)
  expect(three!.signal.aborted).toBe(false)
  asked[3]!.answer(report)
  expect(await again).toBe(report)
})
