import { describe, expect, it } from 'vitest'
import { backward } from '../../../../../src/main/engine/autodiff/backward.ts'
import { rules } from '../../../../../src/main/engine/autodiff/rules/index.ts'
import { eliminateDead } from '../../../../../src/main/engine/graph/passes/eliminate-dead.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { bindShape } from '../../../../../src/main/engine/graph/shapes.ts'
import type { Graph, Value } from '../../../../../src/main/engine/graph/types.ts'
import { verifyGraph } from '../../../../../src/main/engine/graph/verify.ts'
import { evaluate } from '../../../../helpers/interpreter/index.ts'
import { draw } from '../../../../helpers/samples.ts'
import { gradientCases, type GradientCase } from './gradient-cases.ts'

interface Built {
  readonly graph: Graph
  /** Numbers of the inputs `x0`, `x1`, … and of the weights `r` of the loss. */
  readonly values: Readonly<Record<string, Float64Array>>
}

/** loss = Σ r·f(x…) with random r, and its gradient `d<name>` for each input of `wanted`. */
function build({ name, shapes, sizes = {}, sample, given = {}, f }: GradientCase, wanted: readonly number[]): Built {
  const g = new Ops({ training: false })
  const inputs = shapes.map((shape, i) => g.state(`x${i}`, 'float32', shape))
  const y = g.within('f', () => f(g, ...inputs))
  const loss = g.sumAll(g.mul(y, g.input('r', 'float32', y.shape)))
  const chosen = inputs.filter((_, i) => wanted.includes(i))
  const gradients = backward(g, loss, chosen)
  g.output('loss', loss)
  for (const [input, gradient] of gradients) g.output(`d${input.name}`, gradient)
  const graph = g.build()
  verifyGraph(graph)
  const count = (shape: readonly (number | string)[]): number =>
    bindShape(shape, sizes).reduce((product, size) => product * size, 1)
  const values = shapes.map((shape, i) => {
    const numbers = given[i] ? Float64Array.from(given[i]) : draw(`${name}/x${i}`, count(shape), sample)
    return [`x${i}`, numbers] as const
  })
  return { graph, values: { ...Object.fromEntries(values), r: draw(`${name}/r`, count(y.shape)) } }
}

const step = 1e-5

/** Agreement to 1e-6, relative; numbers below a hundredth are held to 1e-8. */
function expectClose(found: number, expected: number, what: string): void {
  expect(Math.abs(found - expected), `${what}: ${found} should be ${expected}`).toBeLessThanOrEqual(
    1e-6 * Math.max(Math.abs(expected), 1e-2)
  )
}

describe.each(gradientCases)('the gradient of $name', (row) => {
  const all = row.shapes.map((_, i) => i)
  const { graph, values } = build(row, all)
  const sizes = row.sizes ?? {}
  const forward = eliminateDead({ nodes: graph.nodes, outputs: new Map([...graph.outputs].filter(([name]) => name === 'loss')) })
  const lossAt = (moved: Readonly<Record<string, Float64Array>>): number =>
    evaluate(forward, { values: { ...values, ...moved }, sizes })['loss']?.data[0] ?? NaN
  const slope = (direction: Readonly<Record<string, Float64Array>>): number => {
    const shifted = (h: number): Record<string, Float64Array> =>
      Object.fromEntries(
        Object.entries(direction).map(([name, d]) => [name, (values[name] ?? d).map((x, i) => x + h * (d[i] ?? 0))])
      )
    return (lossAt(shifted(step)) - lossAt(shifted(-step))) / (2 * step)
  }
  const outputs = evaluate(graph, { values, sizes })
  const gradient = (i: number): Float64Array => outputs[`dx${i}`]?.data ?? new Float64Array()

  it('equals the slope of the loss for each element', () => {
    for (const i of all) {
      const count = values[`x${i}`]?.length ?? 0
      expect(gradient(i)).toHaveLength(count)
      for (let at = 0; at < count; at++) {
        const direction = new Float64Array(count)
        direction[at] = 1
        expectClose(gradient(i)[at] ?? NaN, slope({ [`x${i}`]: direction }), `dx${i}[${at}]`)
      }
    }
  })

  it('equals the slope of the loss along random directions of all inputs', () => {
    for (const trial of [1, 2, 3]) {
      const directions = Object.fromEntries(
        all.map((i) => [`x${i}`, draw(`${row.name}/direction ${trial}/x${i}`, values[`x${i}`]?.length ?? 0)])
      )
      const predicted = all.reduce(
        (sum, i) => sum + gradient(i).reduce((part, slopeOf, at) => part + slopeOf * (directions[`x${i}`]?.[at] ?? 0), 0),
        0
      )
      expectClose(predicted, slope(directions), `direction ${trial}`)
    }
  })

  it('adds no node that nobody needs, whichever inputs are asked for', () => {
    for (const wanted of [...all.map((i) => [i]), all]) {
      const pruned = build(row, wanted).graph
      const alive = new Set(eliminateDead(pruned).nodes)
      expect(pruned.nodes.filter((node) => !alive.has(node)).map((node) => node.name)).toEqual([])
    }
  })
})

describe('the gradient rules', () => {
  it('are each covered by a row above', () => {
    const covered = new Set(
      gradientCases.flatMap((row) => {
        const g = new Ops({ training: false })
        row.f(g, ...row.shapes.map((shape, i) => g.state(`x${i}`, 'float32', shape)))
        return g.nodes.map((node) => node.op.type)
      })
    )
    expect(rules.map((rule) => rule.op.type).filter((type) => !covered.has(type))).toEqual([])
  })

  const gradientOf = (numbers: readonly number[], f: (g: Ops, x: Value) => Value): number[] => {
    const g = new Ops({ training: false })
    const x = g.state('x', 'float32', [numbers.length])
    const [gradient] = backward(g, g.sumAll(f(g, x)), [x]).values()
    if (gradient) g.output('dx', gradient)
    return Array.from(evaluate(g.build(), { values: { x: numbers } })['dx']?.data ?? [])
  }

  it('share a maximum among three equal elements, as torch.amax does', () => {
    expect(gradientOf([5, 1, 5, 5], (g, x) => g.reduceMax(x, [0]))).toEqual([1 / 3, 0, 1 / 3, 1 / 3])
  })

  it('take zero for Relu and Abs at zero, as torch does', () => {
    expect(gradientOf([0, 1, -1], (g, x) => g.relu(x))).toEqual([0, 1, 0])
    expect(gradientOf([0, 2, -3], (g, x) => g.abs(x))).toEqual([0, 1, -1])
  })

  it('give zero for a zeroth power at zero, not 0 · ∞', () => {
    expect(gradientOf([0, 2], (g, x) => g.pow(x, g.scalar(0)))).toEqual([0, 0])
  })
})
