import { Tokenizer as NativeTokenizer } from '@anush008/tokenizers'
import { describe, expect, it } from 'vitest'
import { isCharacterMap } from '../../../../../src/main/engine/text/character-map.ts'

const UNITS = 768
const UNIT_OF_A = 256 ^ 0x41

/** A map that replaces "A" with "#": the root's state is 256, the state after "A" is 512. */
function smallMap(change: (table: Uint32Array) => void = () => undefined, texts = '#\0'): string {
  const table = new Uint32Array(UNITS)
  table[0] = 256 << 10
  table[UNIT_OF_A] = ((UNIT_OF_A ^ 512) << 10) | 256 | 0x41
  table[512] = 0x80000000
  change(table)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(table.byteLength)
  return Buffer.concat([length, Buffer.from(table.buffer), Buffer.from(texts)]).toString('base64')
}

describe('a character map', () => {
  it('that is accepted is one the library follows', () => {
    const map = smallMap()
    expect(isCharacterMap(map)).toBe(true)
    const model = { type: 'WordLevel', vocab: { a: 0 }, unk_token: 'a' }
    const normalizer = { type: 'Precompiled', precompiled_charsmap: map }
    const native = NativeTokenizer.fromString(JSON.stringify({ version: '1.0', added_tokens: [], normalizer, model }))
    expect(native.getNormalizer()?.normalizeString('BAnAna')).toBe('B#n#na')
  })

  it.each([
    ['whose root leads outside', smallMap((table) => (table[0] = 1024 << 10))],
    ['whose state lies outside', smallMap((table) => (table[UNIT_OF_A] = (700_000 << 10) | 256 | 0x41))],
    ['whose text lies outside', smallMap((table) => (table[512] = 0x80000003))],
    ['whose text begins inside a character', smallMap((table) => (table[512] = 0x80000001), 'é\0')],
    ['whose texts are not UTF-8', Buffer.concat([Buffer.from(smallMap(), 'base64'), Buffer.of(0xff)]).toString('base64')],
    ['shorter than its table', Buffer.from(smallMap(), 'base64').subarray(0, 1000).toString('base64')],
    ['that is not base64', '*'],
    ['that is empty', ''],
    ['that is null', null]
  ])('%s is refused', (_, map) => {
    expect(isCharacterMap(map)).toBe(false)
  })
})
