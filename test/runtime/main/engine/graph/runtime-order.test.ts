import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { orderForBackward, runtimeOrder } from '../../../../../src/main/engine/graph/passes/runtime-order.ts'
import { backward } from '../../../../../src/main/engine/autodiff/backward.ts'
import type { Graph } from '../../../../../src/main/engine/graph/types.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { HostTensor, Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { loadedForm, loadGraph } from '../../../../../src/main/engine/training/feeding.ts'

let runtime: Runtime
let folder: string
beforeAll(async () => {
  runtime = await openRuntime({ threads: 2 })
  folder = await mkdtemp(join(tmpdir(), 'attune-order-'))
})
afterAll(async () => {
  await runtime.dispose()
  await rm(folder, { recursive: true })
})

const sizes = { tokens: 6 }
const weights = ['w0', 'w1', 'w2']

/** Three layers with their gradients: branches, values read by both passes, several leaves. */
function graphOf(isOrdered: boolean): Graph {
  const g = new Ops({ training: true })
  const seed = g.input('seed', 'float32', [])
  const trained = weights.map((name) => g.input(name, 'float32', [4, 4]))
  let h = g.input('x', 'float32', ['tokens', 4])
  trained.forEach((w, layer) => {
    h = g.within(`layer.${layer}`, () => g.add(g.dropout(g.gelu(g.gemm(h, w, { transB: true })), 0.5), h))
  })
  const gradients = backward(g, g.mul(g.sumAll(g.softmax(h)), seed), trained)
  weights.forEach((name, i) => {
    const gradient = gradients.get(trained[i]!)
    if (gradient) g.output(`grad/${name}`, gradient)
  })
  const graph = g.build()
  return isOrdered ? orderForBackward(graph, seed) : graph
}

it.each([false, true])(
  'ONNX Runtime executes nodes in the order we work out (ordered for the backward pass: %s)',
  async (isOrdered) => {
    const graph = graphOf(isOrdered)
    const profile = join(folder, `profile-${isOrdered}`)
    const state = (): never => {
      throw new Error('the graph has no state')
    }
    const { program, feed } = await loadGraph(runtime, graph, { name: 'order', weights: null, state, profile })
    const floats = (shape: readonly number[]): HostTensor => {
      const size = shape.reduce((product, length) => product * length, 1)
      return { type: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => Math.sin(i)) }
    }
    const masks = weights.map((_, i): [string, HostTensor] => [
      `dropout/layer.${i}`,
      { type: 'uint8', shape: [6, 4], data: new Uint8Array(24).fill(1) }
    ])
    const inputs = {
      x: floats([6, 4]),
      seed: floats([]),
      ...Object.fromEntries([...weights.map((name) => [name, floats([4, 4])]), ...masks])
    }
    await program.run({ inputs: feed({ sizes, inputs }), fetch: weights.map((name) => `grad/${name}`) })
    const path = await program.endProfile()
    await program.dispose()
    // The runtime's own format: one event a node and kernel, in order.
    const events = JSON.parse(await readFile(path ?? '', 'utf8')) as readonly { readonly cat?: string; readonly name: string }[]
    const suffix = '_kernel_time'
    const ran = events
      .filter(({ cat, name }) => cat === 'Node' && name.endsWith(suffix))
      .map(({ name }) => name.slice(0, -suffix.length))
    expect(ran).toEqual(runtimeOrder(loadedForm(runtime, graph)).map(({ name }) => name))
  }
)
