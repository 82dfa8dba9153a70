import type { Curves } from '../../../../../preload/contract/runs.ts'

type Column = Curves['loss']
const NONE: Column = { step: [], value: [] }

export const EMPTY_CURVES: Curves = { loss: NONE, learningRate: NONE, memory: NONE, speed: NONE, evaluations: [] }

/** The curves with what came since. Points that are there already, by their step, come only once. */
export function appended(base: Curves, news: readonly Curves[]): Curves {
  if (news.length === 0) return base
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

function joined(columns: readonly Column[]): Column {
  const step: number[] = []
  const value: number[] = []
  for (const column of columns) {
    column.step.forEach((at, index) => {
      if (at <= (step.at(-1) ?? -1)) return
      step.push(at)
      value.push(column.value[index] ?? Number.NaN)
    })
  }
  return { step, value }
}

/** One metric of the evaluations, as a curve. */
export function metricCurve({ evaluations }: Curves, metric: string): Column {
  const points = evaluations.filter(({ metrics }) => metrics[metric] !== undefined)
  return { step: points.map(({ step }) => step), value: points.map(({ metrics }) => metrics[metric] ?? Number.NaN) }
}
