import { describe, expect, it } from 'vitest'
import { finishedEvent } from '../../../../src/main/report/finished-event.ts'
import { maskedLm, reportOf, singleLabel } from './reports.ts'

describe('the finished event', () => {
  it('says what the report says', () => {
    const result = singleLabel()
    const event = finishedEvent(reportOf(result))
    expect(event).toMatchObject({
      event: 'finished',
      run: 'runs/letters-1',
      weights_hash: 'ab'.repeat(32),
      metrics: { test: { macro_f1: result.metrics.macro_f1, ece: result.metrics.ece } },
      seconds: { total: 74.2, phases: { training: 61.3 } },
      tokens_per_second: 5213.4,
      peak_rss_bytes: 812_000_000,
      predicted_rss_bytes: 780_000_000,
      trainable_parameters: 147_843,
      total_parameters: 22_713_216,
      truncated_rows: 9
    })
    expect(event.baselines.map(({ id, verdict, p }) => ({ id, verdict, p }))).toContainEqual({
      id: 'tfidf',
      verdict: 'better',
      p: 0.0002
    })
  })

  it('claims no interval for what was measured once', () => {
    expect(finishedEvent(reportOf(maskedLm())).metrics.test).toMatchObject({ perplexity: { value: 8.21, low: null, high: null } })
  })
})
