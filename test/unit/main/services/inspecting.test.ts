import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DatasetId } from '../../../../src/preload/contract/common.ts'
import type { DataEvents } from '../../../../src/preload/contract/data.ts'
import { STANDARD_SPLIT } from '../../../../src/main/data/datasets/division.ts'
import { findRows } from '../../../../src/main/data/datasets/finding-rows.ts'
import { reportOn } from '../../../../src/main/data/datasets/report.ts'
import { scanTable } from '../../../../src/main/data/datasets/scan.ts'
import { makeInspecting } from '../../../../src/main/services/inspecting.ts'
import { trainerProgram } from '../../../helpers/attune.ts'

const ROWS = 40_000
const never = new AbortController().signal
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-inspecting-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

test('a large table is looked through in another process, which finds what this one would', async () => {
  const path = join(folder, 'table.csv')
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `the text of row ${i % 39_990},${i % 50 === 0 ? '' : i % 2 ? 'soon' : 'urgent'}`
  )
  await writeFile(path, `text,answer\n${rows.join('\n')}\n`)
  const rowsPath = join(folder, 'rows.jsonl')
  await scanTable(path, rowsPath)
  const roles = {
    task: 'text-classification',
    text: 'text',
    textPair: null,
    answer: 'answer',
    separator: null,
    group: null,
    belonging: 'no'
  } as const
  const division = { settings: STANDARD_SPLIT, kept: null, from: 'draw' } as const
  const input = { id: 'd-1' as DatasetId, path, roles, division, rows: ROWS, missing: null } // An id as main mints them.
  const news: DataEvents['looking'][] = []
  const inspecting = makeInspecting(trainerProgram, (one) => news.push(one))
  const report = await inspecting.report(input, never)
  expect(report).toEqual(await reportOn(input))
  expect(report.rows).toEqual({ total: ROWS, usable: 39_200 })
  expect(news).toEqual([
    { id: 'd-1', phase: 'counting', done: 20_000, total: ROWS },
    { id: 'd-1', phase: 'counting', done: 40_000, total: ROWS },
    { id: 'd-1', phase: 'checking', done: 0, total: 0 }
  ])
  const finding = { code: 'unlabelled', rowsPath, columns: ['text', 'answer'], roles }
  const found = await inspecting.rows(finding, ROWS)
  expect(found).toEqual(await findRows(finding))
  expect(found.lines.slice(0, 2)).toEqual([2, 52])
  // A program that does not exist stands for another process: few rows never ask for one.
  const alone = makeInspecting(join(folder, 'no-trainer.js'))
  expect((await alone.report({ ...input, rows: 100 }, never)).rows.usable).toBe(39_200)
  await expect(alone.report(input, never)).rejects.toThrow()
}, 60_000)
