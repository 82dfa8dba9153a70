import { join } from 'node:path'
import { flatten } from '../datasets/reread.ts'
import { scanTable } from '../datasets/scan.ts'
import type { Laid, OnProgress, TableInput } from './laying.ts'
import { RejectedWriter } from './rejected-file.ts'

/** Reads the copy of a table from end to end and lays its rows down for paging. Throws an InputError naming the copy. */
export async function layTable({ folder, copy, read }: TableInput, onProgress: OnProgress, signal: AbortSignal): Promise<Laid> {
  const rejected = new RejectedWriter(folder)
  try {
    const { file, readAs } = await flatten(folder, copy, read, { onRejected: rejected.add, signal })
    const onRows = (done: number): void => onProgress(done, 0)
    const scanned = await scanTable(join(folder, file), join(folder, 'rows.jsonl'), { onRows, signal })
    return { file, scanned, readAs, rejected: rejected.count }
  } finally {
    await rejected.close()
  }
}
