import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Revision } from '../../../../src/preload/contract/data.ts'
import type { Verdict } from '../../../../src/preload/contract/results.ts'
import { restoreVerdicts, Verdicts, type VerdictsOptions } from '../../../../src/main/results/verdicts.ts'
import type { TestedRun } from '../../../../src/main/results/stored-results.ts'
import { addRun } from '../../../../src/main/tracker/queries/runs.ts'
import { verdictsOfRun } from '../../../../src/main/tracker/queries/verdicts.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import { runRow } from '../../../helpers/run-row.ts'

let folder: string
let db: Tracker
let verdicts: Verdicts
let revisions: Revision[]
let clock = 0
const parents: Record<string, string | null> = { 'd-1': null, 'd-2': 'd-1', 'd-3': 'd-2' }

const run = (id: string, dataset = 'd-1'): TestedRun => ({ ...runRow(id, { dataset_id: dataset }), folder })
const wrong = (rightAnswer: string | null): Verdict => ({ kind: 'label-wrong', rightAnswer, note: '' })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-verdicts-'))
  db = new Tracker({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })
  revisions = []
  const datasets = {
    get: (id: string) => ({ id, parent: parents[id] ?? null, roles: { answer: 'urgency' } }),
    revise: async (revision: Revision) => {
      revisions.push(revision)
      return { id: `d-${revisions.length + 1}` }
    }
  } as unknown as VerdictsOptions['datasets'] // The two methods that verdicts need, with the fields they read.
  verdicts = new Verdicts({ db, datasets, now: () => new Date(++clock * 1000).toISOString() })
  for (const id of ['r-1', 'r-2']) addRun(db, runRow(id))
})

afterEach(async () => {
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

describe('verdicts', () => {
  test('are saved at once in the run’s folder and in the tracker, and taken back', async () => {
    await verdicts.give(run('r-1'), 7, { kind: 'unclear', rightAnswer: null, note: 'sent twice' })
    await verdicts.give(run('r-1'), 3, wrong('urgent'))
    expect(verdicts.summary(run('r-1'))).toMatchObject({ labelWrong: 1, unclear: 1, modelWrong: 0, waiting: 1, dataset: null })
    const stored = JSON.parse(await readFile(join(folder, 'verdicts.json'), 'utf8')) as unknown[]
    expect(stored).toHaveLength(2)
    await verdicts.give(run('r-1'), 7, null)
    expect(verdictsOfRun(db, 'r-1').map(({ line }) => line)).toEqual([3])
  })

  test('make a version with the right labels, and the next one from that', async () => {
    await verdicts.give(run('r-1'), 3, wrong('urgent'))
    await verdicts.give(run('r-1'), 4, wrong(null))
    expect(await verdicts.revise(run('r-1'))).toBe('d-2')
    expect(revisions).toEqual([
      { id: 'd-1', edits: [{ kind: 'set', cells: [{ line: 3, column: 'urgency', value: 'urgent' }] }], note: null }
    ])
    expect(verdicts.summary(run('r-1'))).toMatchObject({ waiting: 0, dataset: 'd-2', changedAfter: 1, changedBefore: 0 })
    await expect(verdicts.revise(run('r-1'))).rejects.toThrow('No label is marked as wrong')
    await verdicts.give(run('r-1'), 9, wrong('soon'))
    await verdicts.revise(run('r-1'))
    expect(revisions[1]?.id).toBe('d-2')
    expect(verdicts.summary(run('r-1'))).toMatchObject({ changedAfter: 2, dataset: 'd-3' })
  })

  test('are told to a run that is made from the corrected data, and to no other', async () => {
    await verdicts.give(run('r-1'), 3, wrong('urgent'))
    await verdicts.revise(run('r-1'))
    expect(verdicts.summary(run('r-2', 'd-2'))).toMatchObject({ changedBefore: 1, changedAfter: 0 })
    expect(verdicts.summary(run('r-2', 'd-3'))).toMatchObject({ changedBefore: 1 })
    expect(verdicts.summary(run('r-2', 'd-1'))).toMatchObject({ changedBefore: 0 })
  })

  test('wait for a version again when the right label is changed again', async () => {
    await verdicts.give(run('r-1'), 3, wrong('urgent'))
    await verdicts.revise(run('r-1'))
    await verdicts.give(run('r-1'), 3, { ...wrong('urgent'), note: 'as discussed' })
    expect(verdicts.summary(run('r-1')).waiting).toBe(0)
    await verdicts.give(run('r-1'), 3, wrong('soon'))
    expect(verdicts.summary(run('r-1')).waiting).toBe(1)
  })

  test('come back from the folder when the tracker is made again', async () => {
    await verdicts.give(run('r-1'), 3, wrong('urgent'))
    const other = new Tracker({ file: join(folder, 'b.sqlite'), backups: join(folder, 'backups') })
    addRun(other, runRow('r-1'))
    await restoreVerdicts(other, 'r-1', folder)
    expect(verdictsOfRun(other, 'r-1')).toEqual(verdictsOfRun(db, 'r-1'))
    await restoreVerdicts(other, 'r-1', join(folder, 'nowhere'))
    expect(verdictsOfRun(other, 'r-1')).toEqual([])
    other.dispose()
  })
})
