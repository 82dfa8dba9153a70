import type { DatasetId } from '../../../src/preload/contract/common.ts'
import type { DataEdit, DatasetSummary, DatasetVersion, Revision, SplitSettings } from '../../../src/preload/contract/data.ts'
import { reportOf } from './data.ts'

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
