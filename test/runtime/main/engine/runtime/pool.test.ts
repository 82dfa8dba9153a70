import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processMemory } from '../../../../../src/main/base/process-memory.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Program, Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { float } from '../../../../helpers/runtime-models.ts'
import { tinyModel } from '../../../../helpers/tiny-onnx.ts'

/** s = Σ exp(−x): two intermediate values of x's size. */
const model = tinyModel({
  nodes: [
    { op: 'Neg', inputs: ['x'], outputs: ['minus'] },
    { op: 'Exp', inputs: ['minus'], outputs: ['e'] },
    { op: 'ReduceSum', inputs: ['e'], outputs: ['s'] }
  ],
  inputs: [float('x', 'n')],
  outputs: [float('s', 1)]
})

const megabyte = 1e6

let runtime: Runtime
let program: Program
beforeAll(async () => {
  runtime = await openRuntime({ threads: 1, kind: 'c-api' })
  program = await runtime.load({ name: 'growing', model })
})
afterAll(() => runtime.dispose())

/** Runs on `bytes` of input, telling the runtime what the run needs if `isTold`. */
async function run(input: Float32Array<ArrayBuffer>, bytes: number, isTold: boolean): Promise<void> {
  const data = input.subarray(0, bytes / 4)
  const need = isTold ? { need: 2 * bytes } : {}
  await program.run({ inputs: { x: { type: 'float32', shape: [data.length], data } }, fetch: ['s'], ...need })
}

/** Bytes that growing runs leave behind in the pool. */
async function leftBehind(isTold: boolean): Promise<number> {
  await runtime.trim()
  const input = new Float32Array(100 * (megabyte / 4)).fill(1)
  const before = processMemory().own
  for (const size of [20, 40, 60, 80, 100]) await run(input, size * megabyte, isTold)
  return processMemory().own - before
}

describe.runIf(process.platform === 'linux')('the pool of intermediate values', () => {
  it('holds no more than the largest run takes, where runs say what they need', async () => {
    const untold = await leftBehind(false)
    const told = await leftBehind(true)
    // 100 MB twice, and what little the library needs besides.
    expect(told / megabyte).toBeLessThan(220)
    expect(told / megabyte).toBeGreaterThan(90)
    // The sizes of all runs lie side by side.
    expect(untold / megabyte).toBeGreaterThan(told / megabyte + 50)
  })

  it('goes back to the system when it is asked to', async () => {
    const input = new Float32Array(100 * (megabyte / 4)).fill(1)
    await runtime.trim()
    const before = processMemory().own
    await run(input, 100 * megabyte, true)
    expect(processMemory().own - before).toBeGreaterThan(90 * megabyte)
    await runtime.trim()
    expect(processMemory().own - before).toBeLessThan(10 * megabyte)
  })
})
