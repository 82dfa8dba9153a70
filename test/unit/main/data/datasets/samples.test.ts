import { join } from 'node:path'
import { expect, test } from 'vitest'
import { samples } from '../../../../../src/main/data/datasets/samples.ts'
import { importerFor } from '../../../../../src/main/data/importers/index.ts'

const data = join(import.meta.dirname, '../../../../../resources/sample/data')

test.each(samples)('$title: the sentence names as many rows as the file has', async ({ about, file }) => {
  const path = join(data, file)
  const importer = importerFor(path)
  const { format } = await importer.probe(path)
  let rows = 0
  for await (const _ of importer.rows(path, format)) rows++
  expect(about.startsWith(`${rows.toLocaleString('en')} invented`)).toBe(true)
})
