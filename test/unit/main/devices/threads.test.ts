import { expect, test } from 'vitest'
import { chooseThreads, fewerSentence, threadsSentence } from '../../../../src/main/devices/threads.ts'

test('the quickest number is taken where it is clearly quicker than the usual one', () => {
  const timed = [
    { threads: 8, seconds: 0.021 },
    { threads: 4, seconds: 0.024 }
  ]
  expect(chooseThreads(timed, 4)).toEqual({ threads: 8, timed: timed.toReversed() })
})

test('within some hundredths the usual number stays', () => {
  const timed = [
    { threads: 4, seconds: 0.0208 },
    { threads: 8, seconds: 0.02 }
  ]
  expect(chooseThreads(timed, 4).threads).toBe(4)
  expect(chooseThreads([], 4)).toEqual({ threads: 4, timed: [] })
})

test('the sentences', () => {
  const timed = [
    { threads: 4, seconds: 0.02412 },
    { threads: 8, seconds: 0.0205 },
    { threads: 16, seconds: 0.12 }
  ]
  expect(threadsSentence({ threads: 8, timed })).toBe(
    '8 threads compute, as timed on this PC: the same piece of a step took 24.1 ms with 4, 20.5 ms with 8 and 120 ms with 16.'
  )
  expect(threadsSentence({ threads: 1, timed: [{ threads: 1, seconds: 0.003 }] })).toBe(
    '1 thread computes, as timed on this PC: the same piece of a step took 3 ms with 1.'
  )
  expect(fewerSentence(8, 4)).toBe(
    'The run goes on with 8 threads, as it began, though only 4 can run at once here: the result stays the same, it takes longer.'
  )
  expect(fewerSentence(2, 1)).toContain('though only one can run at once here')
})
