import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scheduleFactor, type ScheduleSettings } from '../../../../../src/main/engine/optimizers/schedules.ts'

interface ScheduleRow {
  readonly settings: ScheduleSettings
  readonly factors: readonly number[]
}

// Written by scripts/reference/optimizers.py: transformers.get_scheduler, and ULMFiT's equation 3 for slanted_triangular.
const file = join(import.meta.dirname, '../../../../fixtures/optimizers/schedules.json')
const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { readonly rows: readonly ScheduleRow[] } // Our own fixture.

describe('learning-rate schedules', () => {
  it.each(rows)('$settings follow the reference at every step', ({ settings, factors }) => {
    factors.forEach((expected, step) => {
      expect(Math.abs(scheduleFactor(settings, step) - expected), `step ${step}`).toBeLessThanOrEqual(1e-12)
    })
  })

  it('are all held to a reference', () => {
    const types: Readonly<Record<ScheduleSettings['type'], true>> = {
      constant: true,
      constant_with_warmup: true,
      linear: true,
      cosine: true,
      cosine_with_restarts: true,
      polynomial: true,
      slanted_triangular: true
    }
    expect(new Set(rows.map(({ settings }) => settings.type))).toEqual(new Set(Object.keys(types)))
  })

  it('keep the slanted triangle at its lowest rate past the end, and rise in one step where there are few', () => {
    const settings = { type: 'slanted_triangular', warmupSteps: 0, totalSteps: 5 } as const
    expect(scheduleFactor(settings, 0)).toBe(1 / 32)
    expect(scheduleFactor(settings, 1)).toBe(1)
    expect(scheduleFactor({ ...settings, totalSteps: 100 }, 150)).toBe(1 / 32)
  })
})
