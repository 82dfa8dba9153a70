import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { wordsIn } from '../../../../../src/main/base/words-in.ts'
import { tokenUnits, wordUnits } from '../../../../../src/main/engine/text/text-units.ts'
import { createTokenizer, type Tokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import { trainWordPiece } from '../../../../../src/main/engine/text/train-wordpiece.ts'

let pieces: Tokenizer
let bytes: Tokenizer

beforeAll(async () => {
  const texts = ['the cat and the hat', 'Müller, Köln: 12.03.', 'naïve café']
  const definition = JSON.parse(await trainWordPiece(texts, { vocabularySize: 80, minFrequency: 1, lowercase: true })) as Record<
    string,
    unknown
  > // As it was just written.
  pieces = await createTokenizer({ definition, settings: {}, specialTokensMap: {}, file: 'tokenizer.json' })
  bytes = await createTokenizer({ definition: byteLevel(definition), settings: {}, specialTokensMap: {}, file: 'tokenizer.json' })
})

/** A byte-level tokenizer without merges: every byte is a token, so that characters fall apart. */
function byteLevel(template: Record<string, unknown>): Record<string, unknown> {
  const shown = Array.from({ length: 256 }, (_, byte) => byte)
  const isPlain = (byte: number): boolean => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let next = 256
  const names = shown.map((byte) => String.fromCodePoint(isPlain(byte) ? byte : next++))
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  const vocabulary = Object.fromEntries([...special, ...names].map((name, id) => [name, id]))
  const level = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true }
  return {
    ...template,
    normalizer: null,
    pre_tokenizer: level,
    decoder: { ...level },
    model: { type: 'BPE', vocab: vocabulary, merges: [] }
  }
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 25 }),
  fc.string({ unit: 'grapheme-composite', maxLength: 15 }),
  fc.string({ maxLength: 15 }).map((text) => `${text}\ud800 ${text}`),
  fc
    .array(fc.constantFrom('Müller', ',', ' ', '😀', '漢字', 'ไทย', 'e\u0301', '12', '\u200d', '\n', 'שלום'), { maxLength: 12 })
    .map((parts) => parts.join(''))
)

async function offsetsOf(tokenizer: Tokenizer, text: string): Promise<{ offsets: Int32Array; tokens: number }> {
  const [encoded] = await tokenizer.encode([text], null, { offsets: true })
  return { offsets: encoded?.offsetsA ?? new Int32Array(0), tokens: encoded?.a.length ?? 0 }
}

describe.each(['word pieces', 'single bytes'])('units of any text by %s', (kind) => {
  it('lie within it, in order and apart, each with a token of its own, and hold no white space at their ends', async () => {
    const tokenizer = kind === 'word pieces' ? pieces : bytes
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const { offsets, tokens } = await offsetsOf(tokenizer, text)
        expect(offsets.length).toBe(2 * tokens)
        const units = wordUnits(text, offsets)
        for (const [i, { start, end, token }] of units.entries()) {
          expect(start).toBeLessThan(end)
          expect(start).toBeGreaterThanOrEqual(units[i - 1]?.end ?? 0)
          expect(end).toBeLessThanOrEqual(text.length)
          expect(token).toBeGreaterThan(units[i - 1]?.token ?? -1)
          expect(token).toBeLessThan(tokens)
          expect(text.slice(start, end)).toMatch(/^\S[\s\S]*\S$|^\S$/)
        }
        for (const { start, end } of tokenUnits(text, offsets)) expect(text.slice(start, end).trim().length).toBeGreaterThan(0)
      }),
      { numRuns: 150 }
    )
  }, 20_000)
})

it('Words of letters and digits stand whole, other characters and those of scripts without spaces alone', () => {
  const text = 'Dr. Müller-Lüdenscheidt, 12mg: 漢字です e\u0301t\u00e9 😀!'
  expect(wordsIn(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    'Dr',
    '.',
    'Müller',
    '-',
    'Lüdenscheidt',
    ',',
    '12mg',
    ':',
    '漢',
    '字',
    'で',
    'す',
    'e\u0301t\u00e9',
    '😀',
    '!'
  ])
})

it('Every word of a plain text is a unit, whatever the tokenizer', async () => {
  const text = 'the cat, 😀 Müller and the 12 hats.'
  for (const tokenizer of [pieces, bytes]) {
    const { offsets } = await offsetsOf(tokenizer, text)
    expect(wordUnits(text, offsets).map(({ start, end }) => ({ start, end }))).toEqual(wordsIn(text))
  }
})
