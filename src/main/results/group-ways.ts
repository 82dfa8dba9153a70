import type { DatasetSummary } from '../../preload/contract/data.ts'
import type { Groups } from '../../preload/contract/results.ts'
import { InputError } from '../base/errors.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { StoredPredictions } from '../report/predictions.ts'
import { groupWords as words } from '../report/review-words.ts'
import { lengthGroups } from '../report/subgroups.ts'
import { groupRows, rowMetrics } from './groups.ts'

/** Columns with more different values are no groups. */
const MOST_VALUES = 20
const LENGTH = 'length'

/** Columns whose values make groups of rows: neither texts nor ids. */
export const groupColumns = ({ columns, roles }: Pick<DatasetSummary, 'columns' | 'roles'>): DatasetSummary['columns'] =>
  columns.filter(
    ({ name, distinct }) =>
      name !== roles.text && name !== roles.textPair && distinct !== null && distinct > 1 && distinct <= MOST_VALUES
  )

export interface GroupWish {
  readonly by: string | null
  readonly metric: string | null
}

interface Named {
  readonly id: string
  readonly title: string
}

/**
 * By what rows are grouped and what is measured, as wished or the first of each, and the group of every row that starts at one of `lines`.
 * @throws InputError where there is no metric, or no text to group by
 */
export async function groupsByWish<M extends Named>(
  dataset: string,
  datasets: Pick<Datasets, 'get' | 'columnAt'>,
  lines: readonly number[],
  metrics: readonly M[],
  wish: GroupWish
): Promise<Pick<Groups, 'by' | 'ways'> & { readonly metric: M; readonly names: readonly string[] }> {
  const summary = datasets.get(dataset)
  const { task, text, answer } = summary.roles
  const isListed = task === 'text-classification' || task === 'regression'
  // The cells of marks and answers are no groups.
  const named = groupColumns(summary).filter(({ name }) => isListed || name !== answer)
  const ways = [...named.map(({ name }) => ({ id: `column:${name}`, title: name })), { id: LENGTH, title: words.length }]
  const by = ways.find(({ id }) => id === wish.by)?.id ?? ways[0]?.id ?? LENGTH
  const metric = metrics.find(({ id }) => id === wish.metric) ?? metrics[0]
  if (!metric) throw new InputError('groups-metric', 'Nothing can be measured of the rows of this run.')
  const column = by === LENGTH ? text : by.slice('column:'.length)
  if (column === null)
    throw new InputError('dataset-textless', 'The data have no text column any more. Choose it on the Data screen.')
  const cells = await datasets.columnAt(dataset, column, lines)
  const values = lines.map((line) => (cells.get(line) ?? '').trim())
  return { by, ways, metric, names: by === LENGTH ? lengthGroups(values) : values }
}

/** A metric of the test by the values of a column or by the length of the text. */
export async function groupsOf(
  stored: StoredPredictions,
  dataset: string,
  datasets: Pick<Datasets, 'get' | 'columnAt'>,
  wish: GroupWish
): Promise<Groups> {
  const metrics = rowMetrics(stored)
  const { by, ways, metric, names } = await groupsByWish(dataset, datasets, stored.lines, metrics, wish)
  const { rows, merged } = groupRows(metric, names, stored.groups)
  return { by, ways, metric: metric.id, metrics: metrics.map(({ id, title, isShare }) => ({ id, title, isShare })), rows, merged }
}
