import { describe, expect, it } from 'vitest'
import {
  axisOf,
  bindShape,
  broadcast,
  dimAt,
  productOf,
  quotientOf,
  sameSize,
  sizeAt
} from '../../../../../src/main/engine/graph/shapes.ts'

describe('shapes with named dims', () => {
  it('hold equally many elements when their factors agree, tokens being rows × time', () => {
    expect(sameSize(['tokens', 12], ['rows', 'time', 3, 4])).toBe(true)
    expect(sameSize(['rows*time', 2], ['time', 2, 'rows'])).toBe(true)
    expect(sameSize(['rows', 'time'], ['rows', 'rows'])).toBe(false)
    expect(sameSize(['rows', 4], ['rows', 5])).toBe(false)
    expect(sameSize([], [1, 1])).toBe(true)
  })

  it('multiply to a number, to tokens, or to a product of names', () => {
    expect(productOf([2, 3, 4])).toBe(24)
    expect(productOf([])).toBe(1)
    expect(productOf(['rows', 'time'])).toBe('tokens')
    expect(productOf(['time', 'rows', 2])).toBe('rows*time*2')
    expect(productOf(['examples'])).toBe('examples')
  })

  it('divide where the part is a factor of the whole', () => {
    expect(quotientOf([2, 6], [3])).toBe(4)
    expect(quotientOf(['tokens', 8], ['rows', 4])).toBe('time*2')
    expect(quotientOf(['rows', 'time', 8], [8])).toBe('tokens')
    expect(quotientOf(['rows', 8], ['rows', 8])).toBe(1)
    expect(quotientOf([2, 6], [5])).toBeUndefined()
    expect(quotientOf(['rows'], ['time'])).toBeUndefined()
  })

  it.each([
    [[2, 3], [3], [2, 3]],
    [
      [2, 1],
      [1, 3],
      [2, 3]
    ],
    [[], ['rows', 1], ['rows', 1]],
    [
      ['rows', 1, 'time'],
      [4, 1],
      ['rows', 4, 'time']
    ]
  ])('broadcast %j with %j to %j', (a, b, expected) => {
    expect(broadcast('Add', a, b)).toEqual(expected)
    expect(broadcast('Add', b, a)).toEqual(expected)
  })

  it('say which axis does not broadcast, with both shapes', () => {
    expect(() => broadcast('Mul', ['rows', 3], ['rows', 4])).toThrow(
      'Mul: shapes [rows,3] and [rows,4] do not broadcast (axis 1: 3 against 4)'
    )
    expect(() => broadcast('Mul', ['rows'], ['time'])).toThrow('axis 0: rows against time')
  })

  it('take axes from either end', () => {
    expect([axisOf('Softmax', -1, 3), axisOf('Softmax', 2, 3)]).toEqual([2, 2])
    expect(() => axisOf('Softmax', 3, 3)).toThrow('Softmax: axis 3 is outside rank 3')
    expect(() => axisOf('Softmax', -4, 3)).toThrow('Softmax: axis -4 is outside rank 3')
    expect([dimAt(['rows', 4], -2), sizeAt(['rows', 4], 1)]).toEqual(['rows', 4])
    expect(() => sizeAt(['rows', 4], 0)).toThrow('axis 0 of [rows,4] must be a number here')
    expect(() => dimAt([4], 1)).toThrow('axis 1 is outside shape [4]')
  })

  it('become numbers once a batch says how large its names are', () => {
    expect(bindShape(['rows', 3, 'rows*time', 'time*2'], { rows: 2, time: 5 })).toEqual([2, 3, 10, 10])
    expect(bindShape(['8+time', '2*rows+time'], { rows: 2, time: 5 })).toEqual([13, 9])
    expect(() => bindShape(['rows'], {})).toThrow('the batch does not say how large "rows" is')
  })
})
