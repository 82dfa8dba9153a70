import { describe, expect, test } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { MemoryWatch, Trend, type Room } from '../../../../../src/main/engine/training/memory-watch.ts'

/** What was left when the alarm came; null where it never did. */
function alarmOf(readings: Iterable<number>): number | null {
  const trend = new Trend()
  for (const left of readings) if (trend.isEnding(left)) return left
  return null
}
const steps = (count: number, left: (at: number) => number): number[] => Array.from({ length: count }, (_, at) => left(at))

describe('memory that ends', () => {
  test('is noticed before it is gone, whether it leaks fast or over hours', () => {
    for (const [count, leak] of [
      [200, 20e6],
      [5000, 1e6],
      [60_000, 0.1e6],
      [300_000, 0.01e6]
    ] as const) {
      const left = alarmOf(steps(count, (at) => 2e9 - leak * at))
      expect(left, `a leak of ${leak} bytes a reading`).toBeGreaterThan(0)
      // Not long before.
      expect(left, `a leak of ${leak} bytes a reading`).toBeLessThan(130 * leak + 16e6)
    }
  })

  test('is noticed in a leak on which the collector rides up and down', () => {
    const random = new Random(1, 'memory')
    const left = alarmOf(steps(40_000, (at) => 1e9 - 0.1e6 * at - 20e6 * random.uniform()))
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(30e6)
  })

  test('raises no alarm where little is left but its use stays', () => {
    const random = new Random(2, 'memory')
    const noisy = (level: number, width: number): number[] => steps(100_000, () => level + width * random.uniform())
    expect(alarmOf(noisy(5e6, 1e6))).toBeNull()
    expect(alarmOf(noisy(0, 60e6))).toBeNull()
    expect(alarmOf(noisy(200e6, 2e9))).toBeNull()
    // A collector's saw: down step by step, and back.
    expect(alarmOf(steps(100_000, (at) => 120e6 - 5e6 * (at % 12)))).toBeNull()
    // Over its limit, and staying there.
    expect(alarmOf(steps(10_000, () => -30e6))).toBeNull()
  })

  test('raises no alarm while a run gets going, each time taking less', () => {
    expect(alarmOf(steps(1000, (at) => 40e6 + 400e6 * 0.6 ** at))).toBeNull()
  })
})

test('looks now and then, and says which memory ends; cutting is tried again only where it helped', async () => {
  let [now, left, card] = [0, 100e6, 9e9]
  const read = (): Promise<readonly Room[]> =>
    Promise.resolve([{ what: 'machine', left } as const, { what: 'card', left: card } as const])
  const watch = new MemoryWatch({ every: 1, read }, () => now)
  const until = async (): Promise<Room> => {
    for (let at = 0; at < 50; at++) {
      now += 1
      left -= 5e6
      const found = await watch.ending()
      if (found) return found
    }
    return expect.fail('no alarm')
  }
  expect(await watch.ending()).toBeNull()
  const first = await until()
  expect(first).toEqual({ what: 'machine', left })
  expect(left).toBeGreaterThan(0)
  expect(watch.mayCut).toBe(true)
  watch.cut(first)
  // Nothing became free.
  expect(watch.mayCut).toBe(false)
  left += 200e6
  await until()
  expect(watch.mayCut).toBe(true)
  // Too early to look again.
  card = 0
  expect(await watch.ending()).toBeNull()
})
