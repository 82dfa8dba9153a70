import type { Curves, NewPoints } from '../../../../../preload/contract/runs.ts'
import { bounded } from './bounded.ts'

type Column = Curves['loss']
const NONE: Column = { step: [], value: [] }

export const EMPTY_CURVES: Curves = { loss: NONE, learningRate: NONE, memory: NONE, speed: NONE, evaluations: [] }

/**
 * The curves with what came since, in as many points as a chart can show. Points that are there already, by their step, come only once; where the
 * run went back, those after that step go.
 */
export function appended(base: Curves, news: readonly NewPoints[]): Curves {
  const back = news.findLastIndex(({ rewoundTo }) => rewoundTo !== undefined)
  const rewoundTo = news[back]?.rewoundTo
  return rewoundTo === undefined ? added(base, news) : added(until(added(base, news.slice(0, back)), rewoundTo), news.slice(back))
}

/** The points up to a step. */
function until({ loss, learningRate, memory, speed, evaluations }: Curves, last: number): Curves {
  const column = ({ step, value }: Column): Column => {
    const kept = step.filter((at) => at <= last).length
    return { step: step.slice(0, kept), value: value.slice(0, kept) }
  }
  return {
    loss: column(loss),
    learningRate: column(learningRate),
    memory: column(memory),
    speed: column(speed),
    evaluations: evaluations.filter(({ step }) => step <= last)
  }
}

function added(base: Curves, news: readonly Curves[]): Curves {
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
