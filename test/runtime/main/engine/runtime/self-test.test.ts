import { expect, it } from 'vitest'
import { constantsTestModel } from '../../../../../src/main/engine/runtime/c-api/constants-test.ts'
import { selfTest, selfTestModel } from '../../../../../src/main/engine/runtime/c-api/self-test.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { float } from '../../../../helpers/runtime-models.ts'
import { tinyModel } from '../../../../helpers/tiny-onnx.ts'

const environment = { pointer: 0, threads: 1, shared: true }

it('holds the model that its comment describes', () => {
  const model = tinyModel({
    nodes: [
      { op: 'Mul', inputs: ['gradient', 'rate'], outputs: ['change'] },
      { op: 'Sub', inputs: ['weight', 'change'], outputs: ['next'] }
    ],
    inputs: [float('weight', 4), float('gradient', 4), float('rate')],
    outputs: [float('next', 4)]
  })
  expect(selfTestModel).toBe(Buffer.from(model).toString('base64'))
})

it('holds the model of the test of shared constants', () => {
  const zero = { name: 'w', type: 1, shape: [4], data: new Uint8Array(16) }
  const model = tinyModel({
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
    inputs: [float('x', 4)],
    outputs: [float('y', 4)],
    initializers: [zero]
  })
  expect(constantsTestModel).toBe(Buffer.from(model).toString('base64'))
})

it('fails on a runtime that computes without writing into state, and on another version of the library', async () => {
  const runtime = await openRuntime({ threads: 1, kind: 'binding' })
  const forgetful: Runtime = {
    ...{ kind: 'c-api', provider: 'cpu', version: '1.30.0', threads: 1, precision: 'float32' },
    allocate: (type, shape) => runtime.allocate(type, shape),
    load: async (spec) => {
      const program = await runtime.load(spec)
      return {
        ...program,
        run: () => Promise.resolve({}),
        dispose: () => program.dispose(),
        endProfile: () => program.endProfile()
      }
    },
    trim: () => Promise.resolve(),
    dispose: () => Promise.resolve()
  }
  await expect(selfTest('1.30.0', () => forgetful, environment)).rejects.toThrow(
    'computed 9 9 1 2 3 4 9 9 instead of 9 9 0 0 7 4 9 9'
  )
  await expect(selfTest('1.31.0', () => runtime, environment)).rejects.toThrow('1.31.0 is not the version')
  await expect(selfTest('1.30.0', () => runtime, environment)).resolves.toBeUndefined()
})
