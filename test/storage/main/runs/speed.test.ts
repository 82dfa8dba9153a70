import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeIdentity } from '../../../../src/main/runs/identity.ts'
import { secondsFor, timeAround } from '../../../../src/main/runs/speed.ts'
import { rebuild } from '../../../../src/main/services/rebuild.ts'
import { recordFolders } from '../../../../src/main/services/record.ts'
import { addMetricPoints } from '../../../../src/main/tracker/queries/metrics.ts'
import { addRun, findRun } from '../../../../src/main/tracker/queries/runs.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import { runRow } from '../../../helpers/run-row.ts'

let folder: string
let db: Tracker

const openTracker = (): Tracker => new Tracker({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-speed-'))
  db = openTracker()
})

afterEach(async () => {
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

/** A run that went at so many tokens a second; the digit of its id is its day. */
function add(id: string, device: string | null, tokensPerSecond: number, model_id = 'm-1'): void {
  addRun(db, runRow(id, { state: 'finished', model_id, device }))
  addMetricPoints(db, id, [1, 2].map((step) => ({ step, loss: 1, learningRate: 0.1, memoryBytes: 7, tokensPerSecond })))
}

const on = (device: string): ReturnType<typeof secondsFor> => secondsFor(db, { model: 'm-1', device }, 6000)

describe('the time of a run', () => {
  test('comes from the newest run with its model on its own device, whatever was newer elsewhere', () => {
    add('r-1', 'cpu', 50)
    add('r-2', 'cpu', 100)
    add('r-3', 'webgpu', 400)
    add('r-4', 'directml', 600)
    add('r-5', 'cuda', 2000)
    add('r-6', 'cpu', 9000, 'm-2')
    expect(['cpu', 'webgpu', 'directml', 'cuda'].map(on)).toEqual([60, 15, 10, 3].map(timeAround))
  })

  test('is unknown where no run went there, or none of which the device is known', () => {
    add('r-1', 'webgpu', 400)
    add('r-2', null, 100)
    expect(on('cpu')).toBeNull()
  })

  test('is known of runs whose folders alone say on what they went', async () => {
    addRun(db, runRow('r-1', { folder: join(folder, 'runs/r-1-1') }))
    addRun(db, runRow('r-2', { folder: join(folder, 'runs/r-2-1'), device: 'cuda' }))
    for (const id of ['r-1', 'r-2']) {
      await mkdir(join(folder, `runs/${id}-1`), { recursive: true })
      await writeIdentity(join(folder, 'configurations'), findRun(db, id)!, { tags: [], note: '', sweep: null })
    }
    await writeFile(join(folder, 'runs/r-1-1/run.json'), JSON.stringify({ device: 'webgpu' }))
    db.dispose()
    await rm(join(folder, 'a.sqlite'))
    db = openTracker()
    await rebuild(db, recordFolders(folder))
    expect(['r-1', 'r-2'].map((id) => findRun(db, id)?.device)).toEqual(['webgpu', 'cuda'])
  })
})
