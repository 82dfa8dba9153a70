import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTimeLeft, ProgressLine, renderProgress } from '../../../../src/main/report/progress.ts'
import type { ProgressState, TrainingProgress } from '../../../../src/main/report/progress.ts'
import { displayWidth } from '../../../../src/main/report/text-layout.ts'

const training: TrainingProgress = {
  phase: 'training',
  step: 420,
  totalSteps: 1050,
  loss: 0.4213,
  learningRate: 0.00031,
  tokensPerSecond: 5213,
  secondsLeft: 187,
  metric: { name: 'macro_f1', value: 0.8123 }
}

/** Collects what is written, on a clock that the test moves. */
function outputOf(isTTY: boolean) {
  const written: string[] = []
  const clock = { now: 0 }
  const line = new ProgressLine({ write: (text) => written.push(text), isTTY, columns: 100 }, () => clock.now)
  return { written, clock, line }
}

describe('a line of progress', () => {
  it('shows step, time left, loss, metric and speed', () => {
    expect(renderProgress(training, 140)).toBe(
      'Training  [########------------]  step 420/1,050  3 min 7 s left  loss 0.421  Macro-F1 0.812  5,213 tokens/s  lr 3.1e-4'
    )
  })

  it('leaves out the least important where the line is narrow, and keeps the step to the last', () => {
    expect(renderProgress(training, 60)).toBe('step 420/1,050  3 min 7 s left  loss 0.421  Macro-F1 0.812')
    expect(renderProgress(training, 20)).toBe('step 420/1,050')
  })

  it('shows the other phases by their work', () => {
    expect(renderProgress({ phase: 'tokenising', done: 500, total: 2000 }, 79)).toBe(
      'Cutting texts into tokens  [#####---------------]  500/2,000'
    )
    expect(renderProgress({ phase: 'reading', done: 20_000, total: 0 }, 79)).toBe('Reading the data  20,000')
    expect(renderProgress({ phase: 'preparing', done: 0, total: 0 }, 79)).toBe('Preparing the model')
  })

  it('never throws and is never wider than asked', () => {
    const number = fc.double({ noDefaultInfinity: true, noNaN: true })
    const maybe = fc.option(number)
    const state: fc.Arbitrary<ProgressState> = fc.oneof(
      fc.record({ phase: fc.string({ unit: 'binary' }), done: fc.nat(), total: fc.nat() }),
      fc.record({
        phase: fc.constant('training' as const),
        step: fc.nat(),
        totalSteps: fc.nat(),
        loss: maybe,
        learningRate: maybe,
        tokensPerSecond: maybe,
        secondsLeft: maybe,
        metric: fc.option(fc.record({ name: fc.string({ unit: 'binary' }), value: number }))
      })
    )
    fc.assert(
      fc.property(state, fc.integer({ min: 2, max: 200 }), (any, width) => {
        const line = renderProgress(any, width)
        expect(displayWidth(line)).toBeLessThanOrEqual(width)
        expect(line).not.toMatch(/\p{Cc}/u)
      })
    )
  })
})

describe('the time left', () => {
  it('is not guessed before there is something to go by, and follows the pace', () => {
    const left = createTimeLeft()
    expect(left(0, 100, 0)).toBeNull()
    expect(left(10, 100, 5)).toBeCloseTo(45)
    expect(left(20, 100, 10)).toBeCloseTo(40)
    // Three times slower: a tenth of the way there with each report.
    expect(left(30, 100, 25)).toBeCloseTo(70 * (0.5 + 0.1))
  })

  it('starts again where a phase starts again', () => {
    const left = createTimeLeft()
    left(0, 10, 0)
    left(9, 10, 9)
    expect(left(1, 10, 10)).toBeNull()
  })
})

describe('live progress', () => {
  it('rewrites one line in a terminal, at most ten times a second, and takes it away at the end', () => {
    const { written, clock, line } = outputOf(true)
    for (let step = 1; step <= 50; step++) {
      clock.now = step * 0.02
      line.update({ ...training, step, secondsLeft: null })
    }
    expect(written.length).toBeLessThanOrEqual(11)
    expect(written.length).toBeGreaterThanOrEqual(8)
    for (const text of written) {
      expect(text.startsWith('\r\u001b[2K')).toBe(true)
      expect(text).not.toContain('\n')
    }
    expect(written.at(-1)).toContain('left')
    line.dispose()
    expect(written.at(-1)).toBe('\r\u001b[2K')
    line.update(training)
    line.dispose()
    expect(written.at(-1)).toBe('\r\u001b[2K')
  })

  it('writes plain lines every few seconds elsewhere, a new phase and its end at once', () => {
    const { written, clock, line } = outputOf(false)
    for (let done = 0; done <= 20; done++) {
      clock.now = done
      line.update({ phase: 'reading', done, total: 20 })
    }
    line.update({ phase: 'preparing', done: 0, total: 0 })
    line.dispose()
    expect(written.map((text) => text.trim().split('  ').at(-1))).toEqual([
      '0/20',
      '5/20',
      '10/20',
      '15/20',
      '20/20',
      'Preparing the model'
    ])
    expect(written.join('')).not.toContain('\u001b')
  })

  it('writes a note above the line', () => {
    const { written, line } = outputOf(true)
    line.update(training)
    line.note('The best so far.')
    expect(written.slice(1, 3)).toEqual(['\r\u001b[2K', 'The best so far.\n'])
    expect(written.at(-1)).toContain('step 420')
  })
})
