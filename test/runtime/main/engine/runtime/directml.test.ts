import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { openRunRuntime } from '../../../../../src/main/worker/run-runtime.ts'
import { readCase, replay, type CaseRecord } from '../../../../helpers/reference-case.ts'

// No Windows PC was at hand: what is tested here is what does not need one. DirectML itself has never run.
const fixtures = join(import.meta.dirname, '../../../../fixtures')
const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(...Array.from(a, (value, i) => value - (b[i] ?? NaN)))

/** The processor under DirectML's name: graphs are lowered, and swept, as for it. */
const asDirectml = (runtime: Runtime): Runtime =>
  new Proxy(runtime, {
    get: (target, key) => {
      const value: unknown = key === 'provider' ? 'directml' : Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    }
  })

const cases = ['encoders/cases/bert-single-label', 'encoders/cases/bert-masked-lm', 'tokens/cases/distilbert-tokens-crf-head']
it.each(cases)("gives torch's losses and gradients with the graph for DirectML, on the processor: %s", async (folder) => {
  const runtime = await openRuntime({ threads: 2 })
  const record = JSON.parse(readFileSync(join(fixtures, folder, 'case.json'), 'utf8')) as CaseRecord // Our own fixture.
  const expected = await readCase(join(fixtures, folder))
  const found = await replay(asDirectml(runtime), record, expected)
  await runtime.dispose()
  expect(Math.abs(found.losses[0]! / record.losses[0]! - 1)).toBeLessThan(2e-6)
  const of = (name: string): ArrayLike<number> => expected.get(`grad.${name}`) ?? []
  const whole = norm(record.trained.map((name) => norm(of(name))))
  expect(norm(record.trained.map((name) => distance(found.gradients.get(name) ?? [], of(name)))) / whole).toBeLessThan(5e-6)
})

const machine = { device: 'directml', tf32: false, precision: 'float32', threads: 1 } as const
it('is refused on other systems, which are told what to take instead', async () => {
  const sentence = 'DirectML is a part of Windows, which this system is not. Use the device'
  await expect(openRunRuntime(machine, 'linux')).rejects.toThrow(
    `${sentence} cuda for an NVIDIA card, webgpu for another, or let`
  )
  await expect(openRunRuntime(machine, 'darwin')).rejects.toThrow(`${sentence} webgpu, or let the processor compute instead.`)
})

it.skipIf(process.platform === 'win32')('says that the library lacks it where there is no Windows', async () => {
  await expect(openRunRuntime(machine, 'win32')).rejects.toThrow(
    /^No device can be used over DirectML here: .*DML.* Let the processor compute instead\.$/
  )
})
