import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunConfig } from '../../../../src/main/config/config-types.ts'
import { rowScores } from '../../../../src/main/engine/evaluation/index.ts'
import { evaluationInputOf, type StoredPredictions } from '../../../../src/main/report/predictions.ts'
import { columnGroupSections } from '../../../../src/main/report/subgroups.ts'
import { reportGroups } from '../../../../src/main/worker/report-groups.ts'

const ROWS = 90
/** Every third row was tested; the file has them between others. */
const tested = Array.from({ length: ROWS }, (_, i) => 3 * i)
const ward = (row: number): string => (row % 2 === 0 ? 'north' : row % 30 === 3 ? 'attic' : 'south')

let folder: string
let config: RunConfig
const stored: StoredPredictions = {
  format: 'attune-predictions-1',
  part: 'test',
  kind: 'single-label',
  classNames: ['no', 'yes'],
  splitHash: 's',
  // Line 1 is the header.
  lines: tested.map((row) => row + 2),
  keys: tested.map(String),
  groups: null,
  truth: tested.map(() => 1),
  // Right in the north alone.
  answers: tested.flatMap((row) => (ward(row) === 'north' ? [0.1, 0.9] : [0.9, 0.1])),
  thresholds: null
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-report-groups-'))
  const file = join(folder, 'letters.csv')
  const lines = Array.from({ length: 3 * ROWS }, (_, row) => `text ${row},yes,${ward(row)},${row},all`)
  await writeFile(file, `letter,label,ward,patient,same\n${lines.join('\n')}\n`)
  const data = { file, train: null, validation: null, test: null, text: 'letter', text_pair: null, label: 'label' }
  config = { task: 'text-classification', problem_type: 'single_label_classification', data } as unknown as RunConfig // What is read of it.
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const groupsBy = (...columns: string[]) => {
  const { part, lines } = stored
  const scores = () => rowScores(evaluationInputOf(stored))
  return reportGroups({ config, part, lines, units: null, scores, columns, signal: new AbortController().signal })
}

describe('the groups of an exported report', () => {
  test('are means of the tested rows by the values of a column, none under 20 rows', async () => {
    const [byWard] = await groupsBy('ward')
    expect(byWard).toMatchObject({ by: 'ward', isShare: true, merged: 2 })
    expect(byWard?.rows.map(({ name, rows, value }) => [name, rows, value?.value])).toEqual([
      ['north', 45, 1],
      ['2 groups together', 45, 0]
    ])
    const [section] = columnGroupSections([byWard!])
    expect(section?.title).toBe('By ward')
    expect(JSON.stringify(section)).not.toContain('attic')
    expect(JSON.stringify(section)).toContain('So that no group has fewer than 20 rows, 2 groups were put together.')
  })

  test('are not shown where there are no two of them', async () => {
    const [section] = columnGroupSections(await groupsBy('same'))
    expect(section?.blocks).toEqual([{ kind: 'text', text: 'Not shown: there are no two groups with 20 tested rows each.' }])
  })

  test('are refused by a column of texts, of ids, or that is not there', async () => {
    await expect(groupsBy('letter')).rejects.toThrow("The column 'letter' holds the texts")
    await expect(groupsBy('patient')).rejects.toThrow("The column 'patient' has 90 different values among the tested rows")
    await expect(groupsBy('wardd')).rejects.toThrow(
      "letters.csv has no column 'wardd' to group the report by. Did you mean 'ward'?"
    )
    expect(await groupsBy()).toEqual([])
  })
})
