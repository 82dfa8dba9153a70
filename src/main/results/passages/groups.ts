import type { Groups } from '../../../preload/contract/results.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import { isSameMark } from '../../engine/evaluation/index.ts'
import type { StoredPassages } from '../../report/passages.ts'
import { groupWords as words } from '../../report/review-words.ts'
import { groupsByWish, type GroupWish } from '../group-ways.ts'
import { groupRows } from '../groups.ts'

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
  wish: GroupWish
): Promise<Groups> {
  const metrics = passageMetrics(stored)
  const lines = stored.documents.map(({ line }) => line)
  const { by, ways, metric, names } = await groupsByWish(dataset, datasets, lines, metrics, wish)
  const units = metric.documents.map((place) => stored.groups?.[place] ?? place)
  const { rows, merged } = groupRows(
    { id: metric.id, title: metric.title, isShare: true, values: Float64Array.from(metric.values) },
    metric.documents.map((place) => names[place] ?? ''),
    units
  )
  return { by, ways, metric: metric.id, metrics: metrics.map(({ id, title }) => ({ id, title, isShare: true })), rows, merged }
}
