import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../../src/main/tracker/database.ts'
import { migrations } from '../../../../src/main/tracker/migrations/index.ts'
import versions from '../../../../src/main/tracker/migrations/0006-versions.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import { Datasets } from '../../../../src/main/data/datasets/datasets.ts'
import { datasetIndex } from '../../../../src/main/services/dataset-index.ts'
import { rebuild } from '../../../../src/main/services/rebuild.ts'
import { recordFolders } from '../../../../src/main/services/record.ts'
import { removeDataset } from '../../../../src/main/tracker/queries/datasets.ts'
import type { ProjectId } from '../../../../src/preload/contract/common.ts'

let folder: string
let db: Tracker
let datasets: Datasets

const files = () => ({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })

function open(): void {
  db = new Tracker(files())
  datasets = new Datasets({
    folder: join(folder, 'datasets'),
    samplesFolder: folder,
    index: datasetIndex(db),
    projects: {
      reserve: async () => 'p-1' as ProjectId,
      release: async () => undefined,
      forFile: async () => 'p-1' as ProjectId,
      forSample: async () => 'p-2' as ProjectId
    },
    restore: async () => undefined,
    now: () => '2026-01-01T00:00:00Z',
    onReading: () => undefined
  })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-versions-'))
  open()
})

afterEach(async () => {
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

const table = `letter,urgency\n${Array.from({ length: 40 }, (_, i) => `Dear colleague this is letter ${i},${i % 2 ? 'soon' : 'urgent'}`).join('\n')}\n`

async function twoVersions() {
  await writeFile(join(folder, 'letters.csv'), table)
  const first = await datasets.open(join(folder, 'letters.csv'))
  const edits = [{ kind: 'rename', column: 'urgency', from: ['urgent'], to: 'Urgent' }] as const
  return { first, second: await datasets.revise({ id: first.id, edits, note: null }) }
}

describe('versions in the tracker', () => {
  test('keep their parent, number, note, split and parts', async () => {
    const { first, second } = await twoVersions()
    await datasets.setSplit(first.id, {
      train: 0.5,
      validation: 0.2,
      test: 0.3,
      seed: 7,
      column: null,
      date: null,
      folds: null,
      balance: 'none',
      cap: null
    })
    expect(datasets.get(first.id)).toMatchObject({ split: { train: 0.5, seed: 7 }, version: 1, parent: null, root: first.id })
    expect(datasets.get(second.id)).toEqual(second)
    expect(second).toMatchObject({ parent: first.id, root: first.id, version: 2, note: "'urgent' renamed to 'Urgent' (20 rows)" })
    expect(datasets.divisionOf(second.id).from).toBe('version')
  })

  test('come back from their folders where the file of the tracker is gone', async () => {
    const { first, second } = await twoVersions()
    const before = datasets.versions(first.id)
    db.dispose()
    await rm(files().file)
    open()
    expect(await rebuild(db, recordFolders(folder))).toBe(2)
    expect(datasets.get(second.id).project).toBe('p-1')
    expect(datasets.versions(second.id)).toEqual(before)
    expect(datasets.divisionOf(second.id).from).toBe('version')
  })

  test('leave no row behind when one is removed', async () => {
    const { second } = await twoVersions()
    removeDataset(db, second.id)
    expect(db.prepared('SELECT count(*) AS n FROM dataset_versions').get()).toEqual({ n: 1 })
  })

  test('take a folder from before there were versions for the first one of its file', async () => {
    const { first } = await twoVersions()
    const { root: _root, parent: _parent, version: _version, note: _note, split: _split, ...former } = first
    const { separator: _separator, ...roles } = first.roles
    const old = { ...former, id: 'd-0123456789abcdef0123', roles, file: 'table.csv' }
    await mkdir(join(folder, 'datasets', old.id))
    await writeFile(join(folder, 'datasets', old.id, 'dataset.json'), JSON.stringify(old))
    await rebuild(db, recordFolders(folder))
    expect(datasets.get(old.id)).toMatchObject({ root: old.id, version: 1, split: { seed: 42 }, roles: { separator: null } })
  })

  test('are given to the rows of a database from before', () => {
    const file = { file: join(folder, 'old.sqlite'), backups: join(folder, 'backups') }
    const old = openDatabase(file, migrations.slice(0, 1))
    old
      .prepare(
        "INSERT INTO datasets VALUES ('d-abc', 'a.csv', NULL, 'table.csv', 3, 'UTF-8', ',', 'text-classification', 't', NULL, 'a', NULL, 'no', 'now')"
      )
      .run()
    old.close()
    const now = openDatabase(file, [...migrations.slice(0, 1), versions])
    expect(now.prepare('SELECT dataset_id, root_id, version, hash, split_train FROM dataset_versions').get()).toEqual({
      dataset_id: 'd-abc',
      root_id: 'd-abc',
      version: 1,
      hash: 'abc',
      split_train: 0.7
    })
    now.close()
  })

  test('are found by an index', () => {
    const plan = db.prepared('EXPLAIN QUERY PLAN SELECT * FROM dataset_versions WHERE dataset_id = ?').all('d-1')
    expect(JSON.stringify(plan)).toContain('SEARCH')
  })
})
