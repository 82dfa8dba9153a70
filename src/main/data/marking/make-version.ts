import type { DatasetId } from '../../../preload/contract/common.ts'
import type { DataEdit, DatasetSummary } from '../../../preload/contract/data.ts'
import { counted } from '../../base/wording.ts'
import { renameNote } from '../datasets/edits.ts'
import { spansCell } from '../spans/span.ts'
import type { MarkEntry } from './entries.ts'
import { journalOf, openMarks, passagesOf, type MarkingData, type OpenMarks } from './open-marks.ts'
import { isSame, toSpans } from './passages.ts'
import { carried } from './standing.ts'

interface Changed {
  readonly cells: readonly { readonly line: number; readonly column: string; readonly value: string }[]
  readonly passages: number
}

/** The cells that would be other than they are. Characters are counted as Python does, see `spansCell`. */
async function changedCells(datasets: MarkingData, id: DatasetId, { book, column }: OpenMarks): Promise<Changed> {
  const { columns, roles, name: file } = datasets.get(id)
  const names = columns.map(({ name }) => name)
  const [text, marks] = [names.indexOf(roles.text ?? ''), names.indexOf(column)]
  const cells: { line: number; column: string; value: string }[] = []
  let passages = 0
  for await (const row of datasets.allRows(id)) {
    const { line } = row
    const [own, cell] = [row.cells[text] ?? '', row.cells[marks] ?? '']
    const result = book.resultAt(line)
    if (result === 'cell' && !book.kinds.isRenamed) continue
    const before = passagesOf(own, cell, { file, line, column })
    const after = result === 'cell' ? book.nowOf(before ?? []) : result
    if (after === null ? before === null : before !== null && isEqual(before, after)) continue
    cells.push({ line, column, value: after === null ? '' : spansCell(own, toSpans(after)) })
    passages += after?.length ?? 0
  }
  return { cells, passages }
}

const isEqual = (a: readonly Parameters<typeof isSame>[0][], b: readonly Parameters<typeof isSame>[0][]): boolean =>
  a.length === b.length && a.every((each, i) => isSame(each, b[i] ?? { start: -1, end: -1, kind: '' }))

/** What is learned from now on is what is marked. */
async function asMarks(datasets: MarkingData, made: DatasetSummary, column: string): Promise<DatasetSummary> {
  const { roles } = made
  const isUsed = roles.task === 'token-classification' || (roles.task === 'question-answering' && roles.questions != null)
  if (isUsed && roles.answer === column) return made
  await datasets.setRoles(made.id, { ...roles, task: 'token-classification', answer: column, textPair: null, separator: null })
  return datasets.get(made.id)
}

/** Makes a version of which the finished rows hold their marks; what is not finished goes on in its journal, and the one before has none any more. */
export async function makeVersion(datasets: MarkingData, id: DatasetId, open: OpenMarks): Promise<DatasetSummary> {
  const made = await makeBeside(datasets, id, open, ({ cells, passages }) => {
    return `${counted(cells.length, 'document')} marked (${counted(passages, 'passage')})`
  })
  await open.journal.remove()
  return made
}

/**
 * Gives kinds another name, in a version of its own: in the table, and in what is not in a version yet. The version before stays as it is, with its
 * journal: whoever goes back finds everything. Throws an InputError where nothing has these kinds.
 */
export async function renameKinds(
  datasets: MarkingData,
  id: DatasetId,
  { from, to }: { readonly from: readonly string[]; readonly to: string }
): Promise<DatasetSummary> {
  const open = await openMarks(datasets, id)
  if ((await open.journal.read()).length === 0) return renameInTable(datasets, id, open.column, { from, to })
  // This book is nobody else's: the journal of this version hears nothing of it.
  for (const name of from) open.book.apply({ do: 'rename', from: name, to })
  return makeBeside(datasets, id, open, ({ cells }) => `${renameNote({ from, to })} (${counted(cells.length, 'document')})`)
}

async function renameInTable(
  datasets: MarkingData,
  id: DatasetId,
  column: string,
  { from, to }: { readonly from: readonly string[]; readonly to: string }
): Promise<DatasetSummary> {
  const made = await datasets.revise({ id, edits: [{ kind: 'rename', column, from, to }], note: null })
  const next = journalOf(datasets, made.id)
  const others = from.filter((name) => name !== to)
  // The same change may have made this version before.
  if ((await next.read()).length === 0) await next.add(others.map((name) => ({ do: 'former', from: name, to })))
  return made
}

async function makeBeside(
  datasets: MarkingData,
  id: DatasetId,
  open: OpenMarks,
  noteOf: (changed: Changed) => string
): Promise<DatasetSummary> {
  const { column, isNewColumn, book } = open
  const changed = await changedCells(datasets, id, open)
  const { cells } = changed
  const edits: DataEdit[] = [...(isNewColumn ? [{ kind: 'add-column', column } as const] : []), { kind: 'set', cells }]
  const made = await datasets.revise({ id, edits, note: noteOf(changed) })
  const next = journalOf(datasets, made.id)
  // The same marks may have made this version before, and it may have been gone on with.
  const there = await next.read()
  const isThere = (entry: MarkEntry): boolean =>
    there.some((each) => 'line' in each && 'line' in entry && each.line === entry.line)
  await next.add(carried(book).filter((entry) => there.length === 0 || (entry.do === 'layer' && !isThere(entry))))
  return asMarks(datasets, made, column)
}
