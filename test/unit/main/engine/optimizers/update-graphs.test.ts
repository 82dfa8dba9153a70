import { describe, expect, it } from 'vitest'
import { printGraph } from '../../../../../src/main/engine/graph/print.ts'
import {
  buildNormGraph,
  buildUpdateGraph,
  updatedOutput,
  updateScalars
} from '../../../../../src/main/engine/optimizers/update-graphs.ts'
import { optimizerState } from '../../../../../src/main/engine/optimizers/state.ts'
import { evaluate } from '../../../../helpers/interpreter/index.ts'
import { optimizerCases, scalarsAt } from '../../../../helpers/optimizer-cases.ts'

const norm = buildNormGraph()

describe.each(optimizerCases)('$name in double precision', (record) => {
  const graph = buildUpdateGraph(record.optimizer)
  const slots = ['weight', ...optimizerState[record.optimizer].map(({ name }) => name)]

  it('follows torch.optim for ten steps, to 1e-10', () => {
    const state = record.start.map((weight) => ({
      ...Object.fromEntries(slots.map((name) => [name, new Array<number>(weight.length).fill(0)])),
      weight: [...weight]
    }))
    record.gradients.forEach((gradients, step) => {
      const squares = gradients.map(
        (grad) => evaluate(norm, { values: { grad }, sizes: { n: grad.length } })['sum']?.data[0] ?? NaN
      )
      const length = Math.sqrt(squares.reduce((sum, square) => sum + square, 0))
      expect(Math.abs(length - (record.norms[step] ?? NaN))).toBeLessThanOrEqual(1e-12 * length)
      gradients.forEach((grad, group) => {
        const scalars = Object.fromEntries(
          Object.entries(scalarsAt(record, step, group, length)).map(([name, value]) => [name, [value]])
        )
        const outputs = evaluate(graph, { values: { ...state[group], grad, ...scalars }, sizes: { n: grad.length } })
        for (const name of slots)
          Object.assign(state[group] ?? {}, { [name]: Array.from(outputs[updatedOutput(name)]?.data ?? []) })
        const expected = record.after[step]?.[group] ?? []
        expect(expected).toHaveLength(grad.length)
        expected.forEach((value, i) => {
          const error = Math.abs((state[group]?.weight[i] ?? NaN) - value)
          expect(error, `step ${step}, group ${group}, element ${i}`).toBeLessThanOrEqual(1e-10)
        })
      })
    })
  })

  it('asks for exactly the scalars that the host works out', () => {
    const given = Object.keys(
      updateScalars(record.optimizer, record.settings, { step: 1, learningRate: 1, weightDecay: 0, clipScale: 1 })
    )
    const wanted = graph.nodes.flatMap((node) =>
      node.inputs.flatMap((input) => (input?.source.kind === 'input' ? [input.name] : []))
    )
    expect([...new Set(wanted)].sort()).toEqual(given.sort())
  })
})

it('clips most of the recorded steps, but not all', () => {
  for (const { norms, max_norm: most } of optimizerCases) {
    expect(norms.some((length) => length > most)).toBe(true)
    expect(norms.some((length) => length < most)).toBe(true)
  }
})

it('prints AdamW as its formula reads', () => {
  const text = printGraph(buildUpdateGraph('adamw')).replaceAll(': float32[n]', '')
  expect(`${text}\n`).toMatchInlineSnapshot(`
    "Mul = Mul(weight, keep)
    Mul_2 = Mul(exp_avg, beta1)
    Mul_3 = Mul(grad, gradient_share)
    Add = Add(Mul_2, Mul_3)
    Mul_4 = Mul(exp_avg_sq, beta2)
    Mul_5 = Mul(grad, grad)
    Mul_6 = Mul(Mul_5, square_share)
    Add_2 = Add(Mul_4, Mul_6)
    Sqrt = Sqrt(Add_2)
    Add_3 = Add(Sqrt, epsilon)
    Div = Div(Add, Add_3)
    Mul_7 = Mul(Div, step_size)
    Sub = Sub(Mul, Mul_7)
    output new/exp_avg = Add
    output new/exp_avg_sq = Add_2
    output new/weight = Sub
    "
  `)
})
