import type { Runtime } from '../port.ts'
import { selfTestModel } from './self-test.ts'

/**
 * A known answer computed on the device, in place twice: proves that state stays there between runs and comes back whole.
 * @throws Error that says what came out instead.
 */
export async function testDevice(runtime: Runtime): Promise<void> {
  const program = await runtime.load({ name: 'device-test', model: Buffer.from(selfTestModel, 'base64') })
  try {
    const pieces = [
      { offset: 0, size: 2 },
      { offset: 2, size: 4 },
      { offset: 6, size: 2 }
    ]
    const state = runtime.allocate('float32', [8], pieces)
    await state.write(Float32Array.of(9, 9, 1, 2, 3, 4, 9, 9))
    const weight = state.view(2, [4])
    const gradient = { type: 'float32', shape: [4], data: Float32Array.of(2, 4, -8, 0) } as const
    const rate = { type: 'float32', shape: [], data: Float32Array.of(0.5) } as const
    for (let run = 0; run < 2; run++) await program.run({ inputs: { weight, gradient, rate }, outputs: { next: weight } })
    const got = Array.from(await state.read(), Number).join(' ')
    const expected = '9 9 -1 -2 11 4 9 9'
    if (got !== expected) throw new Error(`The device computed ${got} instead of ${expected}.`)
    await weight.clear()
    const rest = Array.from(await state.read(1, 3), Number).join(' ')
    if (rest !== '9 0 0') throw new Error(`The device cleared to ${rest} instead of 9 0 0.`)
  } finally {
    await program.dispose()
  }
}
