import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { testPrecision } from '../../../../../src/main/engine/training/precision.ts'
import { readCase, replay, type CaseRecord } from '../../../../helpers/reference-case.ts'

// The processor has no arithmetic of 16-bit floats: the library rounds what goes into a product and what comes out of it, which is what the graph is about.
const fixtures = join(import.meta.dirname, '../../../../fixtures')
const cases = ['encoders/cases/bert-single-label', 'encoders/cases/bert-lora-dropout', 'tokens/cases/distilbert-tokens-crf-head']
const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(...Array.from(a, (value, i) => value - (b[i] ?? NaN)))

describe('fp16 on the processor', () => {
  let runtime: Runtime
  beforeAll(async () => {
    runtime = await openRuntime({ threads: 2, precision: 'fp16' })
  })
  afterAll(() => runtime.dispose())

  it('multiplies two known matrices', () => testPrecision(runtime))

  it.each(cases)('gives the losses and gradients of torch in float32 to 0.2 %: %s', async (folder) => {
    const record = JSON.parse(readFileSync(join(fixtures, folder, 'case.json'), 'utf8')) as CaseRecord // Our own fixture.
    const expected = await readCase(join(fixtures, folder))
    const found = await replay(runtime, record, expected)
    expect(Math.abs(found.losses[0]! / record.losses[0]! - 1)).toBeLessThan(2e-3)
    const of = (name: string): ArrayLike<number> => expected.get(`grad.${name}`) ?? []
    const whole = norm(record.trained.map((name) => norm(of(name))))
    const off = norm(record.trained.map((name) => distance(found.gradients.get(name) ?? [], of(name)))) / whole
    expect(off).toBeLessThan(2e-3)
    // Not one bit off would mean that nothing was rounded.
    expect(off).toBeGreaterThan(1e-5)
  })
})

it('has no product of bfloat16 on the processor', async () => {
  const runtime = await openRuntime({ threads: 1, precision: 'bf16' })
  await expect(testPrecision(runtime)).rejects.toThrow('MatMul')
  await runtime.dispose()
})
