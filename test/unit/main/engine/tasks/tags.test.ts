import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mark } from '../../../../../src/main/base/mark.ts'
import { decode, likeliest, schemeTransitions } from '../../../../../src/main/engine/tasks/decode.ts'
import { decodeTags, encodeTags, marksOf, readTagNames, tagNames, TagSet } from '../../../../../src/main/engine/tasks/tags.ts'
import { viterbi, type Transitions } from '../../../../../src/main/engine/tasks/viterbi.ts'

const words = (count: number) => Array.from({ length: count }, (_, i) => ({ start: 2 * i, end: 2 * i + 1 }))

/** Passages of whole words, in order and apart. */
const passages = fc
  .array(fc.record({ gap: fc.nat(2), size: fc.integer({ min: 1, max: 4 }), label: fc.constantFrom('A', 'B') }), { maxLength: 6 })
  .map((parts) => {
    let at = 0
    const marks = parts.map(({ gap, size, label }): Mark => {
      const first = at + gap
      at = first + size
      return { start: 2 * first, end: 2 * at - 1, label }
    })
    return { marks, count: at + 1 }
  })

describe.each(['BIO', 'BILOU'] as const)('%s', (scheme) => {
  const tags = new TagSet(['A', 'B'], scheme)

  it('tells of any passages of whole words, by tags that the scheme allows', () => {
    fc.assert(
      fc.property(passages, ({ marks, count }) => {
        const units = words(count)
        const encoded = encodeTags(units, marks, tags)
        expect(marksOf(decodeTags(encoded, tags), units, tags)).toEqual(marks)
        expect(tags.mayStart(encoded[0] ?? 0) && tags.mayEnd(encoded.at(-1) ?? 0)).toBe(true)
        for (let i = 1; i < count; i++) expect(tags.mayFollow(encoded[i - 1] ?? 0, encoded[i] ?? 0)).toBe(true)
      })
    )
  })

  it('is what constrained decoding keeps to, whatever the scores', () => {
    const scores = fc.array(
      fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: tags.size, maxLength: tags.size }),
      { maxLength: 6 }
    )
    fc.assert(
      fc.property(scores, (rows) => {
        const said = decode(rows.flat(), tags, 'constrained')
        const units = words(rows.length)
        expect(encodeTags(units, marksOf(decodeTags(said, tags), units, tags), tags)).toEqual(said)
      })
    )
  })
})

it('Viterbi finds the best of all sequences', () => {
  const tags = 3
  const score = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -8, max: 8 }) },
    { weight: 1, arbitrary: fc.constant(-Infinity) }
  )
  const vector = (length: number) =>
    fc.array(score, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values))
  const finite = fc
    .array(fc.integer({ min: -8, max: 8 }), { maxLength: 5 * tags })
    .map((values) => values.slice(0, values.length - (values.length % tags)))
  const all = (steps: number): number[][] =>
    steps === 0 ? [[]] : all(steps - 1).flatMap((path) => Array.from({ length: tags }, (_, tag) => [...path, tag]))
  const worth = (path: ArrayLike<number>, emissions: readonly number[], { start, between, end }: Transitions): number => {
    let sum = 0
    for (let i = 0; i < path.length; i++) {
      const tag = path[i] ?? 0
      sum += (emissions[i * tags + tag] ?? 0) + ((i === 0 ? start[tag] : between[(path[i - 1] ?? 0) * tags + tag]) ?? 0)
    }
    return path.length === 0 ? 0 : sum + (end[path[path.length - 1] ?? 0] ?? 0)
  }
  fc.assert(
    fc.property(finite, vector(tags), vector(tags * tags), vector(tags), (emissions, start, between, end) => {
      const transitions = { tags, start, between, end }
      const best = Math.max(...all(emissions.length / tags).map((path) => worth(path, emissions, transitions)))
      expect(worth(viterbi(emissions, transitions), emissions, transitions)).toBe(best)
    })
  )
})

it('Tags that break the scheme are read as conlleval reads them', () => {
  const tags = new TagSet(['A', 'B'], 'BIO')
  const read = (names: string) =>
    decodeTags(
      Int32Array.from(names.split(' '), (name) => tags.names.indexOf(name)),
      tags
    )
  expect(read('I-A I-A O I-B I-A')).toEqual([
    { first: 0, end: 2, type: 0 },
    { first: 3, end: 4, type: 1 },
    { first: 4, end: 5, type: 0 }
  ])
  expect(likeliest([0, 1, 1, 3, 3, 2], 3)).toEqual(Int32Array.of(1, 0))
  expect(schemeTransitions(tags).start).toEqual(Float64Array.of(0, 0, -Infinity, 0, -Infinity))
})

describe('names of tags from elsewhere', () => {
  it('tell types and scheme, in any order, with tags that were never seen missing', () => {
    expect(readTagNames(['B-PER', 'I-LOC', 'O', 'B-LOC'])).toEqual({ types: ['PER', 'LOC'], scheme: 'BIO' })
    expect(readTagNames(['O', 'U-A', 'B-A', 'L-A'])).toEqual({ types: ['A'], scheme: 'BILOU' })
    expect(readTagNames(tagNames(['A B', 'C-D'], 'BILOU'))).toEqual({ types: ['A B', 'C-D'], scheme: 'BILOU' })
  })

  it('are none where a type has no beginning, nothing stands outside, or a name is no tag', () => {
    for (const names of [
      ['O', 'I-A'],
      ['B-A', 'I-A'],
      ['O', 'B-A', 'other'],
      ['O'],
      ['O', 'B-A', 'B-A'],
      ['positive', 'negative']
    ])
      expect(readTagNames(names)).toBeNull()
  })
})
