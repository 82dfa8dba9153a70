import { describe, expect, it } from 'vitest'
import { continuationTokens, maskBatch, type MaskingSettings } from '../../../../../src/main/engine/training/masked-lm.ts'
import { draw } from '../../../../helpers/samples.ts'

const vocabulary = (...tokens: string[]) => ({ highestId: tokens.length - 1, tokenOf: (id: number) => tokens[id] ?? null })

describe('tokens that go on with a word', () => {
  it.each([
    ['WordPiece', vocabulary('[CLS]', 'run', '##ning', '##s', '#', '##'), [0, 0, 1, 1, 0, 1]],
    ['byte-level BPE', vocabulary('<s>', 'Ġrun', 'ning', 'Ġ', '.'), [1, 0, 1, 0, 1]],
    ['SentencePiece', vocabulary('<s>', '▁run', 'ning', '▁'), [1, 0, 1, 0]]
  ])('are known from the vocabulary of %s', (_, tokens, expected) => {
    expect([...(continuationTokens(tokens) ?? [])]).toEqual(expected)
  })

  it('are unknown where nothing marks words', () => {
    expect(continuationTokens(vocabulary('[CLS]', 'run', 'ning'))).toBeNull()
  })
})

describe('masking', () => {
  // 0 [PAD], 1 [CLS], 2 [SEP], 3 [MASK]; 4 to 11 begin words, 12 to 19 go on with them.
  const settings: MaskingSettings = {
    padId: 0,
    positionOffset: 0,
    maskId: 3,
    vocabularySize: 20,
    specialIds: new Set([0, 1, 2, 3]),
    probability: 0.3,
    continues: Uint8Array.from({ length: 20 }, (_, id) => (id >= 12 ? 1 : 0))
  }
  const texts = Array.from({ length: 200 }, (_, row) => {
    const inner = Array.from(draw(`words ${row}`, 18, (random) => 4 + random.below(16)))
    return { ids: Int32Array.from([1, ...inner, 2]), typeIds: null }
  })
  const time = 20

  /** Which words (by the place of their first token) a text has, and which of their tokens were chosen. */
  function chosen(changes: Partial<MaskingSettings>) {
    const { batch, count } = maskBatch(texts, { ...settings, ...changes }, 1, 'test')
    const places = new Set(Array.from(batch.inputs['label_positions']?.data ?? [], Number))
    expect(places.size).toBe(count)
    const words = texts.flatMap(({ ids }, row) => {
      const found: number[][] = []
      for (let i = 1; i < ids.length - 1; i++) {
        if (i === 1 || settings.continues?.[ids[i] ?? 0] === 0) found.push([])
        found.at(-1)?.push(row * time + i)
      }
      return found
    })
    return { batch, places, words }
  }

  it('of whole words takes all tokens of a word or none, and words as often as asked', () => {
    const { places, words } = chosen({})
    const taken = words.map((word) => word.filter((at) => places.has(at)).length)
    expect(words.every((word, i) => taken[i] === 0 || taken[i] === word.length)).toBe(true)
    const share = taken.filter((count) => count > 0).length / words.length
    // Four standard deviations of a share of 0.3 among this many words.
    expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / words.length))
  })

  it('of single tokens splits words', () => {
    const { places, words } = chosen({ continues: null })
    expect(words.some((word) => word.some((at) => places.has(at)) && !word.every((at) => places.has(at)))).toBe(true)
  })

  it('replaces each chosen token by itself: four in five by the mask token, one in ten by chance, one in ten not at all', () => {
    const { batch, places } = chosen({})
    const ids = Array.from(batch.inputs['input_ids']?.data ?? [], Number)
    const original = texts.flatMap((text) => [...text.ids])
    const at = [...places]
    const masked = at.filter((place) => ids[place] === 3 && original[place] !== 3).length / at.length
    const same = at.filter((place) => ids[place] === original[place]).length / at.length
    const deviation = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / at.length)
    // A random token is the mask token or the old one once in twenty.
    expect(Math.abs(masked - 0.805)).toBeLessThan(deviation(0.805))
    expect(Math.abs(same - 0.105)).toBeLessThan(deviation(0.105))
    expect(ids.every((id, place) => places.has(place) || id === original[place])).toBe(true)
  })

  it('chooses the same tokens packed and padded', () => {
    const uneven = texts.map(({ ids }, row) => ({ ids: ids.slice(0, row % 2 === 0 ? 20 : 10), typeIds: null }))
    const padded = maskBatch(uneven, settings, 1, 'test').batch
    const packed = maskBatch(uneven, { ...settings, packRoom: 60 }, 1, 'test').batch
    expect(packed.inputs['labels']).toEqual(padded.inputs['labels'])
    expect([padded, packed].map(({ sizes }) => [sizes['rows'], sizes['tokens']])).toEqual([
      [200, 4000],
      [150, 3000]
    ])
  })
})
