import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RowsWriter } from '../../../../src/main/data/datasets/rows-file.ts'
import { saveAnswers, type SaveAnswers } from '../../../../src/main/worker/save-answers.ts'
import { surenessOf } from '../../../../src/main/worker/sureness.ts'

let folder: string
let task: SaveAnswers

async function lay(name: string, rows: readonly (readonly string[])[]): Promise<string> {
  const path = join(folder, name)
  const writer = new RowsWriter(path)
  for (const [i, cells] of rows.entries()) await writer.add(i + 2, cells)
  await writer.close()
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-save-'))
  task = {
    rowsFile: await lay('rows.jsonl', [
      ['1', '=HYPERLINK("x")'],
      ['2', 'plain'],
      ['3', 'never answered']
    ]),
    answersFile: await lay('answers.jsonl', [
      ['urgent', '0.900000', '0.900000', '0.100000'],
      ['later', '0.600000', '0.400000', '0.600000']
    ]),
    rows: 2,
    columns: ['id', 'answer'],
    classNames: ['urgent', 'later'],
    threshold: 0.7,
    format: 'csv',
    path: join(folder, 'out.csv'),
    facts: []
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('saved answers', () => {
  test('stand beside the rows, under names that the table does not have, with formulas made harmless', async () => {
    await saveAnswers(task)
    expect(await readFile(task.path, 'utf8')).toBe(
      [
        'id,answer,answer (2),sure,needs a person,probability: urgent,probability: later',
        `1,"'=HYPERLINK(""x"")",urgent,0.9,no,0.9,0.1`,
        '2,plain,later,0.6,yes,0.4,0.6',
        ''
      ].join('\n')
    )
  })

  test('of scores are numbers without sureness', async () => {
    const answersFile = await lay('scores.jsonl', [
      ['3.25', ''],
      ['-1', '']
    ])
    await saveAnswers({ ...task, answersFile, classNames: [], threshold: null })
    expect((await readFile(task.path, 'utf8')).split('\n')[1]).toBe(`1,"'=HYPERLINK(""x"")",3.25`)
  })

  test('are refused as a workbook where none can hold them', async () => {
    await expect(saveAnswers({ ...task, format: 'xlsx', rows: 1_048_576 })).rejects.toThrow(/at most 1,048,575 rows/)
  })
})

describe('how sure an answer is', () => {
  test('is the probability of the class, of several labels that of the least sure decision, and nothing for a score', () => {
    expect(surenessOf('a', { a: 0.8, b: 0.2 })).toBe(0.8)
    expect(surenessOf(['a'], { a: 0.9, b: 0.35, c: 0.01 })).toBeCloseTo(0.65, 12)
    expect(surenessOf(2.5, null)).toBeNull()
  })
})
