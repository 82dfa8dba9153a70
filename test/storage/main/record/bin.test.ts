import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProjectId } from '../../../../src/preload/contract/common.ts'
import type { StoredDataset } from '../../../../src/main/data/datasets/datasets.ts'
import { Events } from '../../../../src/main/ipc/events.ts'
import { datasetIndex } from '../../../../src/main/services/dataset-index.ts'
import { rebuild } from '../../../../src/main/services/rebuild.ts'
import { makeRecord, recordFolders, type Record } from '../../../../src/main/services/record.ts'
import { attach, attachedTo } from '../../../../src/main/runs/attached.ts'
import { writeIdentity } from '../../../../src/main/runs/identity.ts'
import { purposeOf } from '../../../../src/main/tracker/queries/projects.ts'
import { addRun, findRun, listRuns } from '../../../../src/main/tracker/queries/runs.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import { runRow } from '../../../helpers/run-row.ts'

let folder: string
let db: Tracker
let record: Record
let now: string
let destroyed: string[]
let ended: string[]

const open = (): Record =>
  makeRecord({
    db,
    dataFolder: folder,
    events: new Events(),
    now: () => now,
    endRun: async (id) => void ended.push(id),
    keys: { make: async () => undefined, drop: async () => undefined, destroy: async (id) => void destroyed.push(id) }
  })
const newTracker = (): Tracker => new Tracker({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })
const inBin = async (): Promise<string[]> => (await record.bin.list()).map(({ id }) => id)
const datasets = (): string[] =>
  datasetIndex(db)
    .list()
    .map(({ id }) => id)

const keepIdentity = (id: string): Promise<void> =>
  writeIdentity(join(folder, 'configurations'), findRun(db, id)!, { ...attachedTo(db, id), sweep: null })

/** A project with a table and two runs, in the tracker and on the disk. */
async function fill(): Promise<ProjectId> {
  const project = await record.projects.forFile('letters.csv')
  const dataset = {
    id: 'd-1',
    project,
    name: 'letters.csv',
    sample: null,
    columns: [],
    rows: 3,
    addedAt: '2026-01-01T00:00:00Z',
    file: 'table.csv'
  }
  const roles = { task: 'text-classification', text: 'a', textPair: null, answer: 'b', group: null, belonging: 'no' } as const
  const stored = { ...dataset, readAs: { encoding: 'UTF-8', delimiter: ',' }, roles } as unknown as StoredDataset // Ids are branded.
  datasetIndex(db).save(stored)
  await mkdir(join(folder, 'datasets/d-1'), { recursive: true })
  await writeFile(join(folder, 'datasets/d-1/dataset.json'), JSON.stringify(stored))
  await mkdir(join(folder, 'configurations'), { recursive: true })
  for (const id of ['r-1', 'r-2']) {
    const run = join(folder, 'runs', `${id}-1`)
    const config_file = join(folder, 'configurations', `${id}.yaml`)
    await mkdir(run, { recursive: true })
    await writeFile(config_file, `# ${id}`)
    await writeFile(join(run, 'run.json'), JSON.stringify({ state: 'finished', createdAt: runRow(id).created_at }))
    await writeFile(
      join(run, 'config.json'),
      JSON.stringify({ config: { task: 'text-classification', method: { type: 'lora' }, training: {} } })
    )
    addRun(db, runRow(id, { state: 'finished', project_id: project, folder: run, config_file }))
    await keepIdentity(id)
  }
  return project
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-bin-'))
  db = newTracker()
  now = '2026-03-01T00:00:00.000Z'
  destroyed = []
  ended = []
  record = open()
})

afterEach(async () => {
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

describe('projects', () => {
  test('are named after the file without its ending, each by a name of its own', async () => {
    await record.projects.forFile('letters.v2.csv')
    await record.projects.forFile('letters.v2.xlsx')
    const sample = { id: 'letters', title: 'Clinical letters' }
    expect(await record.projects.forSample(sample)).toBe(await record.projects.forSample(sample))
    const names = db.prepared('SELECT name FROM projects ORDER BY name').all()
    expect(names).toEqual([{ name: 'Clinical letters' }, { name: 'letters.v2' }, { name: 'letters.v2 2' }])
  })

  test('are listed with what they hold, and not at all while they hold nothing', async () => {
    await record.projects.forFile('empty.csv')
    const project = await fill()
    expect(record.projects.list()).toEqual([
      {
        id: project,
        name: 'letters',
        sample: null,
        note: '',
        purpose: 'unsaid',
        datasets: 1,
        runs: 2,
        latestRun: 'r-2',
        latestDataset: 'd-1',
        changedAt: '2026-03-01T00:00:00.000Z'
      }
    ])
  })

  test('find their counts and newest runs in an index', async () => {
    await fill()
    const plan = JSON.stringify(
      db
        .prepared(
          "EXPLAIN QUERY PLAN SELECT id FROM runs WHERE project_id = 'p' AND discarded_at IS NULL ORDER BY created_at DESC LIMIT 1"
        )
        .all()
    )
    expect(plan).toMatch(/SEARCH runs USING INDEX runs_of_project/)
    expect(plan).not.toMatch(/TEMP B-TREE/)
  })
})

describe('the bin', () => {
  test('takes a run with its folder and its settings, and puts it back as it was', async () => {
    await fill()
    attach(db, 'r-1', { tags: ['keep'], note: 'good' })
    await record.bin.discardRun('r-1')
    expect(ended).toEqual(['r-1'])
    expect(listRuns(db).map(({ id }) => id)).toEqual(['r-2'])
    expect(await readdir(join(folder, 'runs'))).toEqual(['r-2-1'])
    expect(await readdir(join(folder, 'bin/r-1'))).toEqual(['discarded.json', 'run', 'run.json', 'run.yaml'])
    expect((await record.bin.list())[0]).toMatchObject({
      id: 'r-1',
      kind: 'run',
      project: 'letters',
      items: 1,
      until: '2026-03-31T00:00:00.000Z'
    })
    await record.bin.restore('r-1')
    expect(findRun(db, 'r-1')).toMatchObject({ state: 'finished', folder: join(folder, 'runs/r-1-1') })
    expect(await readdir(join(folder, 'runs'))).toEqual(['r-1-1', 'r-2-1'])
    expect(await readdir(join(folder, 'configurations'))).toEqual(['r-1.json', 'r-1.yaml', 'r-2.json', 'r-2.yaml'])
    expect(await readdir(join(folder, 'bin'))).toEqual([])
    expect(attachedTo(db, 'r-1')).toEqual({ tags: ['keep'], note: 'good' })
  })

  test('takes a project whole: one entry, back with everything that went with it', async () => {
    const project = await fill()
    await record.bin.discardRun('r-1')
    await record.projects.discard(project)
    expect(await record.bin.list()).toMatchObject([{ id: project, kind: 'project', name: 'letters', items: 2 }, { id: 'r-1' }])
    expect([record.projects.list(), datasets(), listRuns(db)]).toEqual([[], [], []])
    await record.bin.restore(project)
    expect([datasets(), listRuns(db).map(({ id }) => id)]).toEqual([['d-1'], ['r-2']])
    expect(await inBin()).toEqual(['r-1'])
    expect(destroyed).toEqual([])
  })

  test('lets go of what is older than 30 days when it is opened, and of nothing younger', async () => {
    const project = await fill()
    await record.bin.discardRun('r-1')
    now = '2026-03-20T00:00:00.000Z'
    await record.projects.discard(project)
    now = '2026-03-31T00:00:01.000Z'
    await record.bin.open()
    expect(await inBin()).toEqual([project])
    expect(await readdir(join(folder, 'bin'))).toEqual(['d-1', 'r-2'])
    now = '2026-04-19T00:00:01.000Z'
    await record.bin.open()
    expect(await inBin()).toEqual([])
    expect(await readdir(join(folder, 'bin'))).toEqual([])
    expect(await readdir(join(folder, 'projects'))).toEqual([])
    expect(destroyed).toEqual([project])
  })

  test('is passed by what is destroyed now, key and all', async () => {
    const project = await fill()
    await record.projects.destroyNow(project)
    expect(await inBin()).toEqual([])
    expect(await readdir(folder)).not.toContain('d-1')
    for (const name of ['runs', 'datasets', 'configurations', 'bin', 'projects'])
      expect(await readdir(join(folder, name))).toEqual([])
    expect(
      db
        .prepared('SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM datasets) + (SELECT count(*) FROM projects) AS n')
        .get()
    ).toEqual({ n: 0 })
    expect(destroyed).toEqual([project])
  })

  test('finishes a discarding that was cut short, and undoes one that had moved nothing', async () => {
    await fill()
    await mkdir(join(folder, 'bin/r-1'), { recursive: true })
    await writeFile(join(folder, 'bin/r-1/discarded.json'), '{}')
    await rename(join(folder, 'runs/r-1-1'), join(folder, 'bin/r-1/run'))
    await mkdir(join(folder, 'bin/r-2'), { recursive: true })
    await writeFile(join(folder, 'bin/r-2/discarded.json'), '{}')
    await record.bin.open()
    expect(await inBin()).toEqual(['r-1'])
    expect(listRuns(db).map(({ id }) => id)).toEqual(['r-2'])
    await record.bin.restore('r-1')
    expect(await readdir(join(folder, 'runs'))).toEqual(['r-1-1', 'r-2-1'])
  })

  test('finishes a restoring that was cut short', async () => {
    await fill()
    await record.bin.discardDataset('d-1')
    await rm(join(folder, 'bin/d-1/discarded.json'))
    await record.bin.open()
    expect(datasets()).toEqual(['d-1'])
    expect(await readdir(join(folder, 'datasets'))).toEqual(['d-1'])
    expect(await readdir(join(folder, 'bin'))).toEqual([])
  })
})

describe('a tracker that is made again', () => {
  test('has projects with their names, notes and purposes, tags, and the bin as it was', async () => {
    const project = await fill()
    await record.projects.rename({ id: project, name: 'Urgency' })
    await record.projects.note({ id: project, text: 'for the ward' })
    await record.projects.setPurpose({ id: project, purpose: 'commercial' })
    attach(db, 'r-2', { tags: ['b', 'a'], note: 'the best' })
    await keepIdentity('r-2')
    await record.bin.discardRun('r-1')
    const before = [record.projects.list(), await record.bin.list(), listRuns(db)]
    db.dispose()
    await rm(join(folder, 'a.sqlite'))
    db = newTracker()
    await rebuild(db, recordFolders(folder))
    record = open()
    await record.bin.open()
    expect([record.projects.list(), await record.bin.list()]).toEqual(before.slice(0, 2))
    expect(listRuns(db).map(({ id, project_id }) => [id, project_id])).toEqual([['r-2', project]])
    expect(attachedTo(db, 'r-2')).toEqual({ tags: ['a', 'b'], note: 'the best' })
    expect(record.projects.list()[0]).toMatchObject({ name: 'Urgency', note: 'for the ward', purpose: 'commercial' })
    expect([purposeOf(db, { run: 'r-2' }), purposeOf(db, { dataset: 'd-1' }), purposeOf(db, { run: 'r-gone' })]).toEqual([
      'commercial',
      'commercial',
      'unsaid'
    ])
    await record.bin.restore('r-1')
    expect(await readdir(join(folder, 'runs'))).toEqual(['r-1-1', 'r-2-1'])
  })
})

describe('the audit log', () => {
  test('says what was done by ids and counts, page by page and as CSV', async () => {
    await fill()
    record.journal.record('run-ended', 'r-1', 184)
    now = '2026-03-02T00:00:00.000Z'
    await record.bin.discardRun('r-1')
    expect(record.journal.page({ from: 0, count: 1 })).toEqual({
      total: 2,
      lines: [{ at: now, event: 'discarded', subject: 'r-1', amount: null }]
    })
    expect(record.journal.csv()).toBe(
      'at,event,subject,amount\r\n2026-03-01T00:00:00.000Z,run-ended,r-1,184\r\n2026-03-02T00:00:00.000Z,discarded,r-1,\r\n'
    )
  })
})
