import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../../../src/main/base/errors.ts'
import { DEFAULT_LIMITS } from '../../../../../../src/main/data/limits.ts'
import { importerFor } from '../../../../../../src/main/data/importers/index.ts'
import { codePointOffsets } from '../../../../../../src/main/data/spans/span.ts'
import { gather, refusalOf, testFolder } from '../../folder.ts'
import { readMarks } from './reading.ts'

const { put } = testFolder()
const lines = (...items: readonly unknown[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('')

// The emoji is two UTF-16 units and one code point; the woman at work is five code points; the last name is written from right to left.
const text = '🙂 Zoë saw 👩‍⚕️ Dr. דוד לוי.'
const place = (passage: string): readonly [number, number] => {
  const points = codePointOffsets(text)
  const at = text.indexOf(passage)
  return [points[at] ?? 0, points[at + passage.length] ?? 0]
}
const [zoe, david] = [place('Zoë'), place('דוד לוי')]
const found = ['NAME:Zoë', 'DOCTOR:דוד לוי']

describe('marks in JSON Lines', () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    [
      'doccano',
      'doccano',
      {
        id: 7,
        text,
        label: [
          [...zoe, 'NAME'],
          [...david, 'DOCTOR']
        ]
      }
    ],
    [
      'doccano, newer',
      'doccano',
      {
        id: 7,
        text,
        labels: [
          [...zoe, 'NAME'],
          [...david, 'DOCTOR']
        ]
      }
    ],
    [
      'doccano, older',
      'doccano',
      {
        id: 7,
        data: text,
        label: [
          [...zoe, 'NAME'],
          [...david, 'DOCTOR']
        ]
      }
    ],
    [
      'doccano with relations',
      'doccano',
      {
        id: 7,
        text,
        entities: [
          { id: 1, label: 'NAME', start_offset: zoe[0], end_offset: zoe[1] },
          { id: 2, label: 'DOCTOR', start_offset: david[0], end_offset: david[1] }
        ],
        relations: [{ id: 1, from_id: 1, to_id: 2, type: 'sees' }],
        Comments: []
      }
    ],
    [
      'spaCy, Doc.to_json',
      'spacy',
      {
        text,
        ents: [
          { start: zoe[0], end: zoe[1], label: 'NAME' },
          { start: david[0], end: david[1], label: 'DOCTOR' }
        ],
        tokens: [{ id: 0, start: 0, end: 1 }]
      }
    ],
    [
      'spaCy, a group of spans',
      'spacy',
      {
        text,
        ents: [],
        spans: {
          sc: [
            { start: zoe[0], end: zoe[1], label: 'NAME', kb_id: '' },
            { start: david[0], end: david[1], label: 'DOCTOR', kb_id: '' }
          ]
        }
      }
    ],
    [
      'spaCy, entities',
      'spacy',
      {
        text,
        entities: [
          [...zoe, 'NAME'],
          [...david, 'DOCTOR']
        ]
      }
    ],
    [
      'spaCy, training pairs',
      'spacy',
      [
        text,
        {
          entities: [
            [...zoe, 'NAME'],
            [...david, 'DOCTOR']
          ]
        }
      ]
    ],
    [
      'Prodigy',
      'prodigy',
      {
        text,
        _input_hash: -1,
        _task_hash: 12,
        tokens: [],
        answer: 'accept',
        spans: [
          { start: zoe[0], end: zoe[1], label: 'NAME', token_start: 1, token_end: 1 },
          { start: david[0], end: david[1], label: 'DOCTOR' }
        ]
      }
    ]
  ]

  it.each(cases)('of %s are told by what the file holds', async (_, id, item) => {
    const read = await readMarks(await put('marks.jsonl', lines(item)))
    expect(read).toMatchObject({ marks: id, left: [], rows: [{ line: 1, marks: found }] })
    expect(read.columns.slice(0, 3)).toEqual(['text', 'spans', 'id'])
  })

  it.each(cases)('of %s are read from a list too', async (_, id, item) => {
    const read = await readMarks(await put('marks.json', `\ufeff${JSON.stringify([item, item], null, 2)}`))
    expect(read).toMatchObject({
      marks: id,
      rows: [
        { line: 1, marks: found },
        { line: 2, marks: found }
      ]
    })
  })

  it('bring their other values as columns, and those of meta', async () => {
    const item = {
      text: 'Ann',
      spans: [{ start: 0, end: 3, label: 'N' }],
      id: 'a1',
      meta: { source: 'ward', page: 2, deep: [1] },
      score: 1.5,
      list: [1],
      ['__proto__x']: 'p'
    }
    const read = await readMarks(await put('others.jsonl', lines(item)))
    expect(read.columns).toEqual(['text', 'spans', 'id', 'meta.source', 'meta.page', 'score'])
    expect(read.rows[0]?.values).toMatchObject({ id: 'a1', 'meta.source': 'ward', 'meta.page': '2', score: '1.5' })
  })

  it('keep an identifier beyond what a double holds', async () => {
    const read = await readMarks(
      await put('long.jsonl', '{"id":12345678901234567890,"text":"Ann","ents":[{"start":0,"end":3,"label":"N"}]}\r\n')
    )
    expect(read.rows[0]?.values['id']).toBe('12345678901234567890')
  })

  it('leave a table of labels, and one that Attune wrote, to the table', async () => {
    const table = lines({ text: 'Ann', label: ['a', 'b'] })
    expect(await refusalOf(async () => readMarks(await put('table.jsonl', table)))).toContain('list')
    const own = await put('own.jsonl', lines({ text: 'Ann', spans: '[{"start":0,"end":3,"label":"N"}]', id: '' }))
    expect((await importerFor(own).probe(own)).format.marks).toBeUndefined()
    expect((await readMarks(own)).rows[0]?.marks).toEqual(['N:Ann'])
  })
})

describe('a document that cannot be used is left out with its reason', () => {
  const good = { text: 'Ann', spans: [{ start: 0, end: 3, label: 'N' }] }
  const mark = (start: unknown, end: unknown, label: unknown = 'N') => ({ text: 'Ann', spans: [{ start, end, label }] })
  const cases: readonly (readonly [string, string])[] = [
    ['{"text":"An', 'It is not a valid JSON object.'],
    [`{"text":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'It is not a valid JSON object.'],
    ['[1,2]', 'It is not a valid JSON object.'],
    [JSON.stringify({ spans: [] }), 'It has no text.'],
    [JSON.stringify({ text: ' ', spans: [] }), 'Its text is empty.'],
    [JSON.stringify(mark(0, 4)), 'Its mark 1 lies outside the text of 3 characters.'],
    [JSON.stringify(mark(-1, 2)), 'Its mark 1 lies outside the text of 3 characters.'],
    [JSON.stringify(mark(2, 2)), 'Its mark 1 is empty: it ends where it starts, or before.'],
    [JSON.stringify(mark(2, 1)), 'Its mark 1 is empty: it ends where it starts, or before.'],
    [JSON.stringify(mark(0.5, 2)), 'Its mark 1 has no whole numbers for start and end.'],
    [JSON.stringify(mark('0', 2)), 'Its mark 1 has no whole numbers for start and end.'],
    [JSON.stringify(mark(0, 2, ' ')), 'Its mark 1 has no label.'],
    [JSON.stringify(mark(0, 2, null)), 'Its mark 1 has no label.'],
    [JSON.stringify(mark(0, 2, 'x'.repeat(201))), 'Its mark 1 has a label of more than 200 characters.'],
    [JSON.stringify({ text: 'Ann', spans: ['x'] }), 'Its mark 1 is no mark.'],
    [
      JSON.stringify({ text: 'Ann', spans: { a: good.spans, b: good.spans } }),
      'It has 2 groups of spans. Leave one of them in "spans".'
    ]
  ]
  it.each(cases)('%#', async (line, reason) => {
    const read = await readMarks(await put('bad.jsonl', `${JSON.stringify(good)}\n${line}\n\n${JSON.stringify(good)}\n`))
    expect(read.rows.map(({ line: at }) => at)).toEqual([1, 4])
    expect(read.left).toEqual([`line 2: ${reason}`])
  })

  it('when Prodigy rejected or ignored it', async () => {
    const items = ['reject', 'accept', 'ignore'].map((answer) => ({ ...good, answer }))
    const read = await readMarks(await put('answers.jsonl', lines(...items)))
    expect(read.rows.map(({ line }) => line)).toEqual([2])
    expect(read.left).toEqual(['line 1: It was rejected in Prodigy.', 'line 3: It was left open in Prodigy ("ignore").'])
  })

  it('and a file of which nothing is left is refused', async () => {
    expect(await refusalOf(async () => readMarks(await put('none.jsonl', lines(mark(0, 9)))))).toBe(
      'data_marks_none: No document of none.jsonl can be used. The first one: Its mark 1 lies outside the text of 3 characters.'
    )
  })
})

describe('marks of a text', () => {
  it('may overlap, and one that is given twice is taken once', async () => {
    const spans = [
      [0, 3],
      [0, 3],
      [1, 2],
      [0, 3]
    ].map(([start, end], i) => ({ start, end, label: i === 3 ? 'M' : 'N' }))
    expect((await readMarks(await put('same.jsonl', lines({ text: 'Ann', spans })))).rows[0]?.marks).toEqual([
      'N:Ann',
      'M:Ann',
      'N:n'
    ])
  })

  it('survive any text', async () => {
    const documents = fc.array(
      fc.record({
        text: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
        at: fc.nat(11),
        length: fc.integer({ min: 1, max: 12 })
      }),
      { minLength: 1, maxLength: 5 }
    )
    await fc.assert(
      fc.asyncProperty(documents, async (drawn) => {
        const marked = drawn.map(({ text: any, at, length }) => {
          const points = Array.from(any.toWellFormed())
          const start = Math.min(at, points.length - 1)
          return { text: points.join(''), start, end: Math.min(points.length, start + length) }
        })
        const usable = marked.filter((each) => each.text.trim() !== '')
        fc.pre(usable.length > 0)
        const path = await put(
          'any.jsonl',
          lines(...usable.map(({ text: own, start, end }) => ({ text: own, ents: [{ start, end, label: 'X' }] })))
        )
        const read = await readMarks(path)
        const expected = usable.map(({ text: own, start, end }) => [`X:${Array.from(own).slice(start, end).join('')}`])
        expect(read.rows.map(({ marks }) => marks)).toEqual(expected)
      }),
      { numRuns: 60 }
    )
  })
})

describe('a list of documents', () => {
  const item = { text: 'Ann', ents: [{ start: 0, end: 3, label: 'N' }] }
  const broken = (name: string): string =>
    `data_json_invalid: ${name} is no whole list of JSON objects: it ends too early, or brackets do not match. Export it again.`
  it.each([
    ['cut short', `[${JSON.stringify(item)},{"text":"An`],
    ['without its end', `[${JSON.stringify(item)}`],
    ['followed by something', `[${JSON.stringify(item)}] x`]
  ])('%s is refused', async (_, content) => {
    expect(await refusalOf(async () => readMarks(await put('cut.json', content)))).toBe(broken('cut.json'))
  })

  it('with a document over the limit is refused', async () => {
    const content = JSON.stringify([item, { ...item, text: 'Ann'.padEnd(3000, 'x') }])
    const limits = { ...DEFAULT_LIMITS, rowLength: 2048 }
    expect(await refusalOf(async () => readMarks(await put('big.json', content), { limits }))).toContain('longer than 2 KiB')
  })

  it('of many is read without being held', async () => {
    const count = 20_000
    const path = await put('many.json', `[${Array.from({ length: count }, () => JSON.stringify(item)).join(',\n')}]`)
    const importer = importerFor(path)
    const { format } = await importer.probe(path)
    expect(await gather(importer.rows(path, format))).toHaveLength(count)
  })

  it('made of random pieces is read or refused', async () => {
    const pieces = fc.array(fc.constantFrom(JSON.stringify(item), '[', ']', '{', '}', ',', '"', '\\', '1', ' ', '\n'), {
      maxLength: 12
    })
    await fc.assert(
      fc.asyncProperty(pieces, async (drawn) => {
        try {
          await readMarks(await put('random.json', `[${JSON.stringify(item)},${drawn.join('')}`))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 150 }
    )
  })
})
