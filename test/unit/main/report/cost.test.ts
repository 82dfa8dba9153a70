import { expect, test } from 'vitest'
import { checkCost, electricitySentence, flopText, workSentence, type CostFacts } from '../../../../src/main/report/cost.ts'

const cost: CostFacts = { operations: 81e12, seconds: 500, rows: 20_000, machineRate: 208e9, gridIntensity: 380, goesOn: false }
const plain = (text: string | null): string | null => text?.replaceAll('\u00a0', ' ') ?? null

test('arithmetic is told with its rate and its share of what the machine does', () => {
  expect(plain(workSentence(cost))).toBe(
    '81 TFLOP in products of matrices, 162 GFLOP/s, 78 % of the fastest product of matrices measured here.'
  )
  expect(plain(workSentence({ ...cost, machineRate: null, goesOn: true }))).toBe(
    '81 TFLOP in products of matrices, 162 GFLOP/s. Since it was continued; what came before is not counted.'
  )
  expect(workSentence({ ...cost, operations: 0 })).toBeNull()
  // A machine that was busy when it was measured.
  expect(plain(workSentence({ ...cost, machineRate: 100e9 }))).toContain('100 % of the fastest')
})

test('CO2e is told only where somebody said what a kilowatt-hour costs', () => {
  const energy = { method: 'counter', low: 36_000, high: 36_000, busySeconds: 900, seconds: 500, threads: 2 } as const
  expect(plain(electricitySentence(energy, null))).not.toContain('CO2e')
  // 10 Wh at 380 g to a kilowatt-hour.
  expect(plain(electricitySentence(energy, 380))).toContain('About 4 g of CO2e, at 380 g to a kilowatt-hour')
  expect(plain(electricitySentence({ ...energy, method: 'assumed', low: 18_000 }, 380))).toContain('Roughly 2 to 4 g of CO2e')
})

test('numbers keep a prefix that makes them short', () => {
  expect([0, 999, 1.5e9, 2.34e18].map((value) => plain(flopText(value)))).toEqual([
    '0 FLOP',
    '999 FLOP',
    '1.5 GFLOP',
    '2.34 EFLOP'
  ])
})

test('reports made before it was counted are read, and wrong ones are not', () => {
  expect(checkCost(undefined)).toBeNull()
  expect(checkCost(cost)).toBeNull()
  expect(checkCost({ ...cost, rows: 'many' })).not.toBeNull()
})
