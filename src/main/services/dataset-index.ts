import type { DatasetId, ProjectId } from '../../preload/contract/common.ts'
import type { Roles, SplitSettings } from '../../preload/contract/data.ts'
import { assert } from '../base/assert.ts'
import type { DatasetIndex, StoredDataset } from '../data/datasets/datasets.ts'
import { STANDARD_SPLIT } from '../data/datasets/division.ts'
import {
  columnsOfDataset,
  findDataset,
  listDatasets,
  questionsOfDataset,
  saveDataset,
  saveQuestions,
  saveRoles,
  type DatasetQuestionRow,
  type DatasetRow,
  type RoleColumns
} from '../tracker/queries/datasets.ts'
import { findVersion, saveVersion, type DatasetVersionRow } from '../tracker/queries/dataset-versions.ts'
import type { WritableDb } from '../tracker/tracker.ts'

/** Data sets in the tracker. */
export function datasetIndex(db: WritableDb): DatasetIndex {
  return {
    list: () => listDatasets(db).map((row) => storedOf(db, row)),
    find: (id) => {
      const row = findDataset(db, id)
      return row && storedOf(db, row)
    },
    save: (dataset) =>
      db.transaction(() => {
        const { id, project, name, sample, columns, rows, readAs, roles, addedAt, file } = dataset
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
        )
        saveQuestions(db, id, questionRows(id, roles))
        saveVersion(db, versionRow(withDefaults(dataset)))
      }),
    saveChoices: (dataset) =>
      db.transaction(() => {
        saveRoles(db, dataset.id, roleColumns(dataset.roles))
        saveQuestions(db, dataset.id, questionRows(dataset.id, dataset.roles))
        saveVersion(db, versionRow(dataset))
      })
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

const questionRows = (id: string, { questions }: Pick<Roles, 'questions'>): readonly DatasetQuestionRow[] =>
  Object.entries(questions ?? {})
    .flatMap(([kind, wordings]) => wordings.map((question) => ({ kind, question })))
    .map((row, position) => ({ dataset_id: id, position, ...row }))

/** Null where a column holds the questions, and for every other task. */
function questionsOf(rows: readonly DatasetQuestionRow[]): NonNullable<Roles['questions']> | null {
  const byKind = new Map<string, string[]>()
  for (const { kind, question } of rows) byKind.set(kind, [...(byKind.get(kind) ?? []), question])
  return byKind.size === 0 ? null : Object.fromEntries(byKind)
}

/** A folder from before there were versions holds the first one of its file. */
function withDefaults(dataset: FormerDataset): StoredDataset {
  const { id, roles } = dataset
  const first = { root: id, parent: null, version: 1, note: null, hash: id.slice(2), kept: null, split: STANDARD_SPLIT }
  // As above: one from before rows were split by date or by folds.
  const split = { ...STANDARD_SPLIT, ...dataset.split }
  return { ...first, ...dataset, split, roles: { ...roles, separator: roles.separator ?? null } }
}

type Newer = 'root' | 'parent' | 'version' | 'note' | 'hash' | 'kept' | 'split'
type FormerDataset = Omit<StoredDataset, Newer | 'roles'> &
  Partial<Pick<StoredDataset, Newer>> & { readonly roles: Omit<Roles, 'separator'> & Partial<Pick<Roles, 'separator'>> }

function versionRow({ id, root, parent, version, note, hash, roles, split, kept }: StoredDataset): DatasetVersionRow {
  return {
    dataset_id: id,
    root_id: root,
    parent_id: parent,
    version,
    note,
    hash,
    label_separator: roles.separator,
    split_train: split.train,
    split_validation: split.validation,
    split_test: split.test,
    split_seed: split.seed,
    split_column: split.column,
    split_date: split.date,
    split_folds: split.folds,
    split_balance: split.balance,
    split_cap: split.cap,
    kept_column: kept?.column ?? null,
    kept_key: kept?.key ?? null
  }
}

function splitOf(row: DatasetVersionRow): SplitSettings {
  return {
    train: row.split_train,
    validation: row.split_validation,
    test: row.split_test,
    seed: row.split_seed,
    column: row.split_column,
    date: row.split_date,
    folds: row.split_folds,
    balance: row.split_balance,
    cap: row.split_cap
  }
}

function storedOf(db: WritableDb, row: DatasetRow): StoredDataset {
  const version = findVersion(db, row.id)
  assert(version, 'A data set is saved together with its version.')
  const questions = questionsOf(questionsOfDataset(db, row.id))
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
      ...(questions && { questions }),
      separator: version.label_separator,
      group: row.group_column,
      belonging: row.belonging
    },
    split: splitOf(version),
    // Minted by main, as its own id.
    root: version.root_id as DatasetId,
    parent: version.parent_id as DatasetId | null,
    version: version.version,
    note: version.note,
    addedAt: row.added_at,
    file: row.file,
    hash: version.hash,
    kept:
      version.kept_column === null || version.kept_key === null ? null : { column: version.kept_column, key: version.kept_key }
  }
}
