import { describe, expect, it } from 'vitest'
import { Random } from '../../../../src/main/base/random.ts'
import { expand, sample, sentence, tidy, weighted } from '../../../../scripts/sample/grammar.ts'

const many = (draw: (random: Random) => string): Set<string> => {
  const random = new Random(1, 'grammar')
  return new Set(Array.from({ length: 200 }, () => draw(random)))
}

describe('expand', () => {
  it('draws every alternative, nested ones and empty ones too', () => {
    expect(many((random) => expand(random, 'x[a|b[c|d]|]', {}))).toEqual(new Set(['xa', 'xbc', 'xbd', 'x']))
  })

  it('replaces names by texts, lists and functions, and expands what they give', () => {
    const words = { who: ['Ann', 'Bo'], did: () => '[ran|sat]', why: 'for {who2}', who2: 'fun' }
    expect(many((random) => expand(random, '{who} {did} {why}', words))).toEqual(
      new Set(['Ann ran for fun', 'Ann sat for fun', 'Bo ran for fun', 'Bo sat for fun'])
    )
  })

  it('capitalises a name that is written with a capital', () => {
    expect(expand(new Random(1, 'x'), '{He} left', { he: 'she' })).toBe('She left')
  })

  it('refuses names that no lexicon defines, and brackets that do not close', () => {
    expect(() => expand(new Random(1, 'x'), '{nobody}', {})).toThrow('{nobody}')
    expect(() => expand(new Random(1, 'x'), '[a|b', {})).toThrow('unclosed bracket')
  })
})

describe('sentence', () => {
  it('ends in one stop and starts with a capital', () => {
    expect(sentence(new Random(1, 'x'), 'is {it} so', { it: 'it' })).toBe('Is it so.')
    expect(sentence(new Random(1, 'x'), 'is it so?', {})).toBe('Is it so?')
  })
})

describe('tidy', () => {
  it('mends blanks, punctuation and articles', () => {
    expect(tidy('a  apple , a pear;  a hour .')).toBe('an apple, a pear; a hour.')
    expect(tidy('a one-off, a unit, a 8-year-old, a umbrella')).toBe('a one-off, a unit, an 8-year-old, an umbrella')
  })
})

describe('draws', () => {
  it('gives keys in proportion to their weights', () => {
    const random = new Random(3, 'weights')
    const counts = { a: 0, b: 0, c: 0 }
    for (let i = 0; i < 10_000; i++) counts[weighted(random, { a: 6, b: 3, c: 1 })]++
    expect(counts.a / 10_000).toBeCloseTo(0.6, 1)
    expect(counts.c / 10_000).toBeCloseTo(0.1, 1)
  })

  it('samples without repeating', () => {
    expect(new Set(sample(new Random(1, 'x'), [1, 2, 3, 4], 4)).size).toBe(4)
  })
})
