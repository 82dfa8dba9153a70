import { expect, test } from 'vitest'
import {
  checkCost,
  costRows,
  electricitySentence,
  flopText,
  reusedSentence,
  sumCosts,
  waitSentence,
  workSentence,
  type CostFacts
} from '../../../../src/main/report/cost.ts'
import { energySentence, sumEnergy, type EnergyFacts } from '../../../../src/main/report/energy.ts'

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

test('costs add up; those of a report made before tokens were counted count as nothing', () => {
  const more = { tokens: 10, elapsed: 600, busySeconds: 900, waits: { rows: 1, disk: 2 } }
  const reused = { passes: 5, found: 4, seconds: 3, texts: 2 }
  const newer = { ...cost, ...more, machineRate: 100e9, gridIntensity: null, goesOn: true, reused }
  expect(sumCosts([cost, newer])).toEqual({
    ...{ operations: 162e12, seconds: 1000, rows: 40_000, machineRate: null, gridIntensity: 380, goesOn: true },
    ...{ ...more, reused }
  })
  expect(sumCosts([newer, { ...newer, reused: { ...reused, seconds: null } }]).reused).toEqual({
    ...{ passes: 10, found: 8, seconds: null, texts: 4 }
  })
  expect(sumCosts([cost])).toEqual(cost)
  expect(checkCost(sumCosts([newer, newer]))).toBeNull()
})

test('a report says of it what is known', () => {
  expect(costRows(cost).map(([title]) => title)).toEqual(['Arithmetic'])
  const known = {
    tokens: 5000,
    elapsed: 90,
    busySeconds: 120,
    waits: { rows: 0, disk: 400 },
    reused: { passes: 0, found: 0, seconds: 0, texts: 7 }
  }
  expect(costRows({ ...cost, ...known }).map(([title, value]) => [title, plain(value)?.split('. ').at(-1)])).toEqual([
    ['Arithmetic', expect.stringContaining('78 % of')],
    ['Taken in all', '5,000 tokens in 1 min 30 s; processor threads were busy for 2 min in all.'],
    ['Held up', expect.stringContaining('help.')],
    ['From caches', 'The tokens of 7 rows were on disk.']
  ])
})

test('electricity adds up where all of it is known', () => {
  const one: EnergyFacts = { method: 'counter', low: 10, high: 10, busySeconds: 9, seconds: 5, threads: 2 }
  const carded: EnergyFacts = { ...one, method: 'assumed', low: 100, high: 120, card: { method: 'power', joules: 90 } }
  expect(sumEnergy([one, carded])).toEqual({
    ...{ method: 'assumed', low: 110, high: 130, busySeconds: 18, seconds: 10, threads: 2 },
    card: { method: 'power', joules: 90 }
  })
  expect(sumEnergy([one, null])).toBeNull()
  expect(sumEnergy([])).toBeNull()
  const said = plain(
    energySentence({ ...carded, low: 7200 + 3600, high: 7200 + 7200, card: { method: 'counter', joules: 7200 } })
  )
  expect(said).toContain('About 2 Wh for the card, by its own counter (NVML)')
  expect(said).toContain('Roughly 1 to 2 Wh, assumed')
})

test('what holds a training up is told from a fifth of its time on', () => {
  expect(waitSentence({ ...cost, seconds: 80, waits: { rows: 20, disk: 0 } })).toMatch(/^In 20\s% of the time/)
  expect(waitSentence({ ...cost, seconds: 80, waits: { rows: 19, disk: 0 } })).toBeNull()
  expect(waitSentence({ ...cost, seconds: 60, waits: { rows: 10, disk: 30 } })).toMatch(
    /^30\s% of the time of training went into writing/
  )
  // Seconds of a tiny run say nothing.
  expect(waitSentence({ ...cost, seconds: 5, waits: { rows: 20, disk: 0 } })).toBeNull()
  expect(waitSentence(cost)).toBeNull()
})

test('what caches saved is told, with the time only where it is known', () => {
  const reused = { passes: 3840, found: 384, seconds: 96, texts: 480 }
  expect(plain(reusedSentence({ ...cost, reused }))).toBe(
    '3,840 passes of a row through frozen layers were read, not computed again, the vectors of 384 rows from an earlier run; computing them took 1 min 36 s at the pace of the first time. The tokens of 480 rows were on disk.'
  )
  expect(plain(reusedSentence({ ...cost, reused: { ...reused, found: 0, seconds: null, texts: 0 } }))).toBe(
    '3,840 passes of a row through frozen layers were read, not computed again.'
  )
  expect(reusedSentence({ ...cost, reused: { passes: 0, found: 0, seconds: 0, texts: 0 } })).toBeNull()
  expect(reusedSentence(cost)).toBeNull()
})
