import fc from 'fast-check'
import type { Fields, Shape } from '../../../../src/main/base/options.ts'

/** Values that a declaration allows, options left out at random. Patterns are plain names, and texts hold no control characters. */
export function allowedBy(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'integer':
      return fc.integer({ min: shape.min, max: Math.min(shape.max, shape.min + 100) })
    case 'decimal':
      return fc.double({
        min: shape.min,
        max: Math.min(shape.max, shape.min + 100),
        minExcluded: shape.aboveMin,
        maxExcluded: shape.belowMax,
        noNaN: true
      })
    case 'flag':
      return fc.boolean()
    case 'choice':
      return fc.constantFrom(...shape.values)
    case 'text':
      return shape.format === 'plain' ? plainText(shape.maxLength) : fc.constantFrom('a', 'no', '1', './b/c', 'x: #y')
    case 'bytes':
      return fc.oneof(fc.integer({ min: shape.min, max: shape.min + 1000 }), fc.constantFrom('4 GB', '1GiB', '1500.5 mb'))
    case 'null':
      return fc.constant(null)
    case 'list': {
      const sizes = { minLength: shape.min, maxLength: Math.min(shape.max, shape.min + 3) }
      return shape.unique ? fc.uniqueArray(allowedBy(shape.item), sizes) : fc.array(allowedBy(shape.item), sizes)
    }
    case 'map':
      return fc.dictionary(plainText(20), allowedBy(shape.value), { minKeys: 1, maxKeys: 3, noNullPrototype: true })
    case 'group':
      return allowedFields(shape.fields)
    case 'either':
      return fc.oneof(...shape.of.map(allowedBy))
    case 'variants':
      return fc.oneof(
        ...Object.entries(shape.of).map(([name, fields]) =>
          allowedFields(fields).map((values) => ({ [shape.tag]: name, ...values }))
        )
      )
  }
}

const absent = Symbol('absent')

function allowedFields(fields: Fields): fc.Arbitrary<object> {
  const values = Object.entries(fields).map(([key, { shape, fallback }]) => {
    const value = allowedBy(shape)
    const seldom = fc.oneof({ weight: 14, arbitrary: fc.constant(absent) }, { weight: 1, arbitrary: value })
    return [key, fallback ? seldom : value] as const
  })
  return fc
    .record(Object.fromEntries(values))
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== absent)))
}

const plainText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(maxLength, 8) })
    .filter((text) => text !== '__proto__' && text.length <= maxLength)

/** Something of another kind than most options allow. */
export const oddValue: fc.Arbitrary<unknown> = fc.constantFrom(-1, 0, 0.5, 1e300, '', 'x', true, null, [], {}, [1, 1], { a: 1 }, [
  []
])

/** The same values with one of them, at any depth, replaced by `odd`; `pick` decides which. */
export function withOdd(value: unknown, odd: unknown, pick: () => number): unknown {
  const isBranch = typeof value === 'object' && value !== null && Object.keys(value).length > 0
  if (!isBranch || pick() === 0) return odd
  const keys = Object.keys(value)
  const at = keys[pick() % keys.length] ?? ''
  const entries = Object.entries(value).map(([key, each]) => [key, key === at ? withOdd(each, odd, pick) : each] as const)
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}
