import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import type { Encoded, Tokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import { FIXTURES, readGolden } from './fixture.ts'
import type { Golden } from './fixture.ts'

const { texts, pairs, tokenizers } = await readGolden()

describe.each(Object.entries(tokenizers))('%s against transformers', (name, golden: Golden) => {
  let tokenizer: Tokenizer
  let encoded: Encoded[]
  beforeAll(async () => {
    tokenizer = await loadTokenizer(`${FIXTURES}${name}`)
    encoded = await tokenizer.encode(texts)
  })

  function textIds(index: number): Int32Array {
    return encoded[index]?.a ?? new Int32Array()
  }

  it('has the same size and special tokens', () => {
    expect(tokenizer.vocabularySize).toBe(golden.size)
    expect(tokenizer.highestId).toBe(golden.size - 1)
    expect(tokenizer.specialTokens).toMatchObject(golden.special)
    expect([...Object.values(golden.special)].every((id) => tokenizer.specialIds.has(id))).toBe(true)
  })

  it('makes the same tokens of every text', () => {
    expect(encoded.map(({ a }) => [...a])).toEqual(golden.content)
    expect(encoded.every(({ b }) => b === null)).toBe(true)
  })

  it('makes the same tokens of the second texts', async () => {
    const rows = await tokenizer.encode(
      pairs.map(([a]) => texts[a] ?? ''),
      pairs.map(([, b]) => texts[b] ?? '')
    )
    expect(rows.map(({ a, b }) => [[...a], [...(b ?? [])]])).toEqual(
      pairs.map(([a, b]) => [golden.content[a], golden.content[b]])
    )
  })

  it.each(Object.keys(golden.single))('cuts single texts to %s tokens as transformers does', (length) => {
    const built = texts.map((_, i) => tokenizer.build(textIds(i), null, { maxLength: Number(length), truncation: 'head' }))
    expect(built.map(({ sequences }) => sequences.map((s) => [[...s.ids], [...s.typeIds]]))).toEqual(
      golden.single[length]?.map((sequence) => [sequence])
    )
    const kept = built.map(({ sequences }) => (sequences[0]?.ids.length ?? 0) - 2)
    expect(built.map(({ truncatedTokens }) => truncatedTokens)).toEqual(kept.map((k, i) => textIds(i).length - k))
  })

  it.each(Object.keys(golden.pair))('cuts pairs to %s tokens as transformers does', (length) => {
    const built = pairs.map(([a, b]) =>
      tokenizer.build(textIds(a), textIds(b), { maxLength: Number(length), truncation: 'head' })
    )
    expect(built.map(({ sequences }) => sequences.map((s) => [[...s.ids], [...s.typeIds]]))).toEqual(
      golden.pair[length]?.map((sequence) => [sequence])
    )
  })

  it.each(golden.windows)(
    'makes the same windows of text $text, $length long with stride $stride',
    ({ text, length, stride, ids }) => {
      const { sequences, truncatedTokens } = tokenizer.build(textIds(text), null, {
        maxLength: length,
        truncation: 'windows',
        stride
      })
      expect(sequences.map((s) => [...s.ids])).toEqual(ids)
      expect(truncatedTokens).toBe(0)
    }
  )

  it('makes the same tokens of rows of 100,000 characters', async () => {
    const rows = await tokenizer.encode(golden.long.map(({ repeat, times }) => repeat.repeat(times)))
    for (const [i, { tokens, sha256, head }] of golden.long.entries()) {
      const a = rows[i]?.a ?? new Int32Array()
      expect(a.length).toBe(tokens)
      expect(createHash('sha256').update(a.join(',')).digest('hex')).toBe(sha256)
      const [sequence] = tokenizer.build(a, null, { maxLength: 12, truncation: 'head' }).sequences
      expect([[...(sequence?.ids ?? [])], [...(sequence?.typeIds ?? [])]]).toEqual(head)
    }
  })

  it('decodes to the same text', async () => {
    expect(await Promise.all(golden.content.map((ids) => tokenizer.decode(ids)))).toEqual(golden.decoded)
  })

  it('takes a lone surrogate for the replacement character', async () => {
    const lone = ['\ud83d', 'seen \udc00 today', 'a\ud800', '\udfff\ud800']
    const replaced = lone.map((text) => text.replaceAll(/[\ud800-\udfff]/g, '\ufffd'))
    expect(await tokenizer.encode(lone)).toEqual(await tokenizer.encode(replaced))
  })

  it('gives each token its word', async () => {
    const [row] = await tokenizer.encode(['unbelievable review'], null, { wordIds: true })
    const words = row?.wordsA ?? new Int32Array()
    expect(words.length).toBe(row?.a.length)
    expect(new Set(words)).toEqual(new Set([0, 1]))
    expect([...words]).toEqual([...words].sort((x, y) => x - y))
  })
})

describe('a tokenizer', () => {
  it('reports progress over the rows and stops when asked', async () => {
    const tokenizer = await loadTokenizer(`${FIXTURES}bert-uncased`)
    const many = Array.from({ length: 700 }, () => 'seen today')
    const seen: number[] = []
    await tokenizer.encode(many, many, { onProgress: (done) => seen.push(done) })
    expect(seen).toEqual([256, 512, 700])
    await expect(tokenizer.encode(many, null, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
  })

  it('has a hash that only its content decides', async () => {
    const hashes = await Promise.all(
      Object.keys(tokenizers).map(async (name) => (await loadTokenizer(`${FIXTURES}${name}`)).contentHash)
    )
    expect(new Set(hashes).size).toBe(hashes.length)
    expect((await loadTokenizer(`${FIXTURES}roberta`)).contentHash).toBe((await loadTokenizer(`${FIXTURES}roberta`)).contentHash)
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  it('counts tokens per word and unknown tokens', async () => {
    const tokenizer = await loadTokenizer(`${FIXTURES}bert-uncased`)
    expect(await tokenizer.fragmentation(['the patient', 'Ꮳ \u2028 Ꮳ the'])).toEqual({
      words: 5,
      tokens: 5,
      tokensPerWord: 1,
      unknownRate: 0.4
    })
    expect(await tokenizer.fragmentation(['', '  '])).toEqual({ words: 0, tokens: 0, tokensPerWord: 0, unknownRate: 0 })
  })

  it('names tokens both ways', async () => {
    const tokenizer = await loadTokenizer(`${FIXTURES}roberta`)
    expect(tokenizer.tokenOf(0)).toBe('<s>')
    expect(tokenizer.idOf('<mask>')).toBe(tokenizer.specialTokens.mask)
    expect(tokenizer.tokenOf(10_000_000)).toBeNull()
    expect(tokenizer.idOf('no such token')).toBeNull()
  })

  it('encodes no rows', async () => {
    const tokenizer = await loadTokenizer(`${FIXTURES}roberta`)
    expect(await tokenizer.encode([])).toEqual([])
  })
})
