import { basename } from 'node:path'
import { numberOf } from '../../label-order.ts'
import { writeXlsx, type Sheet } from '../../write-xlsx.ts'
import type { FileCleaner, FileJob } from './define-cleaner.ts'
import { cleanRows, planFor, type RowPlan } from './table-rows.ts'

const NOTE = 'only the values of cells were carried over: no formulas, comments, pictures, hidden parts or formats.'

/** Workbooks, every sheet. They are written anew from the values of their cells, so that nothing goes along that was not looked at. */
export const xlsxCleaner: FileCleaner = {
  endings: ['.xlsx'],
  async clean(from, to, job) {
    // Its library is of some seventy modules, and the application starts without a workbook.
    const { allSheets } = await import('../../importers/xlsx.ts')
    const sheets = await allSheets(from)
    const names = await job.cleaner.clean(sheets.map(({ name }) => ({ text: name, group: job.group })))
    const made: Sheet[] = []
    const columns = new Set<string>()
    const notes = new Set([NOTE])
    for (const [i, { rows }] of sheets.entries()) {
      const name =
        names[i]?.text
          .replace(/[[\]:*?/\\]/g, ' ')
          .trim()
          .slice(0, 28) || `Sheet ${i + 1}`
      const own = made.some((one) => one.name === name) ? `${name} ${i + 1}` : name
      const { sheet, names: heads, plan } = await cleanSheet(rows, own, basename(from), job)
      made.push(sheet)
      for (const head of heads) if (head !== '') columns.add(head)
      for (const note of plan.notes) notes.add(note)
    }
    await writeXlsx(to, made)
    return { notes: [...notes], columns: [...columns] }
  }
}

interface CleanSheet {
  readonly sheet: Sheet
  /** Its columns as they were called. */
  readonly names: readonly string[]
  readonly plan: RowPlan
}

async function cleanSheet(rows: readonly (readonly string[])[], name: string, file: string, job: FileJob): Promise<CleanSheet> {
  const [head = [], ...body] = rows
  const width = Math.max(0, ...rows.map((row) => row.length))
  const names = Array.from({ length: width }, (_, i) => (head[i] ?? '').trim())
  const plan = planFor(names, job, file)
  const clean: (string | number)[][] = []
  for await (const row of cleanRows(body, plan, job)) clean.push(row.map(asCell))
  // The first row may be one of the data where a sheet has no names.
  const heads = await job.cleaner.clean(names.map((text) => ({ text, group: job.group })))
  return { sheet: { name, columns: heads.map(({ text }) => text), rows: clean }, names, plan }
}

/** A number stays one where it is written as numbers are; `007` stays text. */
function asCell(text: string): string | number {
  const number = numberOf(text)
  return number !== null && String(number) === text ? number : text
}
