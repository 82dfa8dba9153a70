import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadTokenizer, type Tokenizer } from '../../../../src/main/engine/text/tokenizer.ts'
import { fitOf } from '../../../../src/main/worker/fit-run.ts'

let folder: string
let tokenizer: Tokenizer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-fit-'))
  const vocab = { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, heart: 4, pain: 5, '##ful': 6, '.': 7, of: 8 }
  const special = Object.entries(vocab).slice(0, 4)
  const definition = {
    version: '1.0',
    added_tokens: special.map(([content, id]) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false
    })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab }
  }
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(definition))
  tokenizer = await loadTokenizer(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the fit counts whole words, pieces, unknown tokens and what lies beyond the limit', async () => {
  // By hand: words heart, painful (2 pieces), of, zebra (unknown): 2 of 4 whole; 5 pieces for 4 words; tokens 6 with the full stop.
  const fit = await fitOf(tokenizer, ['Heart painful of zebra.', 'heart'], 5)
  expect(fit).toEqual({
    texts: 2,
    wholeWords: 3 / 5,
    tokensPerWord: 6 / 5,
    unknown: 1 / 7,
    limit: 5,
    // Three tokens have room beside the two special ones.
    longTexts: 1 / 2,
    cutTokens: 3 / 7
  })
})
