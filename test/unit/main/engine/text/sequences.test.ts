import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import { buildSequences } from '../../../../../src/main/engine/text/sequences.ts'
import type { Truncation } from '../../../../../src/main/engine/text/sequences.ts'
import type { Template } from '../../../../../src/main/engine/text/template.ts'

const CLS = 1000
const SEP = 1001

const template: Template = {
  single: [
    { kind: 'special', id: CLS, typeId: 0 },
    { kind: 'text', of: 'a', typeId: 0 },
    { kind: 'special', id: SEP, typeId: 0 }
  ],
  pair: [
    { kind: 'special', id: CLS, typeId: 0 },
    { kind: 'text', of: 'a', typeId: 0 },
    { kind: 'special', id: SEP, typeId: 0 },
    { kind: 'text', of: 'b', typeId: 1 },
    { kind: 'special', id: SEP, typeId: 1 }
  ]
}

/** Tokens numbered from `from`, so that each can be found again. */
function numbered(length: number, from = 0): Int32Array {
  return Int32Array.from({ length }, (_, i) => from + i)
}

const B = 2000
const truncation = fc.constantFrom<Truncation>('head', 'head_tail', 'windows')
const length = fc.integer({ min: 0, max: 60 })
const pairRow = fc.record({ a: length, b: fc.option(length), maxLength: fc.integer({ min: 6, max: 40 }), truncation })

describe('built sequences', () => {
  it('never exceed max_length and hold one form of special tokens', () => {
    fc.assert(
      fc.property(pairRow, ({ a, b, ...options }) => {
        const { sequences } = buildSequences(template, numbered(a), b === null ? null : numbered(b, B), options)
        for (const { ids, typeIds } of sequences) {
          expect(ids.length).toBeLessThanOrEqual(options.maxLength)
          expect(typeIds.length).toBe(ids.length)
          expect(ids[0]).toBe(CLS)
          expect(ids.at(-1)).toBe(SEP)
          expect(ids.filter((id) => id === SEP).length).toBe(b === null ? 1 : 2)
        }
      })
    )
  })

  it('hold every token that is not counted as cut', () => {
    fc.assert(
      fc.property(pairRow, ({ a, b, ...options }) => {
        const { sequences, truncatedTokens } = buildSequences(template, numbered(a), b === null ? null : numbered(b, B), options)
        const held = new Set(sequences.flatMap(({ ids }) => [...ids]).filter((id) => id !== CLS && id !== SEP))
        expect(held.size).toBe(a + (b ?? 0) - truncatedTokens)
      })
    )
  })

  it('keep texts that fit whole and alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 18 }), fc.integer({ min: 0, max: 18 }), truncation, (a, b, how) => {
        const { sequences, truncatedTokens } = buildSequences(template, numbered(a), numbered(b, B), {
          maxLength: 39,
          truncation: how
        })
        expect(sequences.map(({ ids }) => [...ids])).toEqual([[CLS, ...numbered(a), SEP, ...numbered(b, B), SEP]])
        expect(truncatedTokens).toBe(0)
      })
    )
  })
})

describe('windows', () => {
  it('cover all tokens of one text in order, sharing the stride', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 3, max: 20 }), fc.nat(), (a, maxLength, seed) => {
        const stride = seed % (maxLength - 2)
        const { sequences, truncatedTokens } = buildSequences(template, numbered(a), null, {
          maxLength,
          truncation: 'windows',
          stride
        })
        expect(truncatedTokens).toBe(0)
        const contents = sequences.map(({ ids }) => [...ids.subarray(1, -1)])
        expect(contents[0]?.[0] ?? 0).toBe(0)
        expect(contents.at(-1)?.at(-1) ?? a - 1).toBe(a - 1)
        for (const [i, content] of contents.entries()) {
          const next = contents[i + 1]
          if (next !== undefined) expect(next.slice(0, stride)).toEqual(stride === 0 ? [] : content.slice(-stride))
          if (next !== undefined) expect(content.length).toBe(maxLength - 2)
        }
      })
    )
  })

  it('slide over the longer text of a pair and repeat the shorter one', () => {
    const options = { maxLength: 11, truncation: 'windows', stride: 1 } as const
    const built = buildSequences(template, numbered(2), numbered(12, B), options)
    expect(built.sequences.map(({ ids }) => [...ids])).toEqual([
      [CLS, 0, 1, SEP, B, B + 1, B + 2, B + 3, B + 4, B + 5, SEP],
      [CLS, 0, 1, SEP, B + 5, B + 6, B + 7, B + 8, B + 9, B + 10, SEP],
      [CLS, 0, 1, SEP, B + 10, B + 11, SEP]
    ])
    expect([...(built.sequences[0]?.typeIds ?? [])]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
  })

  it('cut the shorter text of a pair to half of the room, and say so', () => {
    const { sequences, truncatedTokens } = buildSequences(template, numbered(20), numbered(9, B), {
      maxLength: 11,
      truncation: 'windows'
    })
    expect(truncatedTokens).toBe(5)
    expect(sequences.length).toBe(5)
    expect([...(sequences[1]?.ids ?? [])]).toEqual([CLS, 4, 5, 6, 7, SEP, B, B + 1, B + 2, B + 3, SEP])
  })

  it('refuse an overlap that is as long as a window', () => {
    const build = () => buildSequences(template, numbered(50), null, { maxLength: 10, truncation: 'windows', stride: 8 })
    expect(build).toThrow(InputError)
    expect(build).toThrow(/stride\) is 8.* 0 to 7/)
  })
})

describe('head and tail', () => {
  it('keep the first and the last tokens, a quarter in the head', () => {
    const { sequences, truncatedTokens } = buildSequences(template, numbered(100), null, {
      maxLength: 14,
      truncation: 'head_tail'
    })
    expect(sequences.map(({ ids }) => [...ids])).toEqual([[CLS, 0, 1, 2, ...numbered(9, 91), SEP]])
    expect(truncatedTokens).toBe(88)
  })

  it('keep the first and the last token of each text that is cut', () => {
    fc.assert(
      fc.property(
        length,
        length,
        fc.integer({ min: 7, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, maxLength, headShare) => {
          fc.pre(a > 0 && b > 0)
          const { sequences } = buildSequences(template, numbered(a), numbered(b, B), {
            maxLength,
            truncation: 'head_tail',
            headShare
          })
          const ids = new Set(sequences[0]?.ids)
          expect([0, a - 1, B, B + b - 1].filter((id) => !ids.has(id))).toEqual([])
        }
      )
    )
  })
})

describe('words', () => {
  it('travel with their tokens, those of the second text numbered on', () => {
    const words = { a: Int32Array.of(0, 0, 1, 2, 2), b: Int32Array.of(0, 1, 1, -1) }
    const { sequences } = buildSequences(template, numbered(5), numbered(4, B), { maxLength: 9, truncation: 'head_tail', words })
    expect([...(sequences[0]?.ids ?? [])]).toEqual([CLS, 0, 3, 4, SEP, B, B + 2, B + 3, SEP])
    expect([...(sequences[0]?.words ?? [])]).toEqual([-1, 0, 2, 2, -1, 3, 4, -1, -1])
  })
})

describe('impossible requests', () => {
  it.each([0, 2, -1, 7.5, Number.NaN])('refuse max_length %s', (maxLength) => {
    const build = () => buildSequences(template, numbered(3), null, { maxLength, truncation: 'head' })
    expect(build).toThrow(`max_length is ${maxLength}, but 2 special tokens are added to each text: set it to 3 or more.`)
  })

  it('refuse pairs where there is no form for them', () => {
    const build = () =>
      buildSequences({ ...template, pair: null }, numbered(3), numbered(3), { maxLength: 9, truncation: 'head' })
    expect(build).toThrow(/no form for pairs/)
  })
})
