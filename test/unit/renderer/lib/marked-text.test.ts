import { describe, expect, test } from 'vitest'
import { Random } from '../../../../src/main/base/random.ts'
import { colourOfKind, markedPieces, type TextMark } from '../../../../src/renderer/src/lib/marked-text.ts'

const mark = (start: number, end: number, kind = 'NAME', state: TextMark['state'] = 'true'): TextMark => ({
  start,
  end,
  kind,
  state
})

describe('a text with marked passages', () => {
  test('is cut where marks begin and end, and loses nothing', () => {
    const pieces = markedPieces('Dear Mrs Hale, seen on 4 May.', [mark(9, 13), mark(23, 28, 'DATE', 'found')])
    expect(pieces.map(({ text, marks, ending }) => [text, marks.map(({ kind }) => kind), ending.length])).toEqual([
      ['Dear Mrs ', [], 0],
      ['Hale', ['NAME'], 1],
      [', seen on ', [], 0],
      ['4 May', ['DATE'], 1],
      ['.', [], 0]
    ])
  })

  test('draws marks that cross on lines of their own, and the same line again where it is free', () => {
    const pieces = markedPieces('abcdefghij', [mark(0, 4), mark(2, 6, 'PLACE', 'found'), mark(4, 8)])
    expect(pieces.map(({ text, marks }) => [text, marks.map(({ index, layer }) => [index, layer])])).toEqual([
      ['ab', [[0, 0]]],
      [
        'cd',
        [
          [0, 0],
          [1, 1]
        ]
      ],
      [
        'ef',
        [
          [1, 1],
          [2, 0]
        ]
      ],
      ['gh', [[2, 0]]],
      ['ij', []]
    ])
  })

  test('keeps every character and every mark, whatever overlaps (drawn at random, with the selection)', () => {
    const random = new Random(7, 'marked-text')
    const text = 'Ä😀 b\r\n٣ ﷽ c'.repeat(4)
    for (let round = 0; round < 200; round++) {
      const marks = Array.from({ length: random.below(7) }, () => {
        const start = random.below(text.length + 3)
        return mark(start, start + random.below(9))
      })
      const selection = { start: random.below(text.length), end: random.below(text.length + 1) }
      const pieces = markedPieces(text, marks, selection)
      expect(pieces.map((piece) => piece.text).join('')).toBe(text)
      for (const piece of pieces) {
        expect(text.slice(piece.start, piece.start + piece.text.length)).toBe(piece.text)
        const covering = marks.filter(
          ({ start, end }) => start <= piece.start && Math.min(end, text.length) >= piece.start + piece.text.length
        )
        expect(new Set(piece.marks.map(({ index }) => index))).toEqual(new Set(covering.map((each) => marks.indexOf(each))))
        expect(new Set(piece.marks.map(({ layer }) => layer)).size).toBe(piece.marks.length)
      }
      const drawn = marks.filter(({ start, end }) => start < Math.min(end, text.length))
      expect(pieces.flatMap(({ ending }) => ending)).toHaveLength(drawn.length)
    }
  })

  test('puts name tags behind words, never into them', () => {
    const pieces = markedPieces('visual loss today it is', [mark(0, 11), mark(0, 8, 'NAME', 'found'), mark(12, 14)])
    expect(pieces.map(({ text, ending }) => [text, ending.map(({ index }) => index)])).toEqual([
      ['visual l', []],
      ['oss', [1, 0]],
      [' ', []],
      ['to', []],
      ['day', [2]],
      [' it is', []]
    ])
  })

  test('gives each kind a colour, the seventh that of the first', () => {
    const kinds = ['A', 'B', 'C', 'D', 'E', 'F', 'G']
    expect(kinds.map((kind) => colourOfKind(kinds, kind))).toEqual([1, 2, 3, 4, 5, 6, 1])
  })
})
