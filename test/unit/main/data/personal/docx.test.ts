import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { MASK_ALL } from '../../../../../src/main/data/personal/actions.ts'
import { Cleaner } from '../../../../../src/main/data/personal/cleaner.ts'
import { DocumentReader } from '../../../../../src/main/data/documents/document-reader.ts'
import { archiveOf, readParts } from '../../../../../src/main/data/personal/files/docx/archive.ts'
import { docxCleaner } from '../../../../../src/main/data/personal/files/docx/docx.ts'
import { ruleFinder } from '../../../../../src/main/data/personal/find.ts'
import { Pseudonyms } from '../../../../../src/main/data/personal/surrogates/pseudonyms.ts'
import { rawZip } from '../../../../helpers/raw-zip.ts'
import { refusalOf, testFolder } from '../folder.ts'

const { at, put } = testFolder()

const run = (text: string, properties = ''): string => `<w:r>${properties}<w:t>${text}</w:t></w:r>`
const paragraph = (...runs: readonly string[]): string => `<w:p>${runs.join('')}</w:p>`
const word = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`
const bold = '<w:rPr><w:b/></w:rPr>'

const letter: Readonly<Record<string, string>> = {
  '[Content_Types].xml': '<Types/>',
  '_rels/.rels':
    '<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="http://x/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/></Relationships>',
  'word/document.xml': word(
    [
      paragraph(
        run('Dear Dr. '),
        run('An', bold),
        run('na We', bold),
        run('ber', '<w:rPr><w:i/></w:rPr>'),
        run(', born 14&#32;February '),
        run('1961.')
      ),
      paragraph(run('Tel.'), '<w:r><w:tab/><w:t>030 23125 478</w:t></w:r>'),
      '<w:p><w:del w:id="1" w:author="Anna Weber" w:date="2024-03-05T10:00:00Z"><w:r><w:delText>Frau Schmidt</w:delText></w:r></w:del></w:p>',
      '<w:p><w:r><w:instrText>HYPERLINK "mailto:anna@weber.example"</w:instrText></w:r></w:p>',
      '<w:p><w:r><w:drawing><wp:docPr id="1" name="Picture 1" descr="Photo of Mr Jones"/></w:drawing></w:r></w:p>',
      paragraph(run('R &amp; D at 5 &lt; 7 stays')),
      '<w:tbl><w:tr><w:tc><w:p><w:r><w:t xml:space="preserve"> Weber </w:t></w:r></w:p></w:tc></w:tr></w:tbl>'
    ].join('')
  ),
  'word/header1.xml': word(paragraph(run('MRN 0048213'))),
  'word/footnotes.xml': word(paragraph(run('Call Mrs Weber'))),
  'word/comments.xml':
    '<w:comments><w:comment w:author="Anna Weber" w:initials="AW"><w:p><w:r><w:t>ask Frau Schmidt</w:t></w:r></w:p></w:comment></w:comments>',
  'word/people.xml':
    '<w15:people><w15:person w15:author="Anna Weber"><w15:presenceInfo w15:providerId="AD" w15:userId="anna@weber.example"/></w15:person></w15:people>',
  'word/_rels/document.xml.rels':
    '<Relationships><Relationship Id="r1" Type="t" Target="mailto:anna@weber.example" TargetMode="External"/><Relationship Id="r2" Type="t" Target="file:///P:/weber/letter.dotx" TargetMode="External"/><Relationship Id="r3" Type="t" Target="media/image1.png"/></Relationships>',
  'word/media/image1.png': 'PNG',
  'word/embeddings/sheet.xlsx': 'PK',
  'customXml/item1.xml': '<patient><name>Mr Jones</name><born>14 February 1961</born></patient>',
  'docProps/core.xml': '<cp:coreProperties><dc:creator>Anna Weber</dc:creator></cp:coreProperties>',
  'docProps/app.xml': '<Properties><Company>Praxis Weber</Company></Properties>',
  'docProps/custom.xml': '<Properties><property name="Patient"><vt:lpwstr>Weber</vt:lpwstr></property></Properties>',
  'docProps/thumbnail.jpeg': 'JPEG'
}

const secrets = [
  'Anna',
  'Weber',
  'weber',
  'Schmidt',
  'Jones',
  '1961',
  '23125',
  '0048213',
  'AW"',
  'Photo of Mr Jones',
  '2024-03-05'
]

async function cleaned(parts: Readonly<Record<string, string>>, actions = MASK_ALL) {
  const archive = await archiveOf(new Map(Object.entries(parts).map(([name, text]) => [name, Buffer.from(text)])))
  return cleanedFile(await put('in.docx', archive), actions)
}

async function cleanedFile(path: string, actions = MASK_ALL) {
  const cleaner = new Cleaner({
    find: ruleFinder(),
    actions,
    pseudonyms: new Pseudonyms(new Uint8Array(32)),
    visible: 0,
    found: 0
  })
  const job = {
    cleaner,
    documents: new DocumentReader(),
    columns: null,
    leftColumns: new Set<string>(),
    isFolder: false,
    groupColumn: null,
    group: '',
    signal: new AbortController().signal
  }
  const { notes } = await docxCleaner.clean(path, at('out.docx'), job)
  const out = await readParts(await readFile(at('out.docx')), 'out.docx')
  return { notes, text: (name: string): string => out.get(name)?.toString('utf8') ?? '', names: [...out.keys()], all: [...out] }
}

describe('a cleaned Word document', () => {
  it('holds nothing of what was found, in no part', async () => {
    const { all } = await cleaned(letter)
    for (const [name, bytes] of all) for (const secret of secrets) expect(bytes.toString('utf8'), name).not.toContain(secret)
  })

  it('keeps its layout: every tag, and text that says nothing', async () => {
    const { text } = await cleaned(letter)
    const tags = (xml: string): readonly string[] =>
      (xml.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/ xml:space="preserve"|(?:w:(?:author|date)|descr)="[^"]*"/g, ''))
    expect(tags(text('word/document.xml'))).toEqual(tags(letter['word/document.xml'] ?? ''))
    expect(text('word/document.xml')).toContain('R &amp; D at 5 &lt; 7 stays')
    expect(text('word/document.xml')).toContain(
      `Dear Dr. </w:t></w:r><w:r>${bold}<w:t xml:space="preserve">[NAME]</w:t></w:r><w:r>${bold}<w:t xml:space="preserve"></w:t>`
    )
  })

  it('finds in one part the name that another part tells', async () => {
    expect((await cleaned(letter)).text('word/footnotes.xml')).toContain('Call Mrs [NAME]')
    expect((await cleaned(letter)).text('word/document.xml')).toContain(' [NAME] </w:t>')
  })

  it('has no properties, no thumbnail and no paths', async () => {
    const { text, names } = await cleaned(letter, { byKind: {}, other: 'leave' })
    expect(names).not.toContain('docProps/thumbnail.jpeg')
    expect(text('_rels/.rels')).toContain('word/document.xml')
    expect(text('_rels/.rels')).not.toContain('thumbnail')
    expect(text('docProps/core.xml')).not.toContain('Weber')
    expect(text('docProps/custom.xml')).not.toContain('Weber')
    expect(text('word/people.xml')).toContain('w15:author="Author"')
    expect(text('word/_rels/document.xml.rels')).toContain('Target="about:blank"')
    expect(text('word/_rels/document.xml.rels')).toContain('Target="media/image1.png"')
  })

  it('says what was not looked at', async () => {
    const { notes } = await cleaned(letter)
    expect(notes).toHaveLength(2)
    expect(notes.join(' ')).toMatch(/1 picture .*1 embedded file/)
  })
})

describe('documents that would do harm', () => {
  const document = (xml: string): Readonly<Record<string, string>> => ({ 'word/document.xml': xml })

  it('are refused where they declare entities', async () => {
    expect(await refusalOf(() => cleaned(document('<!DOCTYPE x [<!ENTITY a "b">]><w:document/>')))).toMatch(
      /^data_workbook_unreadable: .*entities/
    )
  })

  it('are refused where they are not well formed, or no archive', async () => {
    expect(await refusalOf(() => cleaned(document('<w:document><w:t>a</w:document')))).toMatch(/^data_workbook_unreadable/)
    expect(await refusalOf(async () => cleanedFile(await put('in.docx', 'no archive')))).toMatch(/^data_workbook_unreadable/)
    expect(await refusalOf(() => cleaned({ 'word/other.xml': '<a/>' }))).toMatch(/^data_workbook_unreadable/)
  })

  it('are refused where they claim or hold far more than documents do', async () => {
    const claims = rawZip([{ name: 'word/document.xml', data: '<w:document/>', deflated: true, claims: { size: 2 ** 30 } }])
    expect(await refusalOf(async () => cleanedFile(await put('in.docx', claims)))).toMatch(/^document-too-long/)
    const lies = rawZip([{ name: 'word/document.xml', data: Buffer.alloc(2 ** 22), deflated: true, claims: { size: 100 } }])
    expect(await refusalOf(async () => cleanedFile(await put('in.docx', lies)))).toMatch(/^data_workbook_unreadable/)
  })

  it('are refused where an entry stands twice or leads elsewhere', async () => {
    const twice = rawZip([
      { name: 'word/document.xml', data: '<w:document/>' },
      { name: 'word/document.xml', data: '<w:document/>' }
    ])
    expect(await refusalOf(async () => cleanedFile(await put('in.docx', twice)))).toMatch(/^data_workbook_unreadable/)
    const outside = rawZip([{ name: '../word/document.xml', data: '<w:document/>' }])
    expect(await refusalOf(async () => cleanedFile(await put('in.docx', outside)))).toMatch(/^data_workbook_unreadable/)
  })
})
