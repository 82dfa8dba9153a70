import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readDocx } from '../../../../../src/main/data/documents/docx.ts'
import { readEml } from '../../../../../src/main/data/documents/eml.ts'
import { readHtml } from '../../../../../src/main/data/documents/html.ts'
import { htmlText } from '../../../../../src/main/data/documents/html-text.ts'
import { readPdf } from '../../../../../src/main/data/documents/pdf.ts'
import { pageText, undivided } from '../../../../../src/main/data/documents/pdf-layout.ts'
import { UnreadableDocument } from '../../../../../src/main/data/documents/rejected.ts'
import { makeDocx, makeEml, makePdf, paragraph, wordTable } from '../../../../helpers/documents.ts'

const refused = async (reading: Promise<unknown>): Promise<string> => {
  const error: unknown = await reading.then(
    () => null,
    (thrown: unknown) => thrown
  )
  expect(error).toBeInstanceOf(UnreadableDocument)
  return error instanceof Error ? error.message : ''
}

describe('DOCX', () => {
  test('keeps paragraphs, tabs, line breaks, tables and footnotes, and says when it was made', async () => {
    const body = [
      paragraph('Dear colleague,'),
      paragraph('Name:\tMüller & Söhne\nsecond line'),
      wordTable([
        ['Drug', 'Dose'],
        ['Ramipril', '5 mg']
      ]),
      '<w:p><w:r><w:t>See note</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
      '<w:p><w:del><w:r><w:delText>struck out</w:delText></w:r></w:del><w:ins><w:r><w:t>put in</w:t></w:r></w:ins></w:p>',
      paragraph('שלום עולם 漢字')
    ].join('')
    const docx = makeDocx(body, { created: '2026-03-01T10:00:00Z', footnotes: paragraph('The note.') })
    const { text, date } = await readDocx(docx)
    expect(text).toBe(
      'Dear colleague,\nName:\tMüller & Söhne\nsecond line\nDrug\tDose\nRamipril\t5 mg\nSee note\nput in\nשלום עולם 漢字\n\nThe note.'
    )
    expect(date).toBe('2026-03-01')
  })

  test('refuses entities of its own, in whatever encoding', async () => {
    const prolog = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    expect(await refused(readDocx(makeDocx('<w:p><w:r><w:t>&e;</w:t></w:r></w:p>', { prolog })))).toMatch(/declares entities/)
    const wide = Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${prolog}<w:document/>`, 'utf16le')
    const inUtf16 = makeDocx('', { parts: [{ name: 'word/document.xml', data: wide }] })
    expect(await refused(readDocx(inUtf16))).toMatch(/declares entities/)
  })

  test('refuses what would unpack without end, whether its list says so or not', async () => {
    const zeros = '0'.repeat(70 * 2 ** 20)
    const honest = makeDocx('', { parts: [{ name: 'word/document.xml', data: zeros, deflated: true }] })
    expect(await refused(readDocx(honest))).toMatch(/unpack to far more/)
    const lying = makeDocx('', { parts: [{ name: 'word/document.xml', data: zeros, deflated: true, claims: { size: 100 } }] })
    expect(await refused(readDocx(lying))).toMatch(/damaged/)
  })

  test('refuses what is no Word document, is damaged, or has no text', async () => {
    expect(await refused(readDocx(Buffer.from('no archive at all')))).toMatch(/damaged/)
    expect(await refused(readDocx(makeDocx(paragraph('x')).subarray(0, 500)))).toMatch(/damaged/)
    expect(await refused(readDocx(makeDocx('<w:p></w:p>')))).toMatch(/no text/)
    expect(await refused(readDocx(makeDocx('<w:p><w:r>')))).toMatch(/./)
  })
})

describe('PDF', () => {
  test('reads the text layer line by line, with paragraphs and words put together, and names pages without one', async () => {
    const pages = [
      ['Dear colleague,', '', 'the patient was exa-', 'mined by Dr. M\xfcller-', 'Weber (50 mg).'],
      [],
      ['Page three.']
    ]
    const { text, date, emptyPages } = await readPdf(makePdf(pages, { created: 'D:20260301120000Z' }))
    expect(text).toBe('Dear colleague,\n\nthe patient was examined by Dr. Müller-\nWeber (50 mg).\n\nPage three.')
    expect([date, emptyPages]).toEqual(['2026-03-01', [2]])
  })

  test('names a scanned file as such', async () => {
    expect(await refused(readPdf(makePdf([[], []])))).toMatch(/no text layer: its 2 pages are pictures/)
  })

  test('refuses a password and damage in so many words', async () => {
    expect(await refused(readPdf(makePdf([['x']], { locked: true })))).toMatch(/password/)
    expect(await refused(readPdf(Buffer.from('%PDF-1.7 and nothing else')))).toMatch(/damaged/)
  })

  test('runs no script in it', async () => {
    const action = '<< /S /JavaScript /JS (globalThis.wasRun = true; app.alert\\(1\\)) >>'
    const pdf = makePdf([['Text.']], { catalogue: '/OpenAction 1000 0 R', objects: [action] })
    expect((await readPdf(pdf)).text).toBe('Text.')
    expect('wasRun' in globalThis).toBe(false)
  })

  test('a page that draws without writing has no text layer', async () => {
    expect(await refused(readPdf(makePdf([['x']], { packed: deflateSync(Buffer.from('q Q')) })))).toMatch(
      /no text layer: its page is/
    )
  })

  test('a soft hyphen and a hyphen before a small letter divide a word; others stand', () => {
    expect(undivided('ver\u00ad\nfahren, exam-\nple, Müller-\nWeber, 5-\n10')).toBe('verfahren, example, Müller-\nWeber, 5-\n10')
    expect(pageText([])).toBe('')
  })
})

describe('EML', () => {
  test('has the text part, subject, sender and day; attachments are named and left alone', async () => {
    const eml = makeEml(
      {
        From: '=?UTF-8?Q?J=C3=B6rg?= <j@clinic.example>',
        Subject: '=?UTF-8?B?QmVmdW5k?= 12',
        Date: 'Sun, 01 Mar 2026 23:30:00 +0000'
      },
      [
        ['text/plain; charset=iso-8859-1', 'Gr\xfc\xdfe\r\nan alle'],
        ['application/pdf; name="scan.pdf"\r\nContent-Disposition: attachment; filename="../../scan.pdf"', '%PDF no pdf at all'],
        ['message/rfc822', 'Subject: forwarded\r\n\r\nOld text']
      ]
    )
    expect(await readEml(eml)).toEqual({
      text: 'Grüße\nan alle',
      date: '2026-03-01',
      subject: 'Befund 12',
      from: 'Jörg <j@clinic.example>',
      attachments: ['../../scan.pdf', 'message/rfc822'],
      emptyPages: []
    })
  })

  test('an HTML message alone is read as its words', async () => {
    const html =
      '<head><style>p {}</style></head><p>Dear&nbsp;all,</p><script>steal()</script><div>5 &lt; 6 &amp; so on<br>end</div>'
    const { text } = await readEml(makeEml({ Subject: 'x' }, [['text/html; charset=utf-8', html]]))
    expect(text).toBe('Dear all,\n\n5 < 6 & so on\nend')
  })

  test('refuses what is no e-mail, and parts in parts without end', async () => {
    expect(await refused(readEml(Buffer.from('\r\njust text')))).toMatch(/no e-mail/)
    const deep = Array.from({ length: 200 }, (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\r\n\r\n--b${i}\r\n`).join(
      ''
    )
    expect(await refused(readEml(Buffer.from(`Subject: x\r\n${deep}`)))).toMatch(/damaged/)
  })
})

describe('HTML', () => {
  test('is read as what a person sees of it, one line a block', async () => {
    const page = `<!doctype html><html><head><title>Letter</title><style>p{}</style></head><body onload="steal()">
      <h1>Referral</h1><p>Dear <b>Dr.</b>&nbsp;Ruiz,<p>pain &gt; 3 months; na&iuml;ve, 5&nbsp;&euro; <!-- not seen --><br>and more
      <ul><li>knee<li>hip</ul><table><tr><td>HB</td><td>12.1</td></tr></table>
      <script>document.write('<p>evil</p>')</script><noscript>turn on</noscript>
      <div hidden>secret <div>in it</div> still</div><p style="color:red; DISPLAY: none">gone</p>
      <a href="https://example.org/x">a link</a><img src="x" alt="picture"><pre>a  b
  c</pre></body></html>`
    const { text } = await readHtml(Buffer.from(page))
    expect(text.split('\n').filter((line) => line !== '')).toEqual([
      ...['Referral', 'Dear Dr. Ruiz,', 'pain > 3 months; naïve, 5 €', 'and more', 'knee', 'hip', 'HB\t12.1'],
      ...['a link', 'a b', 'c']
    ])
  })

  test('is read in the encoding that its mark, its own word, or its bytes say', async () => {
    const said = (charset: string, body: Buffer): Buffer =>
      Buffer.concat([Buffer.from(`<meta http-equiv="Content-Type" content="text/html; charset=${charset}"><p>`), body])
    const cyrillic = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])
    expect((await readHtml(said('windows-1251', cyrillic))).text).toBe('Привет')
    expect((await readHtml(said('no-such', Buffer.from('für')))).text).toBe('für')
    expect((await readHtml(Buffer.from('<p>f\xfcr', 'latin1'))).text).toBe('für')
    expect((await readHtml(Buffer.from('\ufeff<p>für', 'utf16le'))).text).toBe('für')
  })

  test('without a word is left out with what helps', async () => {
    expect(await refused(readHtml(Buffer.from('<div id="app"></div><script>go()</script>')))).toMatch(/print it to PDF/)
  })

  test('that is made to take long ends', async () => {
    expect(await htmlText('<'.repeat(500_000))).toHaveLength(500_000)
    await htmlText('<a '.repeat(300_000))
    await htmlText('<!--'.repeat(300_000))
    await htmlText(`${'&'.repeat(300_000)}${'&#'.repeat(300_000)}`)
    await htmlText('<div>'.repeat(300_000))
    await htmlText('<svg><math>'.repeat(10_000))
  })
})
