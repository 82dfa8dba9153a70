import { InputError } from '../../../base/errors.ts'
import { shown, shownList } from '../../../base/wording.ts'
import type { FileJob } from './define-cleaner.ts'

const BATCH = 256

/** Which cells of a row are gone through, and which says to whom it belongs. */
export interface RowPlan {
  readonly cleaned: readonly number[]
  readonly group: number | null
  /** What is to be said of the table. */
  readonly notes: readonly string[]
}

/** @throws InputError for a column that the table does not have */
export function planFor(columns: readonly string[], job: FileJob, file: string): RowPlan {
  const { groupColumn, isFolder } = job
  const hasGroup = groupColumn === null || columns.includes(groupColumn)
  const missing = [...(job.columns ?? []), ...(hasGroup || isFolder ? [] : [groupColumn])].find((name) => !columns.includes(name))
  if (missing !== undefined)
    throw new InputError('data_column_missing', `${file} has no column ${shown(missing)}. It has ${shownList(columns)}.`)
  return {
    cleaned: columns.flatMap((name, i) =>
      (job.columns === null || job.columns.has(name)) && !job.leftColumns.has(name) ? [i] : []
    ),
    group: groupColumn === null || !hasGroup ? null : columns.indexOf(groupColumn),
    notes: hasGroup ? [] : [`it has no column ${shown(groupColumn)}: its rows were taken to belong to one person.`]
  }
}

/** Rows with their cells cleaned, in order; those that hold no text stay as they are. */
export async function* cleanRows<T extends string | null>(
  rows: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  plan: RowPlan,
  job: FileJob
): AsyncGenerator<(T | string)[], void, undefined> {
  let held: (readonly T[])[] = []
  for await (const row of rows) {
    held.push(row)
    if (held.length < BATCH) continue
    yield* await cleanBatch(held, plan, job)
    held = []
  }
  yield* await cleanBatch(held, plan, job)
}

async function cleanBatch<T extends string | null>(
  rows: readonly (readonly T[])[],
  { cleaned, group }: RowPlan,
  job: FileJob
): Promise<(T | string)[][]> {
  job.signal.throwIfAborted()
  const copies = rows.map((row): (T | string)[] => [...row])
  const places = rows.flatMap((row, i) => cleaned.filter((at) => (row[at] ?? '') !== '').map((at) => ({ i, at })))
  const texts = places.map(({ i, at }) => {
    const own = group === null ? '' : (rows[i]?.[group] ?? '')
    return { text: rows[i]?.[at] ?? '', group: own === '' ? job.group : `row ${own}` }
  })
  const results = await job.cleaner.clean(texts)
  for (const [n, { i, at }] of places.entries()) {
    const copy = copies[i]
    if (copy) copy[at] = results[n]?.text ?? ''
  }
  return copies
}
