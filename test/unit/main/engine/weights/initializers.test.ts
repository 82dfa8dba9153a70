import { describe, expect, test } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import {
  fansOf,
  kaimingUniform,
  normal,
  ones,
  uniform,
  xavierUniform,
  zeros
} from '../../../../../src/main/engine/weights/initializers.ts'
import type { Initializer } from '../../../../../src/main/engine/weights/initializers.ts'

const shape = [200, 300]
const draw = (initializer: Initializer, of: readonly number[] = shape, seed = 1) => initializer(of, new Random(seed, 'weights'))

function spread(values: Float32Array): { mean: number; deviation: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance), largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) }
}

describe('initializers', () => {
  test('zeros and ones fill the shape; a scalar has one element', () => {
    expect([...draw(zeros, [2, 2])]).toEqual([0, 0, 0, 0])
    expect([...draw(ones, [])]).toEqual([1])
  })

  test('normal has the mean and deviation asked for', () => {
    const { mean, deviation } = spread(draw(normal(0.02)))
    // Four standard errors of 60,000 draws.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.02) / Math.sqrt(60_000))
    expect(Math.abs(deviation - 0.02)).toBeLessThan((4 * 0.02) / Math.sqrt(2 * 60_000))
  })

  test.each([
    { name: 'uniform', initializer: uniform(0.5), bound: 0.5 },
    { name: 'kaimingUniform (1/√fan_in)', initializer: kaimingUniform, bound: 1 / Math.sqrt(300) },
    { name: 'xavierUniform (√(6/(fan_in+fan_out)))', initializer: xavierUniform, bound: Math.sqrt(6 / 500) }
  ])('$name fills [−bound, bound] evenly', ({ initializer, bound }) => {
    const { mean, deviation, largest } = spread(draw(initializer))
    expect(largest).toBeLessThanOrEqual(Math.fround(bound))
    expect(largest).toBeGreaterThan(0.999 * bound)
    expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * 60_000))
    expect(Math.abs(deviation - bound / Math.sqrt(3))).toBeLessThan(0.01 * bound)
  })

  test('the fans of a convolution count its kernel', () => {
    expect(fansOf([8, 4, 3, 3])).toEqual({ fanIn: 36, fanOut: 72 })
    expect(() => fansOf([8])).toThrow('two or more axes')
  })

  test('the same seed and name give the same values, others do not', () => {
    expect(draw(normal(1))).toEqual(draw(normal(1)))
    expect(draw(normal(1))).not.toEqual(draw(normal(1), shape, 2))
  })
})
