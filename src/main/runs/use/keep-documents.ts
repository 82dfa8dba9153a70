import { writeJsonl } from '../../data/write-csv.ts'
import { readRows } from '../../data/datasets/rows-file.ts'
import { join } from 'node:path'
import type { GivenFile } from './open-input.ts'
import type { Job } from './job.ts'

const PAGE = 1000

/** The file that holds a job's rows as data: the table itself, or a table of the documents. */
export async function documentsFile(job: Job): Promise<GivenFile> {
  const { kind, files, folder, input } = job
  const [table] = files
  if (kind === 'table' && table) return table
  const path = join(folder, 'documents.jsonl')
  await writeJsonl(path, documents(input.rowsFile, input.rows))
  return { path, name: 'documents.jsonl' }
}

async function* documents(rowsFile: string, rows: number): AsyncGenerator<{ document: string; text: string }> {
  for (let from = 0; from < rows; from += PAGE)
    for (const { cells } of await readRows(rowsFile, from, PAGE)) yield { document: cells[0] ?? '', text: cells[1] ?? '' }
}
