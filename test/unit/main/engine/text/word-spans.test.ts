import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadTokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import { wordOfTokens, wordSpans } from '../../../../../src/main/engine/text/word-spans.ts'

const fixtures = join(import.meta.dirname, '../../../../fixtures/tokenizers')
const text = ' Café 😀😀x  größe,\nnaïve e\u0301a '

describe('the words of a text', () => {
  test('are what stands between white space, in UTF-16 units', () => {
    expect(wordSpans(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'Café',
      '😀😀x',
      'größe,',
      'naïve',
      'e\u0301a'
    ])
  })

  test.each(['bert-uncased', 'distilbert-cased', 'roberta', 'xlm-roberta'])(
    'own every token of %s, in their order',
    async (name) => {
      const tokenizer = await loadTokenizer(join(fixtures, name))
      const [encoded] = await tokenizer.encode([text])
      const spans = await tokenizer.spans(text)
      expect(spans).toHaveLength(encoded!.a.length)
      const words = wordSpans(text)
      const owners = [...wordOfTokens(text, words, spans)].filter((word) => word >= 0)
      expect(new Set(owners)).toEqual(new Set([0, 1, 2, 3, 4]))
      expect(owners).toEqual(owners.toSorted((a, b) => a - b))
    }
  )

  test('follow a token of white space, and end with the text', () => {
    const words = wordSpans('a b')
    expect([
      ...wordOfTokens('a b', words, [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 3]
      ])
    ]).toEqual([0, 1, 1, -1])
  })
})
