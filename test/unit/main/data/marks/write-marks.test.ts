import { readdir, readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBrat } from '../../../../../src/main/data/importers/marks/brat.ts'
import { conllLines } from '../../../../../src/main/data/marks/conll-lines.ts'
import { markedDocuments } from '../../../../../src/main/data/marks/read-marks.ts'
import { writeMarks, type MarkFormat } from '../../../../../src/main/data/marks/write-marks.ts'
import type { MarkedDocument } from '../../../../../src/main/data/spans/span.ts'
import { gather, refusalOf, testFolder } from '../folder.ts'

const { at, put } = testFolder()

const documents: readonly MarkedDocument[] = [
  {
    id: 'a/1',
    text: '🙂 Ann saw\nDr. O’Neil at St. Mary’s.',
    spans: [
      { start: 3, end: 6, label: 'NAME' },
      { start: 15, end: 21, label: 'NAME' },
      { start: 25, end: 34, label: 'PLACE' }
    ]
  },
  { id: 'a-1', text: 'Nothing here, שלום.', spans: [] },
  { id: 'con', text: 'x Ann', spans: [{ start: 2, end: 5, label: 'NAME' }] }
]

async function* given(all: readonly MarkedDocument[] = documents): AsyncGenerator<MarkedDocument> {
  yield* all
}

const written = async (format: MarkFormat, name: string) => ({
  path: at(name),
  counts: await writeMarks(format, given(), at(name))
})

describe('marks written for another program', () => {
  it.each(['spacy', 'doccano'] as const)('%s are read back as they were', async (format) => {
    const { path, counts } = await written(format, `${format}.jsonl`)
    expect(counts).toEqual({ documents: 3, marks: 4, left: 0 })
    expect(await gather(markedDocuments(path, { text: 'text', spans: 'spans' }))).toEqual(documents)
  })

  it('CSV is read back as it was, whatever stands in a text', async () => {
    const { path, counts } = await written('csv', 'own.csv')
    expect(counts).toEqual({ documents: 3, marks: 4, left: 0 })
    expect(await gather(markedDocuments(path, { text: 'text', spans: 'spans' }))).toEqual(documents)
    const sign = fc.constantFrom('a', '🙂', ' ', '"', ',', ';', '\n', '\r\n', 'é', '|', '\t')
    const texts = fc.array(fc.array(sign, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
    let n = 0
    await fc.assert(
      fc.asyncProperty(texts, async (drawn) => {
        const all = drawn.map((parts, i): MarkedDocument => {
          const text = `x${parts.join('')}`
          return { id: `n${i}`, text, spans: [{ start: 0, end: 1 + (parts[0] ?? '').length, label: 'A "B", C' }] }
        })
        const file = at(`drawn-${n++}.csv`)
        await writeMarks('csv', given(all), file)
        expect(await gather(markedDocuments(file, { text: 'text', spans: 'spans' }))).toEqual(all)
      }),
      { numRuns: 30 }
    )
  })

  it('CSV: a text that a spreadsheet would compute begins with a quote, and its marks still fit', async () => {
    const text = '=Ann came'
    await writeMarks('csv', given([{ id: '1', text, spans: [{ start: 1, end: 4, label: 'NAME' }] }]), at('formula.csv'))
    const [read] = await gather(markedDocuments(at('formula.csv'), { text: 'text', spans: 'spans' }))
    expect(read?.text).toBe(`'${text}`)
    expect(read?.spans.map(({ start, end }) => read.text.slice(start, end))).toEqual(['Ann'])
  })

  it('BRAT: a text and its annotations for each document, under names that every system can hold', async () => {
    const { path } = await written('brat', 'brat')
    const names = await readdir(path)
    expect(names.toSorted()).toEqual(['_con.ann', '_con.txt', 'a-1-2.ann', 'a-1-2.txt', 'a-1.ann', 'a-1.txt'])
    const [text, annotations] = await Promise.all(['a-1.txt', 'a-1.ann'].map((name) => readFile(`${path}/${name}`, 'utf8')))
    expect(annotations).toBe(
      'T1\tNAME 2 5\tAnn\nT2\tNAME 14 20\tO’Neil\nT3\tPLACE 24 33\tSt. Mary’\n'.replace('Mary’\n', 'Mary’\n')
    )
    expect(readBrat(text ?? '', annotations ?? '').spans).toEqual(documents[0]?.spans)
  })

  it('CoNLL: tagged words with a line between sentences and documents', async () => {
    const { path } = await written('conll', 'own.conll')
    const read = await gather(markedDocuments(path, { text: 'text', spans: 'spans' }))
    const passages = read.map(({ text, spans }) => spans.map(({ start, end, label }) => `${label}:${text.slice(start, end)}`))
    expect(passages).toEqual([['NAME:Ann', 'NAME:O’Neil', 'PLACE:St . Mary’'], [], ['NAME:Ann']])
  })

  it('never replace what is there, nor appear in a folder that is not', async () => {
    await put('there.jsonl', 'mine')
    expect(await refusalOf(() => writeMarks('spacy', given(), at('there.jsonl')))).toContain('output_exists')
    expect(await readFile(at('there.jsonl'), 'utf8')).toBe('mine')
    expect(await refusalOf(() => writeMarks('brat', given(), at('nowhere/brat')))).toContain('output_folder_missing')
  })

  it('leave nothing behind where a document fails', async () => {
    async function* failing(): AsyncGenerator<MarkedDocument> {
      yield* documents
      throw new Error('gone')
    }
    const before = await readdir(at('.'))
    for (const format of ['brat', 'spacy'] as const)
      await expect(writeMarks(format, failing(), at('half'))).rejects.toThrow('gone')
    expect(await readdir(at('.'))).toEqual(before)
  })

  it('from a table come with the columns that are named', async () => {
    const path = await put(
      'table.csv',
      'letter,marks,id\nAnn left,"[{""start"":0,""end"":3,""label"":""N""}]",7\nnobody looked,,8\n'
    )
    expect(await gather(markedDocuments(path, { text: 'letter', spans: 'marks' }))).toEqual([
      { id: '7', text: 'Ann left', spans: [{ start: 0, end: 3, label: 'N' }] }
    ])
    expect(await refusalOf(() => gather(markedDocuments(path, { text: 'letter', spans: 'spans' })))).toContain(
      "no column 'spans'"
    )
  })
})

describe('tagged words', () => {
  it('cut words at the edges of marks and keep the outermost of marks in each other', () => {
    const found = conllLines('preAnnpost Bo', [
      { start: 3, end: 6, label: 'N' },
      { start: 11, end: 13, label: 'A B' },
      { start: 11, end: 12, label: 'C' }
    ])
    expect(found).toEqual({ lines: ['pre\tO', 'Ann\tB-N', 'post\tO', 'Bo\tB-A_B'], left: 1 })
  })

  it('hold every sign of a text but blanks, and each mark begins once', () => {
    const drawn = fc.record({
      text: fc.string({ unit: fc.constantFrom('a', 'é', '🙂', ' ', '.', '\n', 'א', '-', '7'), minLength: 1, maxLength: 20 }),
      cuts: fc.array(fc.nat(20), { maxLength: 6 })
    })
    fc.assert(
      fc.property(drawn, ({ text, cuts }) => {
        const points = Array.from(text)
        const edges = [...new Set(cuts.map((cut) => points.slice(0, cut).join('').length))].sort((a, b) => a - b)
        const spans = edges.slice(1).flatMap((end, i) => ({ start: edges[i] ?? 0, end, label: 'X' }))
        const { lines } = conllLines(text, spans)
        expect(lines.map((line) => line.split('\t')[0]).join('')).toBe(text.replace(/\s/g, ''))
        const filled = spans.filter(({ start, end }) => text.slice(start, end).trim() !== '')
        expect(lines.filter((line) => line.endsWith('B-X')).length).toBeLessThanOrEqual(filled.length)
      })
    )
  })
})
