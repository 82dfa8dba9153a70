import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { rawZip, type RawEntry } from './raw-zip.ts'

const escaped = (text: string): string => text.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`)

/** A run of text in a paragraph: tabs and line breaks as Word writes them. */
const run = (text: string): string =>
  text
    .split(/(\t|\n)/)
    .map((part) => (part === '\t' ? '<w:tab/>' : part === '\n' ? '<w:br/>' : `<w:t xml:space="preserve">${escaped(part)}</w:t>`))
    .join('')

export const paragraph = (text: string): string => `<w:p><w:r>${run(text)}</w:r></w:p>`

export const wordTable = (rows: readonly (readonly string[])[]): string =>
  `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`

interface DocxOptions {
  /** ISO 8601. */
  readonly created?: string
  readonly footnotes?: string
  /** Instead of what is usual. */
  readonly parts?: readonly RawEntry[]
  /** At the beginning of word/document.xml. */
  readonly prolog?: string
}

const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A Word document with this body, as small as Word still opens it. */
export function makeDocx(body: string, { created, footnotes, parts = [], prolog = '' }: DocxOptions = {}): Buffer {
  const entries: RawEntry[] = [
    {
      name: '[Content_Types].xml',
      data: `<?xml version="1.0"?><Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
    },
    {
      name: '_rels/.rels',
      data: `<?xml version="1.0"?><Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`
    },
    {
      name: 'word/document.xml',
      deflated: true,
      data: `<?xml version="1.0" encoding="UTF-8"?>${prolog}<w:document ${WORD}><w:body>${body}</w:body></w:document>`
    }
  ]
  if (created !== undefined)
    entries.push({
      name: 'docProps/core.xml',
      data: `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:created xsi:type="dcterms:W3CDTF" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${created}</dcterms:created></cp:coreProperties>`
    })
  if (footnotes !== undefined)
    entries.push(
      { name: 'word/footnotes.xml', data: `<w:footnotes ${WORD}><w:footnote w:id="2">${footnotes}</w:footnote></w:footnotes>` },
      {
        name: 'word/_rels/document.xml.rels',
        data: `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId2" Type="${OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>`
      }
    )
  const replaced = new Set(parts.map(({ name }) => name))
  return rawZip([...entries.filter(({ name }) => !replaced.has(name)), ...parts])
}

interface PdfOptions {
  /** As in `D:20260301120000Z`. */
  readonly created?: string
  /** Objects besides, by number from 100 on; the catalogue's further keys. */
  readonly objects?: readonly string[]
  readonly catalogue?: string
  /** Encrypted under a password that nobody knows. */
  readonly locked?: boolean
  /** In place of each page's content, packed. */
  readonly packed?: Buffer
}

/** A PDF with these lines on its pages (Latin letters, 14 points from line to line); a page without lines is empty, like a scan without its picture. */
export function makePdf(pages: readonly (readonly string[])[], options: PdfOptions = {}): Buffer {
  const objects = new Map<number, string | Buffer>()
  const kids = pages.map((_lines, i) => `${10 + 2 * i} 0 R`).join(' ')
  objects.set(1, `<< /Type /Catalog /Pages 2 0 R ${options.catalogue ?? ''} >>`)
  objects.set(2, `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`)
  objects.set(3, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  if (options.created !== undefined) objects.set(4, `<< /CreationDate (${options.created}) >>`)
  const nobody = '00'.repeat(32)
  if (options.locked === true) objects.set(5, `<< /Filter /Standard /V 1 /R 2 /O <${nobody}> /U <${nobody}> /P -4 >>`)
  for (const [i, lines] of pages.entries()) {
    const page = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${11 + 2 * i} 0 R >>`
    objects.set(10 + 2 * i, page)
    const content = lines
      .map((line, n) => (line === '' ? '' : `BT /F1 11 Tf 60 ${780 - 14 * n} Td (${pdfText(line)}) Tj ET`))
      .join('\n')
    objects.set(11 + 2 * i, stream(options.packed ?? deflateSync(Buffer.from(content, 'latin1'))))
  }
  for (const [i, object] of (options.objects ?? []).entries()) objects.set(1000 + i, object)
  return written(objects, options)
}

const pdfText = (line: string): string => line.replace(/[\\()]/g, (one) => `\\${one}`)

const stream = (packed: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
    packed,
    Buffer.from('\nendstream')
  ])

function written(objects: ReadonlyMap<number, string | Buffer>, { created, locked }: PdfOptions): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const offsets = new Map<number, number>()
  let at = parts[0]?.length ?? 0
  for (const [number, object] of objects) {
    offsets.set(number, at)
    const whole = Buffer.concat([
      Buffer.from(`${number} 0 obj\n`),
      typeof object === 'string' ? Buffer.from(object, 'latin1') : object,
      Buffer.from('\nendobj\n')
    ])
    parts.push(whole)
    at += whole.length
  }
  const table = [...offsets].map(([number, offset]) => `${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const id = createHash('md5').update('attune').digest('hex')
  const info = created === undefined ? '' : '/Info 4 0 R'
  const lock = locked === true ? `/Encrypt 5 0 R /ID [<${id}> <${id}>]` : ''
  const size = Math.max(...objects.keys()) + 1
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R ${info} ${lock} >>\nstartxref\n${at}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(`xref\n0 1\n0000000000 65535 f \n${table}${trailer}`)])
}

/** An e-mail of these headers and parts, each a content type with what else belongs to its headers, and its body. */
export function makeEml(
  headers: Readonly<Record<string, string>>,
  parts: readonly (readonly [type: string, body: string])[]
): Buffer {
  const own = Object.entries({ 'MIME-Version': '1.0', ...headers }).map(([name, value]) => `${name}: ${value}`)
  const [only] = parts
  if (parts.length === 1 && only) return Buffer.from([...own, `Content-Type: ${only[0]}`, '', only[1], ''].join('\r\n'), 'latin1')
  const boundary = 'between-the-parts'
  const bodies = parts.flatMap(([type, body]) => [`--${boundary}`, `Content-Type: ${type}`, '', body])
  const lines = [...own, `Content-Type: multipart/mixed; boundary="${boundary}"`, '', ...bodies, `--${boundary}--`, '']
  return Buffer.from(lines.join('\r\n'), 'latin1')
}
