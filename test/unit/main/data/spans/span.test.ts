import { describe, expect, test } from 'vitest'
import { codePointOffsets, fromCodePoints, parseSpans, spansCell, utf16Offsets } from '../../../../../src/main/data/spans/span.ts'

const place = { file: 'letters.jsonl', line: 7, column: 'spans' }
const text = 'Zoë 👩‍⚕️ met 李雷.'

describe('offsets', () => {
  test('count code points as Python does', () => {
    expect(utf16Offsets('a👩b')).toEqual(Uint32Array.of(0, 1, 3, 4))
    expect(codePointOffsets('a👩b')).toEqual(Uint32Array.of(0, 1, 1, 2, 3))
    expect(utf16Offsets('')).toEqual(Uint32Array.of(0))
  })

  test('a lone half of a pair is one code point', () => {
    expect(utf16Offsets('\ud83dx')).toEqual(Uint32Array.of(0, 1, 2))
    expect(codePointOffsets('\ud83dx')).toEqual(Uint32Array.of(0, 1, 2))
  })

  test('spans outside the text, empty ones and turned ones are refused', () => {
    for (const [start, end] of [
      [0, 4],
      [-1, 1],
      [1, 1],
      [2, 1]
    ] as const)
      expect(() => fromCodePoints('a👩b', [{ start, end, label: 'X' }])).toThrow(RangeError)
  })
})

describe('a cell of spans', () => {
  const spans = [
    { start: text.indexOf('李'), end: text.indexOf('.'), label: 'NAME' },
    { start: 0, end: 3, label: 'NAME' }
  ]

  test('is written in order and read back as it was', () => {
    const cell = spansCell(text, spans)
    expect(JSON.parse(cell)).toEqual([
      { start: 0, end: 3, label: 'NAME' },
      { start: 13, end: 15, label: 'NAME' }
    ])
    expect(parseSpans(text, cell, place)).toEqual([spans[1], spans[0]])
  })

  test('may be empty, and further fields are left unread', () => {
    expect(parseSpans(text, '[]', place)).toEqual([])
    expect(parseSpans('abc', '[{"start":0,"end":1,"label":" X ","id":3}]', place)).toEqual([{ start: 0, end: 1, label: 'X' }])
  })

  test.for([
    ['words', 'secret words', 'must hold a list of passages'],
    ['an object', '{"start":0,"end":1,"label":"X"}', 'must hold a list of passages'],
    ['a passage without a label', '[{"start":0,"end":1}]', 'no start, end and label in passage 1'],
    ['a fraction', '[{"start":0.5,"end":1,"label":"X"}]', 'no start, end and label in passage 1'],
    ['a passage outside', '[{"start":0,"end":99,"label":"X"}]', 'a passage outside its text']
  ] as const)('%s is refused without quoting it', ([, cell, why]) => {
    expect(() => parseSpans('abc', cell, place)).toThrow(why)
    expect(() => parseSpans('abc', cell, place)).not.toThrow('secret')
  })
})
