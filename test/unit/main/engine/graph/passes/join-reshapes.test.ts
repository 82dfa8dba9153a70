import { expect, it } from 'vitest'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { joinReshapes } from '../../../../../../src/main/engine/graph/passes/join-reshapes.ts'
import type { Graph } from '../../../../../../src/main/engine/graph/types.ts'

const made = (graph: Graph): string[] =>
  graph.nodes.map(({ op, outputs: [y], inputs: [x] }) => `${op.type} [${x?.shape.join()}] → [${y?.shape.join()}]`)

it('makes one reshape of several in a row, through the shapes of blocks, too', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['rows', 'time', 384])
  const blocks = g.reshape(g.reshape(x, ['tokens', 384]), ['blocks', 'block', 384])
  g.output('y', g.relu(g.reshape(blocks, ['rows', 'time', 12, 32])))
  expect(made(joinReshapes(g.build()))).toEqual([
    'Reshape [rows,time,384] → [rows,time,12,32]',
    'Relu [rows,time,12,32] → [rows,time,12,32]'
  ])
})

it('leaves out a reshape that changes nothing, alone or there and back', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['tokens', 384])
  const back = g.reshape(g.reshape(x, ['rows', 'time', 384]), ['tokens', 384])
  g.output('y', g.relu(g.reshape(back, ['tokens', 384])))
  expect(made(joinReshapes(g.build()))).toEqual(['Relu [tokens,384] → [tokens,384]'])
})

it('keeps a shape that something else reads, and the shapes of outputs', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['rows', 'time', 8])
  const flat = g.reshape(x, ['tokens', 8])
  g.output('flat', g.relu(flat))
  g.output('heads', g.reshape(flat, ['rows', 'time', 2, 4]))
  const joined = joinReshapes(g.build())
  expect(made(joined)).toEqual([
    'Reshape [rows,time,8] → [tokens,8]',
    'Relu [tokens,8] → [tokens,8]',
    'Reshape [rows,time,8] → [rows,time,2,4]'
  ])
  expect(joined.outputs.get('heads')?.shape).toEqual(['rows', 'time', 2, 4])
})

it('keeps what makes the runtime wait for another value', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['tokens', 8])
  const waiting = g.after(g.relu(x), g.exp(x))
  g.output('y', g.reshape(waiting, ['rows', 'time', 8]))
  expect(made(joinReshapes(g.build())).map((each) => each.split(' ')[0])).toEqual(['Relu', 'Exp', 'Shape', 'Reshape', 'Reshape'])
})
