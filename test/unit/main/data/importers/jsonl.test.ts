import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import type { ImportOptions } from '../../../../../src/main/data/importers/define-importer.ts'
import { jsonlImporter } from '../../../../../src/main/data/importers/jsonl.ts'
import { DEFAULT_LIMITS } from '../../../../../src/main/data/limits.ts'
import { writeJsonl } from '../../../../../src/main/data/write-csv.ts'
import { gather, refusalOf, testFolder } from '../folder.ts'

const { at, put } = testFolder()

async function read(path: string, options: ImportOptions = {}) {
  const { format, columns } = await jsonlImporter.probe(path, options)
  const rows = await gather(jsonlImporter.rows(path, format))
  return { columns, lines: rows.map(({ line }) => line), values: rows.map(({ values }) => ({ ...values })) }
}

describe('a JSON Lines file', () => {
  it('is read with its line numbers, numbers as they are written, and all keys as columns', async () => {
    const content = '\ufeff{"text":"a\\nb","id":12345678901234567890}\r\n\r\n{"text":null,"score":1.50,"ok":true}'
    const { columns, lines, values } = await read(await put('lines.jsonl', content))
    expect(columns).toEqual(['text', 'id', 'score', 'ok'])
    expect(lines).toEqual([1, 3])
    expect(values).toEqual([
      { text: 'a\nb', id: '12345678901234567890' },
      { text: null, score: '1.50', ok: 'true' }
    ])
  })

  it('keeps a key named __proto__ as a column and pollutes nothing', async () => {
    const { sample } = await jsonlImporter.probe(await put('proto.jsonl', '{"__proto__":"x","text":"a"}\n'))
    expect(sample[0]?.values['__proto__']).toBe('x')
    expect(Object.keys(sample[0]?.values ?? {})).toEqual(['__proto__', 'text'])
  })

  it('is read back as it was written', async () => {
    const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 10 }), fc.constant(null))
    const rows = fc.array(fc.dictionary(fc.string({ unit: 'binary', maxLength: 5 }), value, { maxKeys: 5 }), {
      minLength: 1,
      maxLength: 6
    })
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        const path = await put('random.jsonl', written.map((row) => JSON.stringify(row)).join('\n'))
        expect((await read(path)).values).toEqual(written.map((row) => ({ ...row })))
      }),
      { numRuns: 40 }
    )
  }, 20_000)

  it('has lists and objects as their JSON, numbers in them as they are', async () => {
    const path = await put('nested.jsonl', '{"id":7,"spans":[{"start":0,"end":4,"label":"NAME"}],"meta":{"a":null}}\n{"id":8}\n')
    const rows = await gather(jsonlImporter.rows(path, (await jsonlImporter.probe(path)).format))
    expect({ ...rows[0]?.values }).toEqual({ id: '7', spans: '[{"start":0,"end":4,"label":"NAME"}]', meta: '{"a":null}' })
    expect(rows.map(({ nested }) => nested && [...nested])).toEqual([['spans', 'meta'], undefined])
  })

  it('may be one that this application wrote', async () => {
    await writeJsonl(at('own.jsonl'), [{ text: 'a\u2028b\n' }, { text: null }])
    expect((await read(at('own.jsonl'))).values).toEqual([{ text: 'a\u2028b\n' }, { text: null }])
  })

  it('made of random bytes is read or refused, and never crashes the reader', async () => {
    const pieces = fc.array(fc.constantFrom('{', '}', '"a"', ':', ',', '[', ']', '1', 'null', '\n', '\\u0000', '"', ' '), {
      maxLength: 20
    })
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      pieces.map((list) => Buffer.from(list.join('')))
    )
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        try {
          await read(await put('bytes.jsonl', bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 150 }
    )
  })
})

describe('a faulty JSON Lines file is refused', () => {
  const good = '{"text":"a"}\n'
  const example = 'Each line must look like {"text": "…", "label": "…"}.'
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'broken JSON',
      `${good}{"text": "secret`,
      'data_json_invalid: Line 2 of bad.jsonl is not valid JSON. Each line must be one JSON object.'
    ],
    ['a list', `${good}\n["a"]\n`, `data_json_not_object: Line 3 of bad.jsonl is not a JSON object. ${example}`],
    ['a number', '12\n', `data_json_not_object: Line 1 of bad.jsonl is not a JSON object. ${example}`],
    [
      'endless nesting',
      `{"text":${'['.repeat(200_000)}`,
      'data_json_invalid: Line 1 of bad.jsonl is not valid JSON. Each line must be one JSON object.'
    ],
    [
      'a deep value',
      `{"text":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      'data_json_invalid: Line 1 of bad.jsonl is not valid JSON. Each line must be one JSON object.'
    ],
    ['an empty file', ' \n\n', 'data_file_empty: bad.jsonl is empty. It needs one JSON object per line.']
  ]
  it.each(cases)('for %s', async (_, content, expected) => {
    expect(await refusalOf(() => put('bad.jsonl', content).then((path) => read(path)))).toBe(expected)
  })

  it('for a line over the limit, in any encoding', async () => {
    const limits = { ...DEFAULT_LIMITS, rowLength: 1024 }
    const content = `${good}{"text":"${'a'.repeat(1024)}"}\n${good}`
    const expected =
      'data_line_too_long: Line 2 of long.jsonl is longer than 1 KiB. Split the text into several rows, or check that the file is a table.'
    expect(await refusalOf(async () => read(await put('long.jsonl', content), { limits }))).toBe(expected)
    const wide = Buffer.from(`\ufeff${content}`, 'utf16le')
    expect(await refusalOf(async () => read(await put('long.jsonl', wide), { limits }))).toBe(expected)
  })

  it('for more keys than the limit', async () => {
    const keys = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, 'v']))
    const path = await put('wide.jsonl', JSON.stringify(keys))
    expect(await refusalOf(() => read(path, { limits: { ...DEFAULT_LIMITS, columns: 10 } }))).toBe(
      'data_too_many_columns: Line 1 of wide.jsonl has more than 10 columns. Check the file.'
    )
  })
})

it('passes over a line that is too long where rows may be left out', async () => {
  const path = await put('long.jsonl', `{"text":"a"}\n{"text":"${'x'.repeat(2 ** 20)}"}\n{"text":"b"}\n`)
  const limits = { ...DEFAULT_LIMITS, rowLength: 2 ** 19 }
  expect(await refusalOf(() => jsonlImporter.probe(path, { limits }))).toMatch(/^data_line_too_long/)
  const { format } = await jsonlImporter.probe(path, { leaveOut: true, limits })
  const told: (string | null)[] = []
  const rows = await gather(jsonlImporter.rows(path, format, undefined, ({ place }) => told.push(place)))
  expect(rows.map(({ line, values }) => [line, values['text']])).toEqual([
    [1, 'a'],
    [3, 'b']
  ])
  expect(told).toEqual(['line 2'])
})
