import type { Curves } from '../../../../../preload/contract/runs.ts'
import { bounded } from './bounded.ts'

type Column = Curves['loss']
const NONE: Column = { step: [], value: [] }

export const EMPTY_CURVES: Curves = { loss: NONE, learningRate: NONE, memory: NONE, speed: NONE, evaluations: [] }

/** The curves with what came since, in as many points as a chart can show. Points that are there already, by their step, come only once. */
export function appended(base: Curves, news: readonly Curves[]): Curves {
  const column = (name: 'loss' | 'learningRate' | 'memory' | 'speed'): Column => joined([base, ...news].map((curves) => curves[name]))
  const last = base.evaluations.at(-1)?.step ?? -1
  const fresh = news.flatMap(({ evaluations }) => evaluations).filter(({ step }) => step > last)
  return {
    loss: column('loss'),
    learningRate: column('learningRate'),
    memory: column('memory'),
    speed: column('speed'),
    evaluations: [...base.evaluations, ...fresh]
  }
}

function joined([base = NONE, ...news]: readonly Column[]): Column {
  const step = [...base.step]
  const value = [...base.value]
  for (const column of news) {
    column.step.forEach((at, index) => {
      if (at <= (step.at(-1) ?? -Infinity)) return
      step.push(at)
      value.push(column.value[index] ?? Number.NaN)
    })
  }
  return bounded({ step, value })
}

/** One metric of the evaluations, as a curve. */
export function metricCurve({ evaluations }: Curves, metric: string): Column {
  const points = evaluations.filter(({ metrics }) => metrics[metric] !== undefined)
  return { step: points.map(({ step }) => step), value: points.map(({ metrics }) => metrics[metric] ?? Number.NaN) }
}
