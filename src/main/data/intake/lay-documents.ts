import { join } from 'node:path'
import type { OnRejected } from '../documents/rejected.ts'
import { scanTable } from '../datasets/scan.ts'
import { TableWriter } from '../datasets/table-writer.ts'
import { documentsPlan, planFolder, type FolderPlan } from '../importers/folder.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { compareLabels } from '../label-order.ts'
import type { DocumentsInput, LaidDocuments, OnProgress } from './laying.ts'
import { RejectedWriter } from './rejected-file.ts'

/** The table that documents become. */
const TABLE = 'table.jsonl'

/** How a folder was read: each of its files has its own encoding. */
const READ_AS = { documents: 'documents', tables: 'a folder of tables' } as const

/** How often progress is told where rows come fast. */
const TOLD_EVERY = { documents: 1, tables: 5000 } as const

/** Lays a folder, or several documents, down as one table. What cannot be read is listed with its reason. */
export async function layDocuments(
  { folder, source }: DocumentsInput,
  onProgress: OnProgress,
  signal: AbortSignal
): Promise<LaidDocuments> {
  const list = new RejectedWriter(folder)
  const reasons = new Map<string, number>()
  const onRejected: OnRejected = (rejected) => {
    list.add(rejected)
    if (rejected.place === null) reasons.set(rejected.reason, 1 + (reasons.get(rejected.reason) ?? 0))
  }
  try {
    const plan = await planOf(source, onRejected, signal)
    const table = new TableWriter(join(folder, TABLE))
    try {
      for await (const { line, values } of plan.rows(onRejected, signal)) {
        await table.add(line, values)
        if (table.count % TOLD_EVERY[plan.kind] === 0) onProgress(plan.total === 0 ? table.count : line, plan.total)
      }
    } finally {
      await table.close()
    }
    const reason = [...reasons].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null
    const format = { encoding: 'utf-8', delimiter: null, limits: DEFAULT_LIMITS } as const
    const none = { format, columns: [], rows: 0 }
    const scanned = table.count === 0 ? none : await scanTable(join(folder, TABLE), join(folder, 'rows.jsonl'), { signal })
    const readAs = { encoding: READ_AS[plan.kind], delimiter: null }
    const { kind, partColumn } = plan
    return { kind, partColumn, file: TABLE, hash: table.digest(), scanned, readAs, rejected: list.count, reason }
  } finally {
    await list.close()
  }
}

async function planOf(source: DocumentsInput['source'], onRejected: OnRejected, signal: AbortSignal): Promise<FolderPlan> {
  if ('root' in source) return planFolder(source.root, onRejected, DEFAULT_LIMITS, signal)
  return documentsPlan(
    source.files.toSorted((a, b) => compareLabels(a.name, b.name)),
    onRejected
  )
}
