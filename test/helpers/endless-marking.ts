import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId } from '../../src/preload/contract/common.ts'
import { Marking } from '../../src/main/data/marking/marking.ts'
import { ownDatasets } from './own-datasets.ts'

/**
 * Marks one word after the other of a long text in a folder and reports each to its parent once it is saved, until it is killed. With `suggested` each is
 * the next suggestion of a run that was accepted.
 */
const [, , folder = '', way = ''] = process.argv
const isSuggested = way === 'suggested'
const datasets = ownDatasets(folder)
const path = join(folder, 'long.csv')
await writeFile(path, `letter\n${'word '.repeat(20_000)}\n${'other '.repeat(20)}\n`)
const { id, roles } = await datasets.open(path)
await datasets.setRoles(id, { ...roles, text: 'letter', answer: null })
const none = (): never => {
  throw new Error('Nobody asks for this here.')
}
const words = Array.from({ length: 20_000 }, (_, i) => ({ start: 5 * i, end: 5 * i + 4, kind: 'WORD', confidence: 0.7 }))
const marking = new Marking({
  datasets,
  suggesterOf: () => (isSuggested ? { run: 'r-1' as RunId, name: 'Words' } : null), // As main mints them.
  find: async ({ texts }) => texts.map(() => ({ passages: words, sureness: 0.7 })),
  order: none,
  compare: none,
  keepGuideline: none,
  now: () => '2026-01-01T00:00:00Z'
})
for (let at = 0; at < words.length; at++) {
  const [offered] = isSuggested ? await marking.suggest({ id, lines: [2] }) : [{ passages: words }]
  const { start = 0, end = 0, kind = '' } = offered?.passages[at] ?? {}
  const passage = { start, end, kind }
  await marking.change({ id, by: '', line: 2, remove: [], add: [passage] })
  process.send?.({ id, passage })
}
