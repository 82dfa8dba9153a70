import { expect, it } from 'vitest'
import { arraysOf } from '../../../../helpers/lists.ts'
import { TagSet } from '../../../../../src/main/engine/tasks/tags.ts'
import { TokenTableBuilder } from '../../../../../src/main/engine/text/token-table.ts'
import { createTokenizer, type Tokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import { trainWordPiece } from '../../../../../src/main/engine/text/train-wordpiece.ts'
import {
  buildTokenExamples,
  offsetColumns,
  offsetRow,
  type Labelled
} from '../../../../../src/main/engine/training/token-examples.ts'

const texts = ['ab ba ab ba ab ba ab ba ab ba', 'ba', 'abba ab']
const marks = [[{ start: 3, end: 8, label: 'X' }], [], [{ start: 0, end: 4, label: 'X' }]]
const tags = new TagSet(['X'], 'BIO')

async function make(maxLength: number, truncation: 'windows' | 'head', labelled: Labelled = 'first') {
  const definition = JSON.parse(await trainWordPiece(['ab ba ab ba a b'], { vocabularySize: 11, minFrequency: 1 })) as Record<
    string,
    unknown
  > // As it was just written.
  const tokenizer: Tokenizer = await createTokenizer({ definition, settings: {}, specialTokensMap: {}, file: 'tokenizer.json' })
  const builder = new TokenTableBuilder(offsetColumns)
  for (const { a, offsetsA } of await tokenizer.encode(texts, null, { offsets: true }))
    builder.addRow(...offsetRow(a, offsetsA ?? new Int32Array(0)))
  const settings = { maxLength, truncation, windowStride: 2, headShare: 0.25 }
  return buildTokenExamples({
    tokenizer,
    table: builder.finish(),
    texts,
    rows: Int32Array.of(0, 1, 2),
    marks,
    tags,
    labelled,
    settings
  })
}

it('Each word is asked once, in the window where it stands furthest from a cut', async () => {
  const { tagged, sequences, rowOf, truncatedRows } = await make(6, 'windows')
  expect(truncatedRows).toBe(0)
  const asked = arraysOf(tagged.units)
    .flat()
    .sort((a, b) => a - b)
  expect(asked).toEqual(Array.from(tagged.tags, (_, unit) => unit))
  // Windows of four words [0-3] [2-5] [4-7] [6-9]: words 2 and 3 are shared, and 3 stands deeper in the second.
  const first = [...rowOf.keys()].filter((i) => rowOf[i] === 0)
  expect(sequences.length).toBe(rowOf.length)
  expect(first.map((i) => [...tagged.units.at(i)])).toEqual([
    [0, 1, 2],
    [3, 4],
    [5, 6],
    [7, 8, 9]
  ])
  expect(first.map((i) => [...tagged.places.at(i)])[1]).toEqual([2, 3])
})

it('Tags follow the marks, over windows and within a row, and cut words are left out', async () => {
  const whole = await make(20, 'windows')
  expect([...whole.tagged.starts]).toEqual([0, 10, 11, 13])
  expect([...whole.tagged.tags]).toEqual([0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0])
  const cut = await make(6, 'head')
  expect([...cut.tagged.starts].slice(0, 2)).toEqual([0, 4])
  expect(cut.truncatedRows).toBeGreaterThan(0)
  const all = await make(20, 'windows', 'all')
  expect(all.tagged.tags.length).toBeGreaterThan(whole.tagged.tags.length)
})
