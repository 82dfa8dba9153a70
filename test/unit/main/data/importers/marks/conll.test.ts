import { describe, expect, it } from 'vitest'
import { importerFor } from '../../../../../../src/main/data/importers/index.ts'
import { conllLayoutOf } from '../../../../../../src/main/data/importers/marks/conll-layout.ts'
import { spansOfTags } from '../../../../../../src/main/data/importers/marks/tags.ts'
import { gather, refusalOf, testFolder } from '../../folder.ts'
import { readMarks } from './reading.ts'

const { put } = testFolder()

const conll2003 = `-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O
German JJ B-NP B-MISC
call NN I-NP O
. . O O

Peter NNP B-NP B-PER
Blackburn NNP I-NP I-PER

-DOCSTART- -X- -X- O

BRUSSELS NNP B-NP B-LOC
`

describe('tagged words', () => {
  it('of CoNLL-2003 become documents with a line for each sentence', async () => {
    const { marks, rows, columns } = await readMarks(await put('eng.conll', conll2003))
    expect(marks).toBe('conll')
    expect(columns).toEqual(['text', 'spans', 'id'])
    expect(rows.map(({ line, values, marks: all }) => [line, values['id'], values['text'], all])).toEqual([
      [3, '1', 'EU rejects German call .\nPeter Blackburn', ['ORG:EU', 'MISC:German', 'PER:Peter Blackburn']],
      [14, '2', 'BRUSSELS', ['LOC:BRUSSELS']]
    ])
  })

  it('without marks of documents become one for each sentence, in two columns, with CR LF and a BOM', async () => {
    const content = '\ufeffAnn\tB-PER\r\nvan der Holm\tI-PER\r\n\r\n🙂\tO\r\nאב\tB-PER\r\n'
    const { rows } = await readMarks(await put('two.tsv', content))
    expect(rows.map(({ line, values, marks }) => [line, values['text'], marks])).toEqual([
      [1, 'Ann van der Holm', ['PER:Ann van der Holm']],
      [4, '🙂 אב', ['PER:אב']]
    ])
  })

  it('of CoNLL-U and GermEval have numbers before and take the outer tags', async () => {
    const content =
      '# sent_id = s-1\n# text = Im Kölner\n1-2\tIm\t_\t_\n1\tIn\tO\tO\n2\tdem\tO\tO\n3\tKölner\tB-ORG\tB-LOC\n4\tZoo\tI-ORG\tO\n\n#\thttp://x.org [2009]\n1\tAnn\tB-PER\tO\n\n'
    const { rows } = await readMarks(await put('ger.conllu', content))
    expect(rows.map(({ values, marks }) => [values['id'], values['text'], marks])).toEqual([
      ['s-1', 'In dem Kölner Zoo', ['ORG:Kölner Zoo']],
      ['2', 'Ann', ['PER:Ann']]
    ])
  })

  it('may hold a hash as a word', async () => {
    const { rows } = await readMarks(await put('hash.bio', 'Ann B-PER\n# O\n7 O\n'))
    expect(rows[0]?.values['text']).toBe('Ann # 7')
  })

  const schemes: readonly (readonly [string, string, readonly string[]])[] = [
    ['IOB2', 'B-A I-A B-A O B-B', ['0-2 A', '2-3 A', '4-5 B']],
    ['IOB1', 'I-A I-A B-A O I-B', ['0-2 A', '2-3 A', '4-5 B']],
    ['BILOU', 'B-A L-A U-A O U-B', ['0-2 A', '2-3 A', '4-5 B']],
    ['IOBES', 'B-A E-A S-A O S-B', ['0-2 A', '2-3 A', '4-5 B']],
    ['types without B and I', 'A A O B B O O', ['0-2 A', '3-5 B']],
    // What seqeval reads from broken sequences: a type that changes, an end that was not begun, one that goes on after its end.
    ['IOB1', 'I-A I-B B-B O O', ['0-1 A', '1-2 B', '2-3 B']],
    ['IOBES', 'E-A I-A E-A O B-B', ['0-1 A', '1-3 A', '4-5 B']]
  ]
  it.each(schemes)('in %s (%s) are told and read', async (scheme, tags, expected) => {
    const words = tags.split(' ').map((tag, i) => ({ start: i, end: i + 1, tag }))
    expect(spansOfTags(words).map(({ start, end, label }) => `${start}-${end} ${label}`)).toEqual(expected)
    const path = await put('scheme.conll', `${words.map(({ tag }) => `w ${tag}`).join('\n')}\n`)
    expect((await conllLayoutOf(path))?.scheme).toBe(scheme)
  })

  it('leave a document out whose line has no tag, or another one', async () => {
    const many = Array.from({ length: 200 }, () => 'w\tO').join('\n\n')
    const { rows, left } = await readMarks(await put('bad.tsv', `${many}\n\nAnn\tB-PER\n\nBo\n\nCy\tX-PER\n\nDi\tB-PER\n`))
    expect(rows).toHaveLength(202)
    expect(left).toEqual([
      'line 403: Its line 403 has no word with a tag.',
      'line 405: Its line 405 has a tag that is none of B-TYPE, I-TYPE, O and the like.'
    ])
  })

  it('leave a document out that never ends', async () => {
    const path = await put('endless.conll', `Ann B-PER\n\n${'word O\n'.repeat(400)}\nBo B-PER\n`)
    const importer = importerFor(path)
    const { format } = await importer.probe(path)
    const left: string[] = []
    const short = { ...format, limits: { ...format.limits, rowLength: 1000 } }
    const rows = await gather(importer.rows(path, short, undefined, ({ reason }) => left.push(reason)))
    expect(rows.map(({ values }) => values['text'])).toEqual(['Ann', 'Bo'])
    expect(left).toEqual([
      'It is longer than 1000 characters. Put an empty line after each sentence, or -DOCSTART- between documents.'
    ])
  })

  it('are not seen in a table', async () => {
    const path = await put('table.tsv', 'text\tlabel\nAnn called\tpositive\nBo left\tnegative\n')
    expect(
      (await readMarks(path).catch(() => null)) === null || (await importerFor(path).probe(path)).format.marks === undefined
    ).toBe(true)
    expect((await importerFor(path).probe(path)).columns).toEqual(['text', 'label'])
  })

  it('without tags are refused', async () => {
    expect(await refusalOf(async () => readMarks(await put('plain.conll', 'Ann\nBo\n')))).toBe(
      'data_conll_no_tags: plain.conll has no column of tags such as B-NAME, I-NAME and O. It needs one word a line, its tag beside it, and an empty line after each sentence.'
    )
  })
})
