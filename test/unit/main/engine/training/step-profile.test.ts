import { expect, it } from 'vitest'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { backward } from '../../../../../src/main/engine/autodiff/backward.ts'
import { readNodeTimes, tabulate } from '../../../../../src/main/engine/training/step-profile.ts'

const node = (name: string, ts: number, dur: number): object => ({ cat: 'Node', name: `${name}_kernel_time`, ts, dur, ph: 'X' })
const run = (ts: number): object => ({ cat: 'Session', name: 'model_run', ts, dur: 50, ph: 'X' })

it('reads the times of nodes from the profile, without the first runs', () => {
  const events = [
    { cat: 'Session', name: 'session_initialization', ts: 1, dur: 2 },
    ...[node('a', 11, 900), node('b', 12, 900), run(10)],
    ...[node('a', 111, 30), node('b', 112, 5), run(110)],
    ...[node('a', 211, 10), node('b', 212, 7), run(210)],
    { cat: 'Session', name: 'SequentialExecutor::Execute', ts: 211, dur: 40 },
    'no event'
  ]
  const { runs, times } = readNodeTimes(JSON.stringify(events), 1)
  expect(runs).toBe(2)
  expect([...times]).toEqual([
    ['a', [30, 10]],
    ['b', [5, 7]]
  ])
  expect(() => readNodeTimes('{}', 0)).toThrow('no list of events')
})

it('sums them by block, operator and part of the step, and counts matrix products', () => {
  const g = new Ops({ training: true })
  const x = g.input('x', 'float32', ['tokens', 8])
  const w = g.state('w', 'float32', [8, 4])
  const y = g.within('bert.encoder.layer.3.output.dense', () => g.matMul(x, w))
  const loss = g.within('loss', () => g.sumAll(g.mul(y, y)))
  const gradient = backward(g, loss, [w]).get(w)
  if (gradient) g.output('grad/w', gradient)
  g.output('loss', loss)
  const graph = g.build()
  // Every node takes 2 ms in each of two steps.
  const times = new Map(graph.nodes.map(({ name }) => [name, [2000, 2000]]))
  const { blocks, operators, milliseconds, parts } = tabulate(graph, { tokens: 10 }, times, 2)
  expect(milliseconds).toBeCloseTo(2 * graph.nodes.length, 9)
  expect(parts.forward + parts.recomputed + parts.backward).toBeCloseTo(milliseconds, 9)
  const forward = graph.nodes.filter(({ scope }) => !scope.includes('grad')).length
  expect(parts).toEqual({ forward: 2 * forward, recomputed: 0, backward: 2 * (graph.nodes.length - forward) })
  expect(blocks.map(({ name }) => name)).toEqual(expect.arrayContaining(['layer 3', 'loss']))
  expect(blocks.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
  // Both products, forward and for the weight, are of 10 × 8 × 4.
  const products = operators.filter(({ gflopPerSecond }) => gflopPerSecond !== null)
  const flop = products.reduce((sum, row) => sum + (row.gflopPerSecond ?? 0) * row.milliseconds * 1e6, 0)
  expect(flop).toBeCloseTo(2 * 2 * 10 * 8 * 4, 6)
  expect(operators.map((row) => row.milliseconds)).toEqual(operators.map((row) => row.milliseconds).toSorted((a, b) => b - a))
})
