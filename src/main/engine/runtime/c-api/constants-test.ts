import type { Library } from './api.ts'
import type { Environment } from './environment.ts'
import { CApiProgram } from './program.ts'
import { createSession } from './session.ts'
import { Values } from './values.ts'

/** The graph `y = x + w` over float32[4] with w = 0, as test/helpers/tiny-onnx.ts encodes it (a test compares them). */
export const constantsTestModel =
  'CAk6UwoOCgF4CgF3EgF5IgNBZGQSBHRpbnkqGQgEEAFCAXdKEAAAAAAAAAAAAAAAAAAAAABaDwoBeBIKCggIARIECgIIBGIPCgF5EgoKCAgBEgQKAggEQgIQEkIRCg1jb20ubWljcm9zb2Z0EAE='

/**
 * A known answer with a constant that is not the model's own: proves that sessions read memory that they were given in its place.
 * @throws Error that says what came out instead.
 */
export async function testConstants(library: Library, environment: Environment): Promise<void> {
  const values = new Values(library)
  const given = Float32Array.of(10, 20, 30, 40)
  const constant = values.over('float32', [4], given)
  const spec = { name: 'constants-test', model: Buffer.from(constantsTestModel, 'base64') }
  const options = { environment, threads: environment.threads, provider: null, constants: new Map([['w', constant]]) }
  try {
    const session = await createSession(library, options, spec)
    const program = new CApiProgram(library, values, session, false, { onDispose: () => undefined })
    try {
      const x = { type: 'float32', shape: [4], data: Float32Array.of(1, 2, 3, 4) } as const
      const { y } = await program.run({ inputs: { x }, fetch: ['y'] })
      const got = Array.from(y?.data ?? [], Number).join(' ')
      if (got !== '11 22 33 44') throw new Error(`The C API's test of shared constants computed ${got} instead of 11 22 33 44.`)
    } finally {
      await program.dispose()
    }
  } finally {
    values.release(constant)
  }
}
