import type { Groups } from '../../../preload/contract/results.ts'
import { InputError } from '../../base/errors.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import { isSameMark } from '../../engine/evaluation/index.ts'
import type { StoredPassages } from '../../report/passages.ts'
import { groupWords as words } from '../../report/review-words.ts'
import { lengthGroups } from '../../report/subgroups.ts'
import { groupColumns } from '../group-ways.ts'
import { groupRows } from '../groups.ts'

const LENGTH = 'length'

/** What is measured in groups: a 0 or 1 for each passage, and the place of its document. */
interface PassageMetric {
  readonly id: string
  readonly title: string
  readonly values: readonly number[]
  readonly documents: readonly number[]
}

/** Of the documents whether all is right; of the passages there whether each was found, all and by kind; of those said whether each is right. */
export function passageMetrics({ types, documents }: StoredPassages): readonly PassageMetric[] {
  const metric = (
    id: string,
    title: string,
    valuesOf: (document: StoredPassages['documents'][number]) => readonly boolean[]
  ): PassageMetric => {
    const each = documents.flatMap((document, place) => valuesOf(document).map((value) => ({ value: Number(value), place })))
    return { id, title, values: each.map(({ value }) => value), documents: each.map(({ place }) => place) }
  }
  return [
    metric('found', words.passagesFound, ({ truth, said }) => truth.map((mark) => said.some((each) => isSameMark(each, mark)))),
    metric('right', words.passagesRight, ({ truth, said }) => said.map((mark) => truth.some((each) => isSameMark(each, mark)))),
    metric('flawless', words.flawless, ({ truth, said }) => [
      truth.length === said.length && truth.every((mark) => said.some((each) => isSameMark(each, mark)))
    ]),
    ...types.map((type) =>
      metric(`found:${type}`, words.found(type), ({ truth, said }) =>
        truth.filter(({ label }) => label === type).map((mark) => said.some((each) => isSameMark(each, mark)))
      )
    )
  ]
}

/** A metric of passages by the values of a column or by the length of the text. Documents, or what they belong to, are drawn together. */
export async function passageGroups(
  stored: StoredPassages,
  dataset: string,
  datasets: Pick<Datasets, 'columnAt' | 'get'>,
  wish: { readonly by: string | null; readonly metric: string | null }
): Promise<Groups> {
  const summary = datasets.get(dataset)
  const { text, answer } = summary.roles
  const named = groupColumns(summary).filter(({ name }) => name !== answer)
  const ways = [...named.map(({ name }) => ({ id: `column:${name}`, title: name })), { id: LENGTH, title: words.length }]
  const by = ways.find(({ id }) => id === wish.by)?.id ?? ways[0]?.id ?? LENGTH
  const metrics = passageMetrics(stored)
  const metric = metrics.find(({ id }) => id === wish.metric) ?? metrics[0]
  const column = by === LENGTH ? text : by.slice('column:'.length)
  if (!metric || column === null)
    throw new InputError('dataset-textless', 'The data have no text column any more. Choose it on the Data screen.')
  const lines = stored.documents.map(({ line }) => line)
  const cells = await datasets.columnAt(dataset, column, lines)
  const values = lines.map((line) => (cells.get(line) ?? '').trim())
  const names = by === LENGTH ? lengthGroups(values) : values
  const units = metric.documents.map((place) => stored.groups?.[place] ?? place)
  const { rows, merged } = groupRows(
    { id: metric.id, title: metric.title, isShare: true, values: Float64Array.from(metric.values) },
    metric.documents.map((place) => names[place] ?? ''),
    units
  )
  return { by, ways, metric: metric.id, metrics: metrics.map(({ id, title }) => ({ id, title, isShare: true })), rows, merged }
}
