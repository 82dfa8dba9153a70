import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findJsonExcess } from '../../../../../src/main/engine/weights/json-outline.ts'

const limits = { depth: 4, commas: 100 }

describe('findJsonExcess', () => {
  test.each([
    { text: '{"a":1,"b":2,"a":3}', found: { kind: 'duplicate', key: 'a' } },
    { text: '{"a":1,"\\u0061":3}', found: { kind: 'duplicate', key: 'a' } },
    { text: '{"x":{"a":1 , "a" : 2}}', found: { kind: 'duplicate', key: 'a' } },
    { text: '{"a\\"b":1,"a\\\\":2,"a\\"b":3}', found: { kind: 'duplicate', key: 'a"b' } },
    { text: '{"a":{"a":1},"b":{"a":"a"},"c":["a","a"]}', found: undefined },
    { text: '{"a":"b","b":"a"}', found: undefined },
    { text: '{"__proto__":1,"__proto__":2}', found: { kind: 'duplicate', key: '__proto__' } },
    { text: '[[[[[]]]]]', found: { kind: 'deep' } },
    { text: '{"a":"[[[[[[[[["}', found: undefined },
    { text: `[${Array(200).fill(1).join()}]`, found: { kind: 'many' } },
    { text: '{"a', found: undefined },
    { text: '}}}]]]"\\', found: undefined }
  ])('$text', ({ text, found }) => {
    expect(findJsonExcess(text, limits)).toEqual(found)
  })

  const text = fc.string({ unit: 'binary', maxLength: 8 })
  const item = fc.oneof(text, fc.nat(), fc.array(text, { maxLength: 3 }), fc.dictionary(text, text, { maxKeys: 3 }))

  test('finds nothing in any value that JSON.stringify writes, and every key that is added again', () => {
    const wide = { depth: 1000, commas: 1e6 }
    fc.assert(
      fc.property(fc.dictionary(text, item, { minKeys: 1, maxKeys: 4 }), fc.nat(), (value, pick) => {
        const json = JSON.stringify(value)
        const keys = Object.keys(value)
        const key = keys[pick % keys.length] ?? ''
        expect(findJsonExcess(json, wide)).toBeUndefined()
        expect(findJsonExcess(`${json.slice(0, -1)},${JSON.stringify(key)}:0}`, wide)).toEqual({ kind: 'duplicate', key })
      }),
      { numRuns: 300 }
    )
  })
})
