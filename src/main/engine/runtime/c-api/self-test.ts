import { messageOf } from '../../../base/errors.ts'
import type { Runtime } from '../port.ts'
import type { Environment } from './environment.ts'

/**
 * The graph `next = weight - rate * gradient` over float32[4], opset 18, as test/helpers/tiny-onnx.ts encodes it (a test compares them).
 * A constant, so that the test of the bindings depends on nothing else.
 */
export const selfTestModel =
  'CAk6lAEKHQoIZ3JhZGllbnQKBHJhdGUSBmNoYW5nZSIDTXVsChsKBndlaWdodAoGY2hhbmdlEgRuZXh0IgNTdWISBHRpbnlaFAoGd2VpZ2h0EgoKCAgBEgQK' +
  'AggEWhYKCGdyYWRpZW50EgoKCAgBEgQKAggEWg4KBHJhdGUSBgoECAESAGISCgRuZXh0EgoKCAgBEgQKAggEQgIQEkIRCg1jb20ubWljcm9zb2Z0EAE='

/**
 * A known answer, computed in place: proves that the functions stand where the table says, that tensors lie over JavaScript's memory, and that an
 * output may be an input. A mistake that crashes is beyond it; one that computes nonsense is not.
 * @throws Error that says what came out instead.
 */
export async function selfTest(version: string, open: () => Runtime, environment: Environment): Promise<void> {
  if (!version.startsWith('1.30.'))
    throw new Error(`ONNX Runtime ${version} is not the version that the C API bindings are written for (1.30).`)
  try {
    await compute(open())
  } catch (error) {
    // Where the environment was made without a thread pool, sessions that want to share one are refused.
    if (!environment.shared || !/thread ?pool/i.test(messageOf(error))) throw error
    environment.shared = false
    await compute(open())
  }
}

async function compute(runtime: Runtime): Promise<void> {
  const program = await runtime.load({ name: 'self-test', model: Buffer.from(selfTestModel, 'base64') })
  try {
    const state = runtime.allocate('float32', [8])
    await state.write(Float32Array.of(9, 9, 1, 2, 3, 4, 9, 9))
    const weight = state.view(2, [4])
    const gradient = { type: 'float32', shape: [4], data: Float32Array.of(2, 4, -8, 0) } as const
    const rate = { type: 'float32', shape: [], data: Float32Array.of(0.5) } as const
    await program.run({ inputs: { weight, gradient, rate }, outputs: { next: weight } })
    const got = Array.from(await state.read(), Number).join(' ')
    const expected = '9 9 0 0 7 4 9 9'
    if (got !== expected) throw new Error(`The C API's self-test computed ${got} instead of ${expected}.`)
  } finally {
    await runtime.dispose()
  }
}
