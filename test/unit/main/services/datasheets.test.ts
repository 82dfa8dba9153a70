import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { datasheetPath, readDatasheet } from '../../../../src/main/config/read-datasheet.ts'
import { Datasheets } from '../../../../src/main/services/datasheets.ts'
import type { DatasetId } from '../../../../src/preload/contract/common.ts'

let folder: string
let datasheets: Datasheets

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-datasheets-'))
  for (const id of ['d-1', 'd-2', 'd-3']) await mkdir(join(folder, id))
  const version = (id: string, addedAt: string) => {
    return { id: id as DatasetId, rows: 1, addedAt, number: 1, note: null, parent: null } as never
  }
  datasheets = new Datasheets({
    pathOf: (id) => join(folder, id, 'letters.csv'),
    versions: () => [version('d-1', '2026-01-01'), version('d-2', '2026-01-02'), version('d-3', '2026-01-03')]
  })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const answersOf = async (id: string): Promise<Record<string, string>> =>
  Object.fromEntries((await datasheets.get(id)).filter(({ answer }) => answer !== '').map(({ key, answer }) => [key, answer]))

test('answers are kept beside the table, as an export reads them, and stand for later versions until these have their own', async () => {
  expect(await answersOf('d-1')).toEqual({})
  expect((await datasheets.get('d-1')).length).toBeGreaterThan(15)
  await datasheets.save('d-1', { title: ' Letters: "2025"\n# all ', purpose: '', contact: 'a@b.example' })
  const kept = { title: 'Letters: "2025"\n# all', contact: 'a@b.example' }
  expect(await readDatasheet(datasheetPath(join(folder, 'd-1/letters.csv')), ['title', 'contact'])).toEqual(kept)
  expect(await answersOf('d-1')).toEqual(kept)
  expect(await answersOf('d-3')).toEqual(kept)
  await datasheets.save('d-2', { title: 'Second' })
  expect(await answersOf('d-3')).toEqual({ title: 'Second' })
  expect(await answersOf('d-1')).toEqual(kept)
  expect(await datasheets.fileOf('d-2')).toBe(join(folder, 'd-2/letters.datasheet.yaml'))
})

test('a question that there is not is refused, and nothing is written', async () => {
  await expect(datasheets.save('d-1', { titel: 'x' })).rejects.toMatchObject({ code: 'datasheet' })
  expect(await datasheets.fileOf('d-1')).toBeNull()
})

test('a file written by hand is read with its faults named', async () => {
  const path = join(folder, 'own.yaml')
  const read = (): Promise<unknown> => readDatasheet(path, ['title', 'purpose'])
  await writeFile(path, '# nothing yet\n')
  expect(await read()).toEqual({})
  await writeFile(path, 'title: 2025\npurpose:\n')
  expect(await read()).toEqual({ title: '2025' })
  await writeFile(path, 'title: x\npurpose: [a, b]\n')
  await expect(read()).rejects.toThrow("own.yaml line 2: The answer to 'purpose' must be text.")
  await writeFile(path, `title: ${'x'.repeat(4001)}\n`)
  await expect(read()).rejects.toThrow('4000 are the most')
  await writeFile(path, '- title\n')
  await expect(read()).rejects.toThrow('A datasheet is a list of lines "question: answer".')
  expect(await readFile(path, 'utf8')).toBe('- title\n')
})

test('a guideline takes the place of the one before it, and never of what a person wrote', async () => {
  const put = (before: string, after: string) => datasheets.replace('d-1', 'labelling_rules', before, after)
  await datasheets.save('d-1', { title: 'Letters' })
  await put('', 'Mark names.')
  await put('Mark names.', 'Mark names and doses.')
  expect(await answersOf('d-1')).toEqual({ title: 'Letters', labelling_rules: 'Mark names and doses.' })
  const long = 'x'.repeat(5000)
  await put('Mark names and doses.', long)
  expect((await answersOf('d-1'))['labelling_rules']).toBe(`${'x'.repeat(3999)}…`)
  await put(long, 'Short.')
  await datasheets.save('d-1', { labelling_rules: 'Two nurses, by hand.' })
  await put('Short.', 'Mark names.')
  expect(await answersOf('d-1')).toEqual({ labelling_rules: 'Two nurses, by hand.' })
})
