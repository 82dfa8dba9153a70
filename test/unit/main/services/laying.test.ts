import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProjectId } from '../../../../src/preload/contract/common.ts'
import { isSealed } from '../../../../src/main/base/sealed/format.ts'
import { keyRing } from '../../../../src/main/base/sealed/key-ring.ts'
import { Datasets, type StoredDataset } from '../../../../src/main/data/datasets/datasets.ts'
import { makeLaying } from '../../../../src/main/services/laying.ts'
import { makeDocx, makePdf, paragraph } from '../../../helpers/documents.ts'
import { trainerProgram } from '../../../helpers/attune.ts'

const project = 'p-1' as ProjectId // The only one here.
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-laying-'))
  await mkdir(join(root, 'letters'))
  for (const i of [1, 2, 3])
    await writeFile(join(root, 'letters', `a${i}.docx`), makeDocx(paragraph(`A secret of patient ${i}.`)))
  await writeFile(join(root, 'letters', 'scan.pdf'), makePdf([[]]))
})
afterEach(async () => {
  keyRing.use()
  await rm(root, { recursive: true, force: true })
})

function datasets(onReading: () => void = () => undefined): Datasets {
  const index = new Map<string, StoredDataset>()
  const save = (dataset: StoredDataset): void => void index.set(dataset.id, dataset)
  return new Datasets({
    folder: join(root, 'data', 'datasets'),
    samplesFolder: '',
    laying: makeLaying(trainerProgram),
    index: { list: () => [...index.values()], find: (id) => index.get(id) ?? null, save, saveChoices: save },
    restore: async () => undefined,
    now: () => '2026-01-01T00:00:00.000Z',
    onReading,
    projects: {
      reserve: async () => project,
      release: async () => undefined,
      forFile: async () => project,
      forSample: async () => project
    }
  })
}

describe('a process of its own that reads a folder', { timeout: 60_000 }, () => {
  test("seals what it lays down with the project's key, what was left out as well", async () => {
    const data = join(root, 'data')
    await mkdir(data)
    keyRing.use({
      places: [{ folder: data, except: [], sparesTop: false, keyId: 'aa'.repeat(16) }],
      keys: [
        { id: 'aa'.repeat(16), hex: '11'.repeat(32) },
        { id: 'bb'.repeat(16), hex: '22'.repeat(32) }
      ],
      home: data,
      projects: [{ project, keyId: 'bb'.repeat(16) }]
    })
    const all = datasets()
    const { id, rows } = await all.openFolder(join(root, 'letters'), 'letters')
    expect(rows).toBe(3)
    const folder = join(data, 'datasets', id)
    const names = await readdir(folder)
    expect(names.toSorted()).toEqual([
      'dataset.json',
      'rejected.jsonl',
      'rejected.jsonl.idx',
      'rows.jsonl',
      'rows.jsonl.idx',
      'table.jsonl'
    ])
    for (const name of names) {
      const bytes = await readFile(join(folder, name))
      expect([name, isSealed(bytes), bytes.includes('secret') || bytes.includes('scan.pdf')]).toEqual([name, true, false])
    }
    expect((await all.rows({ id, from: 0, count: 1 })).rows[0]?.[1]).toBe('A secret of patient 1.')
    expect((await all.rejected(id, 0, 10)).items.map(({ file }) => file)).toEqual(['scan.pdf'])
  })

  test('is ended where the person stops it, and leaves nothing', async () => {
    const book = makePdf(Array.from({ length: 900 }, () => Array.from({ length: 50 }, (_, i) => `line ${i} of a long book`)))
    for (const i of [1, 2, 3, 4]) await writeFile(join(root, 'letters', `b${i}.pdf`), book)
    const all = datasets(() => all.stopReading())
    await expect(all.openFolder(join(root, 'letters'), 'letters')).rejects.toMatchObject({ code: 'reading-stopped' })
    expect(await readdir(join(root, 'data', 'datasets'))).toEqual([])
    expect(all.list()).toEqual([])
  })
})
