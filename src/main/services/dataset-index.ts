import type { DatasetId, ProjectId } from '../../preload/contract/common.ts'
import type { Roles } from '../../preload/contract/data.ts'
import type { DatasetIndex, StoredDataset } from '../data/datasets/datasets.ts'
import {
  columnsOfDataset,
  findDataset,
  listDatasets,
  saveDataset,
  saveRoles,
  type DatasetRow,
  type RoleColumns
} from '../tracker/queries/datasets.ts'
import type { WritableDb } from '../tracker/tracker.ts'

/** Data sets in the tracker. */
export function datasetIndex(db: WritableDb): DatasetIndex {
  return {
    list: () => listDatasets(db).map((row) => storedOf(db, row)),
    find: (id) => {
      const row = findDataset(db, id)
      return row && storedOf(db, row)
    },
    save: ({ id, project, name, sample, columns, rows, readAs, roles, addedAt, file }) =>
      saveDataset(
        db,
        { id, project_id: project, name, sample, file, rows, ...readAs, ...roleColumns(roles), added_at: addedAt, ...outside },
        columns.map(({ name: column, looksLike, distinct, empty }, position) => ({
          dataset_id: id,
          position,
          name: column,
          looks_like: looksLike,
          distinct_values: distinct,
          empty_cells: empty
        }))
      ),
    saveRoles: (id, roles) => saveRoles(db, id, roleColumns(roles))
  }
}

/** Not in the bin. */
const outside = { discarded_at: null, discarded_with: null }

const roleColumns = ({ task, text, textPair, answer, group, belonging }: Roles): RoleColumns => ({
  task,
  text_column: text,
  pair_column: textPair,
  answer_column: answer,
  group_column: group,
  belonging
})

function storedOf(db: WritableDb, row: DatasetRow): StoredDataset {
  return {
    id: row.id as DatasetId, // Minted by main; it only travelled through the database.
    project: row.project_id as ProjectId, // As above.
    name: row.name,
    sample: row.sample,
    columns: columnsOfDataset(db, row.id).map(({ name, looks_like, distinct_values, empty_cells }) => ({
      name,
      looksLike: looks_like,
      distinct: distinct_values,
      empty: empty_cells
    })),
    rows: row.rows,
    readAs: { encoding: row.encoding, delimiter: row.delimiter },
    roles: {
      task: row.task,
      text: row.text_column,
      textPair: row.pair_column,
      answer: row.answer_column,
      group: row.group_column,
      belonging: row.belonging
    },
    addedAt: row.added_at,
    file: row.file
  }
}
