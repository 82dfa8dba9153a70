import { expect, test } from 'vitest'
import { fairCoinTest } from '../../../../src/main/engine/evaluation/paired.ts'
import { rowsNeeded } from '../../../../src/main/report/rows-needed.ts'

test('nine against sixteen of eighteen: 8 rows that only one gets right, 1 that only the other does', () => {
  const p = fairCoinTest(1, 9)
  // 2·(1 + 9)/2⁹
  expect(p).toBeCloseTo(0.0390625, 12)
  // Three tests: z(1 − 0.05/6) = 2.3940, z(0.8) = 0.8416, z(1 − 0.0390625/2) = 2.0637: 18 · (3.2356/2.0637)² = 44.2
  expect(rowsNeeded(p, 18, 3)).toBe(45)
})

test('by hand: p = 0.05 of one test needs ((1.96 + 0.8416)/1.96)² = 2.043 times as many', () => {
  expect(rowsNeeded(0.05, 100, 1)).toBe(205)
})

test('rows that show nothing say nothing about how many would', () => {
  expect(rowsNeeded(1, 100, 1)).toBeNull()
})
