import { afterAll, beforeAll, expect, it } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { writeModel } from '../../../../../src/main/engine/graph/onnx/write-model.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { skipPadding } from '../../../../../src/main/engine/graph/passes/skip-padding.ts'
import type { Graph } from '../../../../../src/main/engine/graph/types.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Program, Runtime } from '../../../../../src/main/engine/runtime/port.ts'

const [rows, heads, time] = [3, 2, 17]

let runtime: Runtime
beforeAll(async () => void (runtime = await openRuntime({ threads: 2 })))
afterAll(() => runtime.dispose())

/** Attention's probabilities from scores, and what is made of them. */
function probabilities(): Graph {
  const g = new Ops({ training: false })
  const scores = g.input('scores', 'float32', ['rows', heads, 'time', 'time'])
  const bias = g.input('bias', 'float32', ['rows', 1, 1, 'time'])
  const P = g.softmax(g.add(g.scale(scores, 2), bias))
  g.output('P', P)
  g.output('twice', g.add(P, P))
  return g.build()
}

const load = (graph: Graph): Promise<Program> =>
  runtime.load({ name: 'probabilities', model: writeModel(graph, () => expect.unreachable('no weights')) })

it('gives the same bits as the sum, whether a batch is padded or not, in any order', async () => {
  const graph = probabilities()
  const skipping = skipPadding(graph)
  expect(skipping.nodes.map(({ op }) => op.type)).toContain('If')
  const [plain, either] = [await load(graph), await load(skipping)]
  const random = new Random(1, 'scores')
  const scores = Float32Array.from({ length: rows * heads * time * time }, () => random.normal())
  const seen: string[] = []
  for (const padded of [0, 3, 0, 16]) {
    const bias = Float32Array.from({ length: rows * time }, (_, i) => (i % time >= time - padded ? -3.4028234663852886e38 : 0))
    const inputs = {
      scores: { type: 'float32', shape: [rows, heads, time, time], data: scores },
      bias: { type: 'float32', shape: [rows, 1, 1, time], data: bias }
    } as const
    const [expected, found] = await Promise.all([plain, either].map((program) => program.run({ inputs, fetch: ['P', 'twice'] })))
    expect(found).toEqual(expected)
    seen.push(String(found?.['P']?.data[0]))
  }
  expect(seen[0]).toBe(seen[2])
  expect(new Set(seen).size).toBe(3)
  await Promise.all([plain.dispose(), either.dispose()])
})
