import { expect, test } from 'vitest'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { countOperations } from '../../../../../../src/main/engine/graph/passes/count-operations.ts'

test('counts two operations for each element and each of the numbers that it is summed from', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['rows', 'time', 8])
  const w = g.weight('w', 'float32', [8, 5])
  const y = g.matMul(x, w)
  g.output('y', g.relu(y))
  const count = countOperations(g.build())
  // 3·7 tokens, each 5 sums of 8 products.
  expect(count({ rows: 3, time: 7 })).toBe(2 * 3 * 7 * 5 * 8)
  expect(count({ rows: 6, time: 7 })).toBe(2 * 6 * 7 * 5 * 8)
})

test('counts products of activations, whose two sides both grow, and every one of several alike', () => {
  const g = new Ops({ training: false })
  const a = g.input('a', 'float32', ['rows', 'time', 4])
  const b = g.input('b', 'float32', ['rows', 4, 'time'])
  g.output('once', g.matMul(a, b))
  g.output('twice', g.matMul(g.relu(a), b))
  expect(countOperations(g.build())({ rows: 2, time: 10 })).toBe(2 * (2 * 2 * 10 * 10 * 4))
})

test('counts nothing where nothing is multiplied', () => {
  const g = new Ops({ training: false })
  g.output('y', g.relu(g.input('x', 'float32', ['n'])))
  expect(countOperations(g.build())({ n: 3 })).toBe(0)
})
