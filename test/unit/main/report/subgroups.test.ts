import { expect, test } from 'vitest'
import { renderHtml } from '../../../../src/main/report/html.ts'
import { checkRunReport } from '../../../../src/main/report/check-report.ts'
import { subgroupSection } from '../../../../src/main/report/subgroups.ts'
import { subgroupsOf } from '../../../../src/main/worker/subgroups.ts'
import { reportOf, singleLabel } from './reports.ts'

/** 90 texts of three lengths; the long ones are answered wrong but for 3 of 30. */
function found() {
  const texts = Array.from({ length: 90 }, (_, row) => 'x'.repeat([10, 50, 200][row % 3] ?? 0))
  const labels = Int32Array.from({ length: 90 }, (_, row) => row % 2)
  const isWrong = (row: number): boolean => row % 3 === 2 && row >= 9
  const said = labels.map((label, row) => (isWrong(row) ? 1 - label : label))
  const probabilities = Float64Array.from([...said].flatMap((each) => (each === 0 ? [0.9, 0.1] : [0.1, 0.9])))
  const answered = { kind: 'single-label', labels, probabilities, classNames: ['no', 'yes'] } as const
  return subgroupsOf({ answered, texts, units: null, seed: 1, resamples: 200 })
}

test('compares short, middling and long texts, and says which do worse than by chance', () => {
  const { by, isShare, rows } = found()
  expect([by, isShare]).toEqual(['Length of the text', true])
  expect(rows.map(({ name, rows: size, value }) => [name, size, value?.value])).toEqual([
    ['under 50 characters', 30, 1],
    ['50 to 199 characters', 30, 1],
    ['200 characters or more', 30, 0.1]
  ])
  expect(rows[2]?.difference?.value).toBeCloseTo(0.1 - 1, 9)
  expect(rows[2]?.p).toBeLessThan(0.001)
})

test('stands in the report, which is read back, and not where all texts are as long', () => {
  const report = { ...reportOf(singleLabel()), subgroups: found() }
  expect(checkRunReport(JSON.parse(JSON.stringify(report)))).toEqual(report)
  const page = renderHtml(report)
  expect(page).toContain('Short and long texts')
  expect(page).toContain('200 characters or more')
  expect(subgroupSection(undefined)).toBeNull()
  expect(subgroupSection({ by: 'x', isShare: true, rows: found().rows.slice(0, 1) })).toBeNull()
})
