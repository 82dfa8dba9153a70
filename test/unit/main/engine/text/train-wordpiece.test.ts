import { describe, expect, it } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { createTokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import { trainWordPiece } from '../../../../../src/main/engine/text/train-wordpiece.ts'
import { parseJsonObject } from '../../../../../src/main/engine/text/json.ts'

const random = new Random(1, 'words')
const STEMS = ['walk', 'talk', 'jump', 'paint', 'sign', 'lease', 'review', 'résumé']
const ENDINGS = ['', 's', 'ed', 'ing', 'er', 'able']
const texts = Array.from({ length: 400 }, () =>
  Array.from({ length: 6 }, () => `${STEMS[random.below(STEMS.length)]}${ENDINGS[random.below(ENDINGS.length)]}`).join(' ')
)

/** The tokens of a trained file in the order of their ids. */
function tokensOf(file: string): string[] {
  const { model } = parseJsonObject(file, 'tokenizer.json') as { model: { vocab: Record<string, number> } }
  const entries = Object.entries(model.vocab).sort(([, a], [, b]) => a - b)
  expect(entries.map(([, id]) => id)).toEqual(entries.map((_, i) => i))
  return entries.map(([token]) => token)
}

describe('a trained vocabulary', () => {
  it('is the same each time, in whatever order the texts come', async () => {
    const first = await trainWordPiece(texts, { vocabularySize: 90 })
    expect(await trainWordPiece(texts, { vocabularySize: 90 })).toBe(first)
    expect(await trainWordPiece([...texts].reverse(), { vocabularySize: 90 })).toBe(first)
  })

  it('begins with the special tokens, then the characters, and has the size asked for', async () => {
    const tokens = tokensOf(await trainWordPiece(['aab aab ba', 'Aab b!'], { vocabularySize: 11, minFrequency: 1 }))
    // Pairs by count: a ##a and ##a ##b thrice each, b ##a once.
    expect(tokens).toEqual([
      '[PAD]',
      '[UNK]',
      '[CLS]',
      '[SEP]',
      '[MASK]',
      '!',
      'a',
      'b',
      '##a',
      '##b',
      expect.stringMatching(/^(aa|##ab)$/)
    ])
  })

  it('holds only pieces as frequent as asked for, a smaller one being the beginning of a larger one', async () => {
    const all = tokensOf(await trainWordPiece(texts, { vocabularySize: 1000, minFrequency: 1 }))
    const common = tokensOf(await trainWordPiece(texts, { vocabularySize: 1000, minFrequency: 100 }))
    const small = tokensOf(await trainWordPiece(texts, { vocabularySize: 60, minFrequency: 1 }))
    expect(small.length).toBe(60)
    expect(all.slice(0, 60)).toEqual(small)
    expect(common.length).toBeLessThan(all.length)
    expect(all.slice(0, common.length)).toEqual(common)
    const words = texts.join(' ').replaceAll('é', 'e').split(' ')
    for (const token of common.filter((t) => /^[a-z]{2,}$/.test(t))) {
      expect(words.filter((word) => word.startsWith(token)).length, token).toBeGreaterThanOrEqual(100)
    }
  })

  it('leaves out merges of words rarer than the threshold', async () => {
    const tokens = tokensOf(await trainWordPiece(['zq', ...texts], { vocabularySize: 1000, minFrequency: 2 }))
    expect(tokens).toContain('z')
    expect(tokens).not.toContain('zq')
  })

  it('makes a tokenizer that wraps as BERT does and knows every word it saw', async () => {
    const definition = parseJsonObject(await trainWordPiece(texts, { vocabularySize: 200 }), 'tokenizer.json')
    const tokenizer = await createTokenizer({ definition, settings: {}, specialTokensMap: {}, file: 'tokenizer.json' })
    expect(tokenizer.specialTokens).toMatchObject({ pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 })
    expect((await tokenizer.fragmentation(texts)).unknownRate).toBe(0)
    const [row] = await tokenizer.encode(['Walking RÉSUMÉS'])
    expect(await tokenizer.decode(row?.a ?? [])).toBe('walking resumes')
    const { sequences } = tokenizer.build(Int32Array.of(9), Int32Array.of(8), { maxLength: 8, truncation: 'head' })
    expect([[...(sequences[0]?.ids ?? [])], [...(sequences[0]?.typeIds ?? [])]]).toEqual([
      [2, 9, 3, 8, 3],
      [0, 0, 0, 1, 1]
    ])
  })

  it('keeps case and accents when asked to', async () => {
    const tokens = tokensOf(await trainWordPiece(['Éa Éa', 'éa éa'], { vocabularySize: 10, lowercase: false }))
    expect(tokens).toEqual([
      '[PAD]',
      '[UNK]',
      '[CLS]',
      '[SEP]',
      '[MASK]',
      'É',
      'é',
      '##a',
      expect.any(String),
      expect.any(String)
    ])
    expect(tokens.slice(8).sort()).toEqual(['Éa', 'éa'])
  })

  it('is refused when it cannot be made', async () => {
    await expect(trainWordPiece(['', '  '], { vocabularySize: 100 })).rejects.toThrow(/no words/)
    await expect(trainWordPiece(['abc'], { vocabularySize: 7 })).rejects.toThrow(/choose from 8 to 30000/)
    await expect(trainWordPiece(['abc'], { vocabularySize: 30_001 })).rejects.toThrow(/choose from 8 to 30000/)
  })
})
