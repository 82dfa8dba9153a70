import { beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import { checkTokenizerFits } from '../../../../../src/main/engine/text/check.ts'
import { loadTokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import type { Tokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import { FIXTURES } from './fixture.ts'

let tokenizer: Tokenizer
beforeAll(async () => {
  tokenizer = await loadTokenizer(`${FIXTURES}bert-uncased`)
})

describe('a tokenizer and a model', () => {
  it('that fit pass, to the last token and position', () => {
    const needs = {
      vocabSize: tokenizer.vocabularySize,
      maxPositions: 64,
      maxLength: 64,
      roles: ['pad', 'mask'],
      pairs: true
    } as const
    expect(() => checkTokenizerFits(tokenizer, needs)).not.toThrow()
    expect(() => checkTokenizerFits(tokenizer, { ...needs, maxLength: 4 })).not.toThrow()
  })

  it('with too few embeddings are refused with both numbers', () => {
    const check = () =>
      checkTokenizerFits(tokenizer, { vocabSize: tokenizer.highestId, maxPositions: 64, configFile: 'm/config.json' })
    expect(check).toThrow(InputError)
    expect(check).toThrow(`ids up to ${tokenizer.highestId}, but vocab_size in m/config.json is ${tokenizer.highestId}`)
  })

  it('with too few positions are refused with both numbers', () => {
    const check = () => checkTokenizerFits(tokenizer, { vocabSize: 30_000, maxPositions: 512, maxLength: 513 })
    expect(check).toThrow(/max_length is 513, but the model has positions for only 512 tokens/)
  })

  it('with no room beside the special tokens are refused', () => {
    const needs = { vocabSize: 30_000, maxPositions: 512, maxLength: 3 }
    expect(() => checkTokenizerFits(tokenizer, needs)).not.toThrow()
    expect(() => checkTokenizerFits(tokenizer, { ...needs, pairs: true })).toThrow(/3 special tokens .* set it to 4 or more/)
  })

  it('without a special token or a form for pairs are refused by name', () => {
    const maskless = { ...tokenizer, specialTokens: { ...tokenizer.specialTokens, mask: null } }
    const needs = { vocabSize: 30_000, maxPositions: 512 }
    expect(() => checkTokenizerFits(maskless, needs)).not.toThrow()
    expect(() => checkTokenizerFits(maskless, { ...needs, roles: ['mask'] })).toThrow(/no mask token/)
    const single = { ...tokenizer, template: { ...tokenizer.template, pair: null } }
    expect(() => checkTokenizerFits(single, { ...needs, pairs: true })).toThrow(/no form for pairs/)
  })
})
