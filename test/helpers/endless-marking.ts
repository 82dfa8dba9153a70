import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Marking } from '../../src/main/data/marking/marking.ts'
import { ownDatasets } from './own-datasets.ts'

/** Marks one word after the other of a long text in a folder and reports each to its parent once it is saved, until it is killed. */
const [, , folder = ''] = process.argv
const datasets = ownDatasets(folder)
const path = join(folder, 'long.csv')
await writeFile(path, `letter\n${'word '.repeat(20_000)}\n${'other '.repeat(20)}\n`)
const { id, roles } = await datasets.open(path)
await datasets.setRoles(id, { ...roles, text: 'letter', answer: null })
const none = (): never => {
  throw new Error('Nobody asks for suggestions here.')
}
const marking = new Marking({
  datasets,
  suggesterOf: () => null,
  find: none,
  order: none,
  compare: none,
  keepGuideline: none,
  now: () => '2026-01-01T00:00:00Z'
})
for (let start = 0; start < 100_000; start += 5) {
  const passage = { start, end: start + 4, kind: 'WORD' }
  await marking.change({ id, by: '', line: 2, remove: [], add: [passage] })
  process.send?.({ id, passage })
}
