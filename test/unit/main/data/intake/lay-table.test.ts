import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ReadAs } from '../../../../../src/preload/contract/data.ts'
import { readRows } from '../../../../../src/main/data/datasets/rows-file.ts'
import { layTable } from '../../../../../src/main/data/intake/lay-table.ts'
import { readRejected, rejectedCount } from '../../../../../src/main/data/intake/rejected-file.ts'
import { refusalOf } from '../folder.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'attune-lay-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const never = new AbortController().signal

async function lay(copy: string, content: string, read: ReadAs = {}) {
  await writeFile(join(folder, copy), content)
  const laid = await layTable({ folder, copy, read }, () => undefined, never)
  const rows = await readRows(join(folder, 'rows.jsonl'), 0, 100)
  return { laid, rows: rows.map(({ line, cells }) => [line, ...cells]), rejected: await readRejected(folder, 0, 100) }
}

describe('laying a table down', () => {
  test('refuses the first bad row where nobody said to leave such rows out', async () => {
    expect(await refusalOf(() => lay('table.csv', 'a,b\n1,2\n3\n'))).toMatch(/^data_row_ragged: The row at line 3/)
    expect(await refusalOf(() => lay('table.jsonl', '{"a":1}\n{"a":[1]}\n'))).toMatch(
      /^data_json_nested: Line 2 of table\.jsonl: 'a' holds a list/
    )
    expect(await refusalOf(() => lay('table.json', '[{"a":1},{"a":{}}]'))).toMatch(
      /^data_json_nested: Row 2 of table\.json: 'a' holds an object/
    )
  })

  test('leaves them out and lists them where the person said so; the others keep their lines', async () => {
    const csv = await lay('table.csv', 'a,b\n1,2\n3\n4,5,6\n7,8\n', { leaveOut: true })
    expect(csv.rows).toEqual([
      [2, '1', '2'],
      [5, '7', '8']
    ])
    expect(csv.rejected.map(({ place }) => place)).toEqual(['line 3', 'line 4'])
    expect([csv.laid.rejected, await rejectedCount(folder)]).toEqual([2, 2])
    // The trainer reads the table that was laid down: it meets no bad row.
    expect(await readFile(join(folder, csv.laid.file), 'utf8')).toBe('\n{"a":"1","b":"2"}\n\n\n{"a":"7","b":"8"}\n')
  })

  test('leaves lists and objects out as well', async () => {
    const { rows, rejected } = await lay('table.jsonl', '{"a":"x"}\n{"a":[1]}\nnot JSON\n7\n{"a":"y"}\n', { leaveOut: true })
    expect(rows).toEqual([
      [1, 'x'],
      [5, 'y']
    ])
    expect(rejected.map(({ place, reason }) => [place, /list|JSON/.test(reason)])).toEqual([
      ['line 2', true],
      ['line 3', true],
      ['line 4', true]
    ])
  })

  test('that is stopped ends with the reason, and closes what it wrote', async () => {
    await writeFile(join(folder, 'table.csv'), `a,b\n${'1,2\n'.repeat(400_000)}`)
    const control = new AbortController()
    const laying = layTable({ folder, copy: 'table.csv', read: {} }, () => control.abort(new Error('no longer')), control.signal)
    await expect(laying).rejects.toThrow('no longer')
    expect((await readdir(folder)).toSorted()).toContain('rejected.jsonl')
  })

  test('has no list of what was left out where nothing could be', async () => {
    expect(await rejectedCount(folder)).toBe(null)
    expect((await lay('table.csv', 'a\nx\n')).rejected).toEqual([])
    expect(await rejectedCount(folder)).toBe(0)
  })
})
