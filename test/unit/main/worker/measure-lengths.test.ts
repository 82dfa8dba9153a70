import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RowsWriter } from '../../../../src/main/data/datasets/rows-file.ts'
import { blocksOf, measureLengths, type LengthsInput } from '../../../../src/main/worker/measure-lengths.ts'
import { makeTinyProject } from '../../../helpers/tiny-project.ts'
import { testFolder } from '../data/folder.ts'

const { at } = testFolder()

/** Texts of `words` words that the tiny vocabulary holds, each one token. */
async function input(words: readonly number[], options: Partial<LengthsInput> = {}): Promise<LengthsInput> {
  const { folder } = await makeTinyProject(at('tiny'))
  const rowsPath = at('rows.jsonl')
  const writer = new RowsWriter(rowsPath)
  for (const [i, count] of words.entries()) await writer.add(i + 1, [Array.from({ length: count }, () => 'a').join(' '), 'a a'])
  await writer.close()
  const model = {
    name: 'Tiny',
    folder: join(folder, 'model'),
    maxLength: 10,
    truncation: 'head',
    stride: 2,
    headShare: 0.25
  } as const
  return { rowsPath, rows: words.length, text: 0, beside: null, question: null, isAsked: false, model, ...options }
}

describe('texts longer than the model reads', () => {
  test('are counted with their special tokens, and what is cut of them', async () => {
    // [CLS] and [SEP] leave 8 tokens of a text.
    const found = await measureLengths(await input([8, 9, 20, 0]), () => undefined)
    expect(found).toEqual({ looked: 3, longer: 2, tokens: 37, cut: 13, windows: 2, isSample: false })
  })

  test('are read in windows, or beside what is asked of them', async () => {
    const base = await input([8, 20])
    const model = { ...base.model!, truncation: 'windows' } as const
    const windows = await measureLengths({ ...base, model }, () => undefined)
    expect(windows).toMatchObject({ looked: 2, longer: 1, cut: 0, windows: 3 })
    const asked = await measureLengths({ ...base, model, question: 'a a', isAsked: true }, () => undefined)
    expect(asked).toMatchObject({ looked: 2, longer: 2, cut: 0 })
    expect(await measureLengths({ ...base, beside: 1 }, () => undefined)).toMatchObject({ longer: 2, tokens: 32 })
  })

  test('are estimated by words where no model is there', async () => {
    const found = await measureLengths(await input([100, 400], { model: null }), () => undefined)
    expect(found).toMatchObject({ looked: 2, longer: 1, tokens: 700 })
  })
})

test('of a large table blocks all over it are looked at, far ones first', () => {
  expect(blocksOf(150)).toEqual([0, 100])
  const blocks = blocksOf(1_000_000)
  expect([blocks.length, new Set(blocks).size, Math.max(...blocks)]).toEqual([100, 100, 990_000])
  const firstTen = blocks.slice(0, 10).toSorted((a, b) => a - b)
  expect(new Set(blocksOf(6100)).size).toBe(61)
  for (const third of [0, 1, 2])
    expect(firstTen.filter((from) => Math.floor((3 * from) / 1_000_000) === third).length).toBeGreaterThan(1)
})

test('a large table is looked at by a sample, and that is said', async () => {
  const found = await measureLengths(await input(Array.from({ length: 10_250 }, () => 12)), () => undefined)
  expect(found).toMatchObject({ isSample: true, longer: found.looked })
  expect(found.looked).toBeGreaterThan(9000)
  expect(found.looked).toBeLessThanOrEqual(10_000)
})
