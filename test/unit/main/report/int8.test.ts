import { describe, expect, test } from 'vitest'
import { parseRunReport } from '../../../../src/main/report/check-report.ts'
import { int8Note, int8Result, type Int8Facts } from '../../../../src/main/report/int8.ts'
import { runResult } from '../../../../src/main/report/run-result.ts'
import { NO_BREAK } from '../../../../src/main/report/numbers.ts'
import { reportOf, singleLabel } from './reports.ts'

const facts: Int8Facts = {
  sequences: 16,
  part: 'validation',
  measure: 'logits',
  relative: 0.041,
  changed: { of: 16, count: 0 },
  isFresh: true
}

describe('what 8 bits changed', () => {
  test('is said in one sentence on the result: what was measured, on which rows and against what', () => {
    const told = 'Trained with frozen layers in 8 bits: before training, that moved the answers to 16 validation texts by'
    expect(int8Result(facts)).toEqual({
      tone: 'fyi',
      sentence: `${told} 4${NO_BREAK}% of their spread from float32, and none of 16 became another class; everything on this page is in float32.`
    })
    expect(int8Result({ ...facts, changed: { of: 16, count: 2 } })).toMatchObject({
      tone: 'look',
      sentence: expect.stringContaining(', and 2 of 16 became another class;') as string
    })
  })

  test('is told of training rows, of a loss and of a run that went on as what it is', () => {
    const { tone, sentence } = int8Result({ ...facts, part: 'train', measure: 'loss', changed: null, isFresh: false })
    expect([tone, sentence]).toEqual([
      'fyi',
      `Trained with frozen layers in 8 bits: with the weights it went on from, that moved the loss on 16 training texts by 4${NO_BREAK}% from float32; everything on this page is in float32.`
    ])
    expect(int8Note({ ...facts, measure: 'loss', changed: null })).toContain(
      `that moves the loss on 16 texts by 4${NO_BREAK}%. Validation`
    )
    expect(int8Note({ ...facts, changed: { of: 16, count: 1 } })).toContain(' 1 answer of 16 becomes another class.')
  })

  test('is read from the report and checked there; a report without it says nothing', () => {
    const report = reportOf(singleLabel())
    expect(runResult(report, null).int8).toBeNull()
    const kept = parseRunReport(JSON.stringify({ ...report, int8: facts }))
    expect(runResult(kept, null).int8).toEqual(int8Result(facts))
    const spoilt = JSON.stringify({ ...report, int8: { ...facts, part: 'test' } })
    expect(() => parseRunReport(spoilt)).toThrow('report.json: .int8.part must be one of train, validation')
  })
})
