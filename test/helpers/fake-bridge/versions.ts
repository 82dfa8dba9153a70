import type { DatasetId } from '../../../src/preload/contract/common.ts'
import type { DataEdit, DatasetSummary, DatasetVersion, Revision, SplitSettings } from '../../../src/preload/contract/data.ts'
import { reportOf, rowAt } from './data.ts'

const previewOf = ({ read }: { read: { delimiter?: string } }) => {
  if (read.delimiter === '|') throw new Error('clinical-letters.csv has one column only when its cells are divided by a bar.')
  return {
    columns: ['patient_id', 'letter', 'urgency'],
    rows: Array.from({ length: 8 }, (_, n) => rowAt(n)),
    encoding: 'utf-8',
    delimiter: read.delimiter ?? ',',
    kind: 'delimited',
    sheets: []
  }
}

/** Versions of the fake's tables: each has the rows of the one that it was made from. */
export function versionHandlers(all: () => readonly DatasetSummary[], add: (summary: DatasetSummary) => DatasetSummary) {
  const summaryOf = (id: DatasetId): DatasetSummary => all().find((one) => one.id === id)!
  const family = (id: DatasetId): readonly DatasetSummary[] =>
    all()
      .filter(({ root }) => root === summaryOf(id).root)
      .toSorted((a, b) => a.version - b.version)
  return {
    versions: (id: DatasetId): readonly DatasetVersion[] => family(id),
    revise: ({ id, edits, note }: Revision): DatasetSummary => {
      const version = (family(id).at(-1)?.version ?? 0) + 1
      const parent = summaryOf(id)
      return add({
        ...parent,
        id: `${parent.root}-${version}` as DatasetId,
        parent: id,
        version,
        note: note ?? edits.map(noteOf).join(', ')
      })
    },
    findingRows: ({ code, from, count }: { code: string; from: number; count: number }) => {
      const places = Array.from({ length: 14 }, (_, n) => 3 + 75 * n).slice(from, from + count)
      const remark = code === 'doubtful-labels' ? 'urgent (91 %) rather than routine (4 %)' : null
      const remarks = remark && places.map(() => remark)
      return { from, total: 14, lines: places.map((n) => n + 2), rows: places.map(rowAt), remarks }
    },
    fix: ({ id, fix }: { id: DatasetId; fix: string }): DatasetSummary => {
      const parent = summaryOf(id)
      const version = (family(id).at(-1)?.version ?? 0) + 1
      const note = fix === 'drop' ? '14 rows dropped' : "'Soon' renamed to 'soon' (3 rows)"
      return add({ ...parent, id: `${parent.root}-${version}` as DatasetId, parent: id, version, note })
    },
    testOn: ({ id, test }: { id: DatasetId; test: DatasetId }): DatasetSummary => {
      const parent = summaryOf(id)
      const version = (family(id).at(-1)?.version ?? 0) + 1
      const note = `120 rows of ${summaryOf(test).name} are the test, 3 rows that repeat one of them dropped`
      return add({ ...parent, id: `${parent.root}-${version}` as DatasetId, parent: id, version, note })
    },
    preview: previewOf,
    previewFile: previewOf,
    reread: ({ id }: { id: DatasetId }): DatasetSummary => {
      const parent = summaryOf(id)
      return add({
        ...parent,
        id: `${parent.root}-9` as DatasetId,
        parent: id,
        version: 9,
        note: 'Read as Windows-1252, cells divided by semicolon'
      })
    },
    setSplit: ({ id, split }: { id: DatasetId; split: SplitSettings }) => {
      add({ ...summaryOf(id), split })
      return reportOf(summaryOf(id), summaryOf(id).roles)
    }
  }
}

function noteOf(edit: DataEdit): string {
  if (edit.kind === 'set') return `${edit.cells.length} labels corrected`
  if (edit.kind === 'drop') return `${edit.lines.length} rows dropped`
  return edit.kind === 'rename' ? `'${edit.from.join("', '")}' renamed to '${edit.to}'` : edit.kind
}
