import { writeJsonl } from '../../data/write-csv.ts'
import { readRows } from '../../data/datasets/rows-file.ts'
import { join } from 'node:path'
import type { GivenFile, UseInputFiles } from './open-input.ts'
import type { Job } from './job.ts'

const PAGE = 1000

/** The file that holds a job's rows as data: the table itself, or a table of the documents. */
export async function documentsFile(job: Job): Promise<GivenFile> {
  const { kind, files, folder, input } = job
  const [table] = files
  if (kind === 'table' && table) return table
  const path = join(folder, 'kept.jsonl')
  await writeJsonl(path, documents(input))
  return { path, name: 'documents.jsonl' }
}

async function* documents({ rowsFile, rows, columns }: UseInputFiles): AsyncGenerator<Readonly<Record<string, string>>> {
  for (let from = 0; from < rows; from += PAGE)
    for (const { cells } of await readRows(rowsFile, from, PAGE))
      yield Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? '']))
}
