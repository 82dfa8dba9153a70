import { expect, test } from 'vitest'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import { measureMatrixRate } from '../../../../../src/main/engine/training/matrix-rate.ts'
import type { Program, Runtime } from '../../../../../src/main/engine/runtime/port.ts'

test('multiplies matrices, finds the product right and says how fast it was', async () => {
  const runtime = await openRuntime({ threads: 2 })
  const { rate, size, latency } = await measureMatrixRate(runtime, { seconds: 0.05 })
  // The slowest processor that Attune runs on does a hundred million operations in a second; none does a quadrillion.
  expect(rate).toBeGreaterThan(1e8)
  expect(rate).toBeLessThan(1e15)
  expect(size).toBeGreaterThanOrEqual(256)
  expect(latency).toBeGreaterThan(0)
  await runtime.dispose()
})

test('refuses a device whose product is wrong', async () => {
  const own = await openRuntime({ threads: 1 })
  const wrong: Runtime = {
    ...{ kind: own.kind, provider: own.provider, version: own.version, threads: own.threads, precision: own.precision },
    allocate: (...values) => own.allocate(...values),
    trim: () => own.trim(),
    dispose: () => own.dispose(),
    async load(spec): Promise<Program> {
      const program = await own.load(spec)
      return {
        ...{ name: program.name, inputNames: program.inputNames, outputNames: program.outputNames },
        endProfile: () => program.endProfile(),
        dispose: () => program.dispose(),
        async run(request) {
          const result = await program.run(request)
          const product = request.outputs?.['product']
          await product?.write(Float32Array.of(Number((await product.read(0, 1))[0]) + 1))
          return result
        }
      }
    }
  }
  await expect(measureMatrixRate(wrong, { seconds: 0.05 })).rejects.toThrow(/^A product of two matrices is wrong: \S+ instead of/)
  await own.dispose()
})
