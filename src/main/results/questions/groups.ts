import type { Groups } from '../../../preload/contract/results.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import { groupWords as words } from '../../report/review-words.ts'
import type { StoredAnswers } from '../../report/stored-answers.ts'
import { groupsByWish, type GroupWish } from '../group-ways.ts'
import { groupRows } from '../groups.ts'

/** What is measured in groups: a value for each question, NaN for those that it does not concern. */
export interface QuestionMetric {
  readonly id: string
  readonly title: string
  readonly values: Float64Array
}

/** Over all questions, over those with an answer and those without one, and over each that is asked of every document. */
export function questionMetrics({ questions, classNames }: StoredAnswers): readonly QuestionMetric[] {
  const metric = (
    id: string,
    title: string,
    valueOf: (question: StoredAnswers['questions'][number]) => number
  ): QuestionMetric => ({
    id,
    title,
    values: Float64Array.from(questions, valueOf)
  })
  return [
    metric('exact', words.answersExact, ({ exact }) => exact),
    metric('f1', words.answersF1, ({ f1 }) => f1),
    metric('has', words.answersHas, ({ exact, truth }) => (truth.length > 0 ? exact : NaN)),
    metric('none', words.answersNone, ({ exact, truth }) => (truth.length === 0 ? exact : NaN)),
    ...classNames.map((name) =>
      metric(`exact:${name}`, words.answersOf(name), ({ exact, question }) => (question === name ? exact : NaN))
    )
  ].filter(({ values }) => values.some((value) => !Number.isNaN(value)))
}

/** A metric of questions by the values of a column or by the length of the document. Documents, or what they belong to, are drawn together. */
export async function questionGroups(
  stored: StoredAnswers,
  dataset: string,
  datasets: Pick<Datasets, 'columnAt' | 'get'>,
  wish: GroupWish
): Promise<Groups> {
  const metrics = questionMetrics(stored)
  const lines = stored.questions.map(({ line }) => line)
  const { by, ways, metric, names } = await groupsByWish(dataset, datasets, lines, metrics, wish)
  const { rows, merged } = groupRows({ ...metric, isShare: true }, names, stored.groups)
  return { by, ways, metric: metric.id, metrics: metrics.map(({ id, title }) => ({ id, title, isShare: true })), rows, merged }
}
