import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DocumentReader } from '../../../../../src/main/data/documents/document-reader.ts'
import { UnreadableDocument } from '../../../../../src/main/data/documents/rejected.ts'
import { makeDocx, makeEml, makePdf, paragraph } from '../../../../helpers/documents.ts'

const nested = (tag: string, depth: number): string => `${`<${tag}>`.repeat(depth)}${`</${tag}>`.repeat(depth)}`
const attributes = Array.from({ length: 200_000 }, (_, i) => ` w:a${i}="1"`).join('')
const relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="x" TargetMode="External" Target="file:///etc/passwd"/></Relationships>`
const pdf = makePdf([['Text of a page.']]).toString('latin1')
const changed = (from: string, to: string): Buffer => {
  expect(pdf).toContain(from)
  return Buffer.from(pdf.replace(from, to), 'latin1')
}

/** Documents that no program writes, and what may come of each: its text, or that it is left out. */
const DOCUMENTS: readonly (readonly [name: string, bytes: () => Buffer])[] = [
  ['nested.docx', () => makeDocx(nested('w:ins', 100_000))],
  ['attributes.docx', () => makeDocx(`<w:p${attributes}><w:r><w:t>x</w:t></w:r></w:p>`)],
  ['paragraphs.docx', () => makeDocx(paragraph('x').repeat(30_000))],
  [
    'external.docx',
    () =>
      makeDocx(`${paragraph('Text.')}<w:p><w:hyperlink xmlns:r="r" r:id="rId9"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>`, {
        parts: [{ name: 'word/_rels/document.xml.rels', data: relations }]
      })
  ],
  [
    'names.docx',
    () =>
      makeDocx(paragraph('Text.'), {
        parts: [
          { name: '../../escape.xml', data: 'x' },
          { name: 'word/document.xml/..', data: 'x' }
        ]
      })
  ],
  [
    'laughs.docx',
    () =>
      makeDocx('<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>', {
        prolog: `<!DOCTYPE l [<!ENTITY l0 "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')}]>`
      })
  ],
  ['count.pdf', () => changed('/Count 1', '/Count 999999999')],
  ['tree.pdf', () => changed('/Kids [10 0 R]', '/Kids [2 0 R]')],
  ['box.pdf', () => changed('[0 0 595 842]', '[0 0 9e30 9e30]')],
  ['length.pdf', () => changed('/FlateDecode', '/FlateDecode /DecodeParms << /Predictor 12 /Columns 999999999 >>')],
  ['twice.pdf', () => makePdf([['x']], { packed: deflateSync(Buffer.from('q '.repeat(300_000))) })],
  ['font.pdf', () => changed('/BaseFont /Helvetica', '/BaseFont /Helvetica /ToUnicode 3 0 R /Widths 3 0 R')],
  ['xref.pdf', () => Buffer.from(pdf.replace(/startxref\n\d+/, 'startxref\n99999999'), 'latin1')],
  ['header.eml', () => makeEml({ Subject: 'x'.repeat(5_000_000) }, [['text/plain', 'x']])],
  [
    'parts.eml',
    () =>
      makeEml(
        { Subject: 'x' },
        Array.from({ length: 8_000 }, () => ['text/plain', 'y'] as const)
      )
  ],
  ['base64.eml', () => makeEml({ Subject: 'x' }, [['text/plain\r\nContent-Transfer-Encoding: base64', '!'.repeat(3_000_000)]])],
  ['charset.eml', () => makeEml({ Subject: '=?x-no-such?Q?=41?=' }, [['text/plain; charset=x-no-such-charset', 'abc']])],
  [
    'html.eml',
    () => makeEml({ Subject: 'x' }, [['text/html', `${'<div>'.repeat(200_000)}deep${'&#x110000;&#xD800;'.repeat(1000)}`]])
  ]
]

describe('documents that no program writes', () => {
  let folder: string
  let reader: DocumentReader
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-hostile-'))
    reader = new DocumentReader({ patience: 10_000 })
    await writeFile(join(folder, 'good.docx'), makeDocx(paragraph('Fine.')))
  })
  afterAll(async () => {
    await reader.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  test.each(DOCUMENTS)('%s is read or left out, and the next document is read', { timeout: 90_000 }, async (name, bytes) => {
    await writeFile(join(folder, name), bytes())
    const read = await reader.read({ path: join(folder, name), name }).catch((error: unknown) => error)
    if (read instanceof Error) expect(read).toBeInstanceOf(UnreadableDocument)
    else expect(JSON.stringify(read)).not.toMatch(/root:|haha|passwd/)
    expect((await reader.read({ path: join(folder, 'good.docx'), name: 'good.docx' })).text).toBe('Fine.')
  })

  test('what is harmless about them is read', async () => {
    const textOf = async (name: string): Promise<string> => (await reader.read({ path: join(folder, name), name })).text
    expect(await textOf('external.docx')).toBe('Text.\nlink')
    await expect(textOf('names.docx')).rejects.toThrow(/damaged/)
    expect(await textOf('box.pdf')).toBe('Text of a page.')
    expect(await textOf('xref.pdf')).toBe('Text of a page.')
    expect(await textOf('charset.eml')).toBe('abc')
  })
})
