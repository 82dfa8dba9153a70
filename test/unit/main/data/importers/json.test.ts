import { describe, expect, test } from 'vitest'
import { jsonImporter } from '../../../../../src/main/data/importers/json.ts'
import type { ImportOptions } from '../../../../../src/main/data/importers/define-importer.ts'
import type { OnRejected } from '../../../../../src/main/data/documents/rejected.ts'
import { DEFAULT_LIMITS } from '../../../../../src/main/data/limits.ts'
import { gather, refusalOf, testFolder } from '../folder.ts'

const { put } = testFolder()

async function read(content: string | Uint8Array, options: ImportOptions = {}, onRejected?: OnRejected) {
  const path = await put('data.json', content)
  const { columns, format } = await jsonImporter.probe(path, options)
  const rows = await gather(jsonImporter.rows(path, format, undefined, onRejected))
  return { columns, rows: rows.map(({ line, values }) => [line, { ...values }]) }
}
const refusal = (content: string | Uint8Array, options: ImportOptions = {}): Promise<string> =>
  refusalOf(() => read(content, options))

describe('a JSON file', () => {
  test('is a list of objects, however it is laid out; a row is known by its place in the list', async () => {
    const expected = {
      columns: ['text', 'id', 'yes'],
      rows: [
        [1, { text: 'a, ] } "b"', id: '12345678901234567890', yes: 'true' }],
        [2, { text: 'Grüße', id: null }]
      ]
    }
    expect(await read('[{"text":"a, ] } \\"b\\"","id":12345678901234567890,"yes":true},{"text":"Grüße","id":null}]')).toEqual(
      expected
    )
    const spread =
      '\ufeff[\n  {\n    "text": "a, ] } \\"b\\"",\n    "id": 12345678901234567890,\n    "yes": true\n  },\r\n  {"text": "Gr\\u00fc\\u00dfe", "id": null}\n]\n'
    expect(await read(spread)).toEqual(expected)
    expect(await read(Buffer.from(`\ufeff${spread.slice(1)}`, 'utf16le'))).toEqual(expected)
  })

  test('may hold objects one after the other', async () => {
    expect((await read('{"a": 1}\n{"a": 2} {"a": 3}')).rows).toEqual([
      [1, { a: '1' }],
      [2, { a: '2' }],
      [3, { a: '3' }]
    ])
  })

  test.each([
    ['', 'data_file_empty: data.json is empty. It needs a list of JSON objects: [{"text": "…", "label": "…"}].'],
    ['[]', 'data_file_empty: data.json is empty. It needs a list of JSON objects: [{"text": "…", "label": "…"}].'],
    [
      '[{"a":1},2]',
      'data_json_not_object: Row 2 of data.json is not a JSON object. Each row must look like {"text": "…", "label": "…"}.'
    ],
    [
      '[{"a":1}',
      'data_json_invalid: data.json is not valid JSON: after row 1, it ends in the middle: it may have been cut off. Correct it, or save the table as CSV (UTF-8).'
    ],
    [
      '[{"a":1}] x',
      'data_json_invalid: data.json is not valid JSON: after row 1, text or a bracket stands there that belongs to no row. Correct it, or save the table as CSV (UTF-8).'
    ],
    ['[{"a":1]]', 'data_json_invalid: Row 1 of data.json is not valid JSON. Each row must be one JSON object.'],
    [
      '{"a":1}}',
      'data_json_invalid: data.json is not valid JSON: after row 1, text or a bracket stands there that belongs to no row. Correct it, or save the table as CSV (UTF-8).'
    ]
  ])('%s is refused in so many words', async (content, expected) => expect(await refusal(content)).toBe(expected))

  test('leaves rows out that cannot be read where it may, and tells which', async () => {
    const rejected: unknown[] = []
    const { rows } = await read('[{"a":1},{"a":[1]},{a:1},7,{"a":2}]', { leaveOut: true }, (one) => rejected.push(one))
    expect(rows).toEqual([
      [1, { a: '1' }],
      [2, { a: '[1]' }],
      [5, { a: '2' }]
    ])
    expect(rejected).toEqual([
      { file: 'data.json', place: 'row 3', reason: expect.stringMatching(/not valid JSON/) },
      { file: 'data.json', place: 'row 4', reason: expect.stringMatching(/not a JSON object/) }
    ])
  })

  test('is bounded: long rows, many columns, endless nesting', async () => {
    const small = { ...DEFAULT_LIMITS, rowLength: 1000 }
    expect(await refusal(`[{"a":"${'x'.repeat(2000)}"}]`, { limits: small })).toMatch(
      /^data_line_too_long: Row 1 of data\.json is longer/
    )
    expect(
      (await read(`[${Array.from({ length: 500 }, (_, i) => `{"a":${i}}`).join(',')}]`, { limits: small })).rows
    ).toHaveLength(500)
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`c${i}`, 1]))
    expect(await refusal(JSON.stringify([wide]))).toMatch(
      /^data_too_many_columns: Row 1 of data\.json has more than 4096 columns/
    )
    expect(await refusal(`[${'['.repeat(200_000)}${']'.repeat(200_000)}]`)).toMatch(/^data_json_(?:invalid|not_object): Row 1/)
  })
})
