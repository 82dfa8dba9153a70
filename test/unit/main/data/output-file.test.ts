import { mkdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { checkOutput } from '../../../../src/main/data/output-file.ts'
import { writeCsv, writeJsonl } from '../../../../src/main/data/write-csv.ts'
import { refusalOf, testFolder } from './folder.ts'

const { at, put } = testFolder()

const input = async (): Promise<string> => put('rows.csv', 'id,text\n1,a\n')

describe('a place for answers', () => {
  it('may be new, empty, or hold earlier answers', async () => {
    const rows = await input()
    await put('empty.csv', '')
    await writeCsv(at('classes.csv'), ['id', 'label', 'confidence', 'probability: a'], [['1', 'a', 0.5, 0.5]])
    await writeCsv(at('numbers.csv'), ['id', 'label'], [['1', 2.5]])
    await writeJsonl(at('lines.jsonl'), [{ id: 'a "1"', label: 'a', probabilities: { a: 1 }, logits: [1] }])
    for (const name of ['new.csv', 'empty.csv', 'classes.csv', 'numbers.csv'])
      expect(await checkOutput(at(name), rows)).toBe('csv')
    expect(await checkOutput(at('lines.jsonl'), rows)).toBe('jsonl')
  })

  it.each([
    ['notes.csv', 'precious\n'],
    ['gold.csv', 'id,label,text\n1,a,b\n'],
    ['events.jsonl', '{"event":"step","step":1}\n'],
    ['rows.jsonl', '{"id":"1","text":"a"}\n']
  ])('may not hold anything else (%s)', async (name, content) => {
    const rows = await input()
    expect(await refusalOf(async () => checkOutput(await put(name, content), rows))).toBe(
      `output_exists: ${name} exists and holds something else than answers. Name another file with --out, or move this one away.`
    )
  })

  it('may not be the rows themselves, by whatever name, nor a folder', async () => {
    const rows = await input()
    await mkdir(at('inner.csv'))
    expect(await refusalOf(() => checkOutput(at('inner.csv/../rows.csv'), rows))).toMatch(
      /^output_is_input: rows\.csv is the file/
    )
    expect(await refusalOf(() => checkOutput(at('inner.csv'), rows))).toMatch(/^output_is_folder: inner\.csv cannot be written/)
  })
})
