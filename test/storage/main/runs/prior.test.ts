import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DatasetId, ModelId } from '../../../../src/preload/contract/common.ts'
import type { RunDraft, SettingRow } from '../../../../src/preload/contract/runs.ts'
import { InputError } from '../../../../src/main/base/errors.ts'
import { nearestFirst, priorOf, valuesAround } from '../../../../src/main/runs/prior.ts'
import { addRun, type RunRow } from '../../../../src/main/tracker/queries/runs.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import { runRow } from '../../../helpers/run-row.ts'

const RATE = 'training.learning_rate'
const draft: RunDraft = {
  ...{ dataset: 'd-1' as DatasetId, model: 'm-1' as ModelId, thoroughness: 2, changed: {} },
  ...{ mustNotMiss: null, quietly: false, name: null }
}

let folder: string
let db: Tracker

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-prior-'))
  db = new Tracker({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })
})

afterEach(async () => {
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

function add(id: string, rate: number, best_value: number | null, change: Partial<RunRow> = {}): void {
  const own = JSON.stringify({ ...draft, changed: { [RATE]: rate } } satisfies RunDraft)
  addRun(db, runRow(id, { state: 'finished', best_metric: 'macro_f1', best_value, draft: own, ...change }))
}

/** A learning rate above 0.01 is refused. */
const settings = async ({ changed }: RunDraft): Promise<readonly SettingRow[]> => {
  const value = changed[RATE] ?? 0.001
  if (Number(value) > 0.01) throw new InputError('config-value', 'The rate is too high.')
  const row = { group: 'training', standard: 0.001, changed: false, help: '', why: null, choices: null }
  return [
    { ...row, path: RATE, value, kind: 'decimal' },
    { ...row, path: 'method.r', value: 8, kind: 'integer' }
  ]
}

const prior = (paths: readonly string[] = [RATE], isLess = false): ReturnType<typeof priorOf> =>
  priorOf(
    {
      db,
      isLess: () => isLess,
      facts: async () => ({
        ...{ task: 'text-classification', method: 'lora', metric: 'macro_f1' },
        ...{ batchSize: 8, accumulation: 1, trainings: 1 }
      }),
      settings
    },
    draft,
    paths
  )

describe('what earlier runs say of a sweep', () => {
  test('is what the best of them on validation had, with values around it that may be used', async () => {
    add('r-1', 0.001, 0.7)
    add('r-2', 0.004, 0.8)
    add('r-3', 0.002, 0.75)
    expect(await prior()).toEqual({
      run: { id: 'r-2', name: 'r-2' },
      ...{ metric: 'macro_f1', value: 0.8, among: 3 },
      // 0.016 would be refused.
      settings: [{ path: RATE, value: 0.004, around: [0.004, 0.002, 0.008, 0.001] }]
    })
    expect((await prior([RATE], true))?.run.id).toBe('r-1')
    expect((await prior(['method.r']))?.settings).toEqual([{ path: 'method.r', value: 8, around: [8, 4, 16] }])
  })

  test('counts finished runs alone, on the same data, model and adapter, by the same method and metric', async () => {
    expect(await prior()).toBeNull()
    add('r-1', 0.001, 0.5)
    const others: readonly Partial<RunRow>[] = [
      { dataset_id: 'd-2' },
      { model_id: 'm-2' },
      { method: 'full' },
      { best_metric: 'loss' },
      { state: 'stopped', interruption: 'poorer' },
      { discarded_at: 'now' },
      { draft: null },
      { draft: JSON.stringify({ ...draft, adapter: 'a-1' }) }
    ]
    others.forEach((change, i) => add(`r-1${i}`, 0.002, 0.9, change))
    add('r-2', 0.002, null)
    expect(await prior()).toMatchObject({ run: { id: 'r-1' }, among: 1 })
  })

  test('is nothing where the best of them can no longer be meant', async () => {
    add('r-1', 0.02, 0.5)
    expect((await prior())?.settings).toEqual([])
  })

  test('proposes what stands beside a value: none beside 0, the other choices, whole numbers', () => {
    const around = (kind: SettingRow['kind'], value: SettingRow['value'], choices: SettingRow['choices'] = null): unknown =>
      valuesAround({ kind, value, choices })
    expect(around('decimal', 0.0003)).toEqual([0.0003, 0.00015, 0.0006, 0.000075, 0.0012])
    expect(around('decimal', 0)).toEqual([])
    expect(around('integer', 1)).toEqual([1, 2])
    expect(around('boolean', true)).toEqual([true, false])
    expect(around('choice', 'cosine', ['linear', 'cosine'])).toEqual(['cosine', 'linear'])
    expect(around('text', 'all-linear')).toEqual([])
  })

  test('puts the values nearest to it first, and leaves the order where nothing is known', () => {
    const drafts = [0.001, 0.003, 0.1, 0.0005].map((rate) => ({ changed: { [RATE]: rate } }))
    const order = (known: Parameters<typeof nearestFirst>[1]): unknown => nearestFirst(drafts, known).map(({ changed }) => changed[RATE])
    expect(order([{ path: RATE, value: 0.002 }])).toEqual([0.003, 0.001, 0.0005, 0.1])
    expect(order([])).toEqual([0.001, 0.003, 0.1, 0.0005])
    const named = ['none', 'cosine'].map((value) => ({ changed: { schedule: value } }))
    expect(nearestFirst(named, [{ path: 'schedule', value: 'cosine' }])[0]).toBe(named[1])
  })
})
