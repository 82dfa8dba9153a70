import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadDataset } from '../../../../../src/main/data/dataset.ts'
import { folderImporter } from '../../../../../src/main/data/importers/folder.ts'
import { gather, refusalOf } from '../folder.ts'

// Made by scripts/reference/parquet.py with `datasets` 5.2.0.
const fixture = join(import.meta.dirname, '../../../../fixtures/datasets-folder')
let root: string
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'attune-datasets-'))))
afterEach(() => rm(root, { recursive: true, force: true }))

const rowsOf = async (folder: string): Promise<Record<string, string | null>[]> => {
  const { format } = await folderImporter.probe(folder)
  return (await gather(folderImporter.rows(folder, format))).map(({ values }) => ({ ...values }))
}

describe('a folder of Hugging Face datasets', () => {
  test('is one table: class names in place of numbers, several classes in one cell, the part of each row', async () => {
    await cp(fixture, root, { recursive: true })
    await writeFile(join(root, 'README.md'), '# about')
    await writeFile(join(root, 'dataset_info.json'), '{}')
    const rows = await rowsOf(root)
    expect(rows).toHaveLength(15)
    expect(rows[0]).toEqual({ sentence: 'train sentence 0', label: 'negative', topics: '', split: 'train' })
    expect(rows[3]).toEqual({ sentence: 'train sentence 3', label: 'positive', topics: 'price; staff; place', split: 'train' })
    expect(rows[11]).toEqual({ sentence: 'test sentence 0', label: null, topics: '', split: 'test' })
    expect(rows.map(({ split }) => split).join(' ')).toBe(
      [...Array<string>(8).fill('train'), ...Array<string>(3).fill('validation'), ...Array<string>(4).fill('test')].join(' ')
    )
    const spec = { task: 'text-classification', file: root, text: 'sentence', label: 'label', split_column: 'split' } as const
    const { count, classNames, parts } = await loadDataset(spec)
    expect([count, classNames, [...(parts ?? [])]]).toEqual([
      14,
      ['negative', 'positive'],
      [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    ])
  })

  test('in other tables too, where their names say the parts', async () => {
    await writeFile(join(root, 'train.jsonl'), '{"text":"a","y":1}\n{"text":"b","y":2}\n')
    await writeFile(join(root, 'dev.jsonl'), '{"text":"c","y":3}\n')
    expect(await rowsOf(root)).toEqual([
      { text: 'a', y: '1', split: 'train' },
      { text: 'b', y: '2', split: 'train' },
      { text: 'c', y: '3', split: 'validation' }
    ])
  })

  test('is read as save_to_disk leaves it: parts, class names, without what datasets cached there', async () => {
    await cp(join(import.meta.dirname, '../../../../fixtures/arrow/saved'), root, { recursive: true })
    await writeFile(join(root, 'train', 'cache-0123456789abcdef.arrow'), 'x')
    const rows = await rowsOf(root)
    expect(rows.map(({ split }) => split)).toEqual([...Array<string>(6).fill('train'), ...Array<string>(3).fill('test')])
    expect(rows[1]).toEqual({ sentence: 'train sentence 1', label: 'positive', split: 'train' })
    expect(await rowsOf(join(root, 'test'))).toEqual(rows.slice(6).map(({ sentence, label }) => ({ sentence, label })))
  })

  test('says what it cannot read: several kinds, different columns', async () => {
    await writeFile(join(root, 'train.jsonl'), '{"text":"a","y":1}\n')
    await writeFile(join(root, 'test.csv'), 'text,y\nb,2\n')
    expect(await refusalOf(() => folderImporter.probe(root))).toMatch(
      /^folder-several: .* tables of several kinds \('\.csv', '\.jsonl'\)/
    )
    await rm(join(root, 'test.csv'))
    await mkdir(join(root, 'test'))
    await writeFile(join(root, 'test', '0.jsonl'), '{"text":"a","z":1}\n')
    expect(await refusalOf(() => folderImporter.probe(root))).toMatch(
      /^folder-several: .* different columns \('train\.jsonl' and 'test\/0\.jsonl'\)/
    )
  })

  test('is not what several tables are that say nothing of parts', async () => {
    await writeFile(join(root, 'a.csv'), 'text,y\nb,2\n')
    await writeFile(join(root, 'b.csv'), 'text,y\nb,2\n')
    expect(await refusalOf(() => folderImporter.probe(root))).toMatch(/^documents-none/)
  })

  test('the fixture holds nothing but invented rows', async () => {
    expect((await readFile(join(fixture, 'data', 'test-00000-of-00001.parquet'))).length).toBeLessThan(5000)
  })
})
