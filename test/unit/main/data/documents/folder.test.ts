import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DocumentReader } from '../../../../../src/main/data/documents/document-reader.ts'
import type { Rejected } from '../../../../../src/main/data/documents/rejected.ts'
import { folderImporter } from '../../../../../src/main/data/importers/folder.ts'
import { loadDataset } from '../../../../../src/main/data/dataset.ts'
import { makeDocx, makeEml, makePdf, paragraph } from '../../../../helpers/documents.ts'

let root: string
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'attune-folder-'))))
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
  }
}

async function read(): Promise<{ columns: readonly string[]; rows: (string | null)[][]; rejected: Rejected[] }> {
  const { format, columns } = await folderImporter.probe(root)
  const rejected: Rejected[] = []
  const rows: (string | null)[][] = []
  for await (const { values } of folderImporter.rows(root, format, undefined, (one) => rejected.push(one)))
    rows.push(columns.map((name) => values[name] ?? null))
  return { columns, rows, rejected }
}

describe('a folder of documents', { timeout: 30_000 }, () => {
  test('becomes a row for each, whatever their kinds, with what each says of itself; the rest is listed with its reason', async () => {
    await put({
      'a.docx': makeDocx(paragraph('Word'), { created: '2025-12-24T08:00:00Z' }),
      'b.pdf': makePdf([['Pages'], []], { created: 'D:20260102' }),
      'c.eml': makeEml({ From: 'A <a@x.example>', Subject: 'Hello', Date: 'Mon, 05 Jan 2026 10:00:00 +0100' }, [
        ['text/plain', 'Mail']
      ]),
      'd.txt': Buffer.from('Gr\xfc\xdfe', 'latin1'),
      'e.md': '\ufeff# Überschrift\r\n\r\nText\r\n',
      'f.pdf': makePdf([[]]),
      'g.docx': 'no archive',
      'h.xlsx': 'x',
      'i.png': 'x',
      'j.txt': Buffer.from([0xff, 0x81, 0x00]),
      '~$a.docx': 'x',
      '.DS_Store': 'x'
    })
    const { columns, rows, rejected } = await read()
    expect(columns).toEqual(['file', 'text', 'date', 'subject', 'from', 'attachments'])
    expect(rows).toEqual([
      ['a.docx', 'Word', '2025-12-24', '', '', ''],
      ['b.pdf', 'Pages', '2026-01-02', '', '', ''],
      ['c.eml', 'Mail', '2026-01-05', 'Hello', 'A <a@x.example>', ''],
      ['d.txt', 'Grüße', '', '', '', ''],
      ['e.md', '# Überschrift\n\nText', '', '', '', '']
    ])
    expect(rejected.map(({ file, place, reason }) => [file, place, reason.slice(0, 40)])).toEqual([
      ['h.xlsx', null, 'A file that ends in .xlsx is not read as'],
      ['i.png', null, 'A file that ends in .png is not read as '],
      ['b.pdf', 'page 2', 'This page has no text layer: it is blank'],
      ['f.pdf', null, 'It has no text layer: its page is a pict'],
      ['g.docx', null, 'It is damaged, or is no Word document. O'],
      ['j.txt', null, expect.stringMatching(/NUL|neither/)]
    ])
  })

  test('has its folders as classes, and what names have in common across them', async () => {
    for (const [folder, n] of [
      ['urgent', 3],
      ['normal', 4]
    ] as const)
      for (let i = 1; i <= n; i++) await put({ [`${folder}/letter-${i}.txt`]: `${folder} ${i}` })
    const { columns, rows } = await read()
    expect(columns).toEqual(['file', 'text', 'label'])
    expect(rows.at(0)).toEqual(['normal/letter-1.txt', 'normal 1', 'normal'])
    expect(rows.map(([, , label]) => label)).toEqual([...Array<string>(4).fill('normal'), ...Array<string>(3).fill('urgent')])
  })

  test('keeps one person together where names begin alike in several classes', async () => {
    for (const name of ['a/P1-1.txt', 'a/P2-1.txt', 'a/P3.txt', 'b/P1-2.txt', 'b/P4.txt']) await put({ [name]: name })
    const { columns, rows } = await read()
    expect(columns).toEqual(['file', 'text', 'label', 'belongs_to'])
    expect(rows.map((row) => row[3])).toEqual(['P1', 'P2', 'P3', 'P1', 'P4'])
  })

  test('takes folders that are called train and test as parts', async () => {
    for (const part of ['train', 'test'])
      for (const label of ['pos', 'neg'])
        for (const i of [1, 2]) await put({ [`${part}/${label}/${i}.txt`]: `${part} ${label} ${i}` })
    const { columns, rows } = await read()
    expect(columns.slice(0, 4)).toEqual(['file', 'text', 'split', 'label'])
    expect(rows.map((row) => `${row[2]} ${row[3]}`)).toEqual([
      ...['test neg', 'test neg', 'test pos', 'test pos'],
      ...['train neg', 'train neg', 'train pos', 'train pos']
    ])
  })

  test('takes many folders with few documents as what belongs together', async () => {
    for (let i = 0; i < 60; i++) await put({ [`patient ${i}/1.txt`]: `a ${i}`, [`patient ${i}/2.txt`]: `b ${i}` })
    const { columns, rows } = await read()
    expect(columns).toEqual(['file', 'text', 'folder', 'belongs_to'])
    expect(rows[2]).toEqual(['patient 1/1.txt', 'a 1', 'patient 1', 'patient 1'])
  })

  test.skipIf(process.platform === 'win32')('never leaves the folder: links, pipes and strange names are told of', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'attune-outside-'))
    await writeFile(join(outside, 'secret.txt'), 'secret')
    await put({ 'a.txt': 'inside', 'sub/b.txt': 'inside too', 'evil\u202etxt.exe\n.txt': 'strange name' })
    await symlink(join(outside, 'secret.txt'), join(root, 'c.txt'))
    await symlink(outside, join(root, 'd'))
    await symlink(join(root, 'a.txt'), join(root, 'e.txt'))
    await symlink(root, join(root, 'sub', 'loop'))
    await symlink(join(root, 'nowhere'), join(root, 'f.txt'))
    execFileSync('mkfifo', [join(root, 'g.txt')])
    const { rows, rejected } = await read()
    expect(rows.map(([file, text]) => [file, text])).toEqual([
      ['a.txt', 'inside'],
      ['evil\ufffdtxt.exe .txt', 'strange name'],
      ['sub/b.txt', 'inside too']
    ])
    expect(rejected.map(({ file, reason }) => [file, reason.split(/[.:]/)[0]])).toEqual([
      ['c.txt', 'It is a link that leads out of the folder'],
      ['d', 'It is a link that leads out of the folder'],
      ['e.txt', 'It is a link to something in the same folder, which is read where it lies'],
      ['f.txt', 'It is a link that leads nowhere'],
      ['g.txt', 'It is neither a file nor a folder'],
      ['sub/loop', 'It is a link to something in the same folder, which is read where it lies']
    ])
    await rm(outside, { recursive: true })
  })

  test('that has nothing to read says so, and a model folder where it belongs', async () => {
    await expect(folderImporter.probe(root)).rejects.toMatchObject({ code: 'documents-none' })
    await put({ 'a.pdf': makePdf([[]]) })
    await expect(folderImporter.probe(root)).rejects.toThrow(/No document of|There is no document/)
    await put({ 'config.json': '{}', 'model.safetensors': 'x' })
    await expect(folderImporter.probe(root)).rejects.toMatchObject({ code: 'folder-model' })
    await expect(folderImporter.probe(join(root, 'gone'))).rejects.toMatchObject({ code: 'folder-unread' })
  })

  test('takes the marks that BRAT keeps beside its texts, and says of which they do not fit', async () => {
    await put({
      'a.txt': '😀 Anna came.\r\nOn 3 May.\n',
      'a.ann': 'T1\tNAME 2 6\tAnna\nT2\tDATE 17 22\t3 May\n#1\tNote T1\tsure\n',
      'b.txt': 'Nobody.',
      'b.ann': '',
      'c.txt': 'Other words.',
      'c.ann': 'T1\tNAME 0 4\tAnna\n',
      'd.ann': 'T1\tNAME 0 4\tAnna\n',
      'e.txt': 'Not looked at.',
      'annotation.conf': '[entities]'
    })
    const { columns, rows, rejected } = await read()
    expect(columns).toEqual(['file', 'text', 'spans'])
    const [first, ...others] = rows
    expect(first?.slice(0, 2)).toEqual(['a.txt', '😀 Anna came.\r\nOn 3 May.\n'])
    expect(JSON.parse(first?.[2] ?? '')).toEqual([
      { start: 2, end: 6, label: 'NAME' },
      { start: 17, end: 22, label: 'DATE' }
    ])
    expect(others).toEqual([
      ['b.txt', 'Nobody.', '[]'],
      ['e.txt', 'Not looked at.', '']
    ])
    expect(rejected.map(({ file }) => file)).toEqual(['d.ann', 'c.txt'])
  })

  test('trains: what is left out becomes a note', async () => {
    for (const label of ['a', 'b']) for (let i = 0; i < 4; i++) await put({ [`${label}/${i}.txt`]: `text ${label} ${i}` })
    await put({ 'a/scan.pdf': makePdf([[]]) })
    const dataset = await loadDataset({ task: 'text-classification', file: root, text: 'text', label: 'label' })
    expect([dataset.count, dataset.classNames]).toEqual([8, ['a', 'b']])
    const note = dataset.notes.find(({ code }) => code === 'documents_rejected')
    expect(note?.message).toMatch(/^1 document or page was left out\. 'a\/scan\.pdf': It has no text layer/)
  })
})

describe('a document that does harm', { timeout: 60_000 }, () => {
  const reader = (limits: ConstructorParameters<typeof DocumentReader>[0]): DocumentReader => new DocumentReader(limits)
  const good = makePdf([['Fine.']])

  test('that takes too long is left out, and the next one is read', async () => {
    const slow = makePdf(Array.from({ length: 900 }, () => Array.from({ length: 50 }, (_, i) => `line ${i} of a long book`)))
    await put({ 'slow.pdf': slow, 'good.pdf': good })
    const own = reader({ patience: 250 })
    await expect(own.read({ path: join(root, 'slow.pdf'), name: 'slow.pdf' })).rejects.toThrow(/took too long/)
    const patient = reader({})
    expect((await patient.read({ path: join(root, 'good.pdf'), name: 'good.pdf' })).text).toBe('Fine.')
    await own.dispose()
    await patient.dispose()
  })

  test('that takes too much memory is left out, and the same reader goes on', async () => {
    const { deflateSync } = await import('node:zlib')
    // A page of 400 MB of spaces, packed into 400 kB.
    const bomb = makePdf([['x']], { packed: deflateSync(Buffer.alloc(400 * 2 ** 20, ' ')) })
    expect(bomb.length).toBeLessThan(1e6)
    await put({ 'bomb.pdf': bomb, 'good.pdf': good })
    const own = reader({ growth: 200 * 2 ** 20 })
    await expect(own.read({ path: join(root, 'bomb.pdf'), name: 'bomb.pdf' })).rejects.toThrow(/more memory|too long/)
    expect((await own.read({ path: join(root, 'good.pdf'), name: 'good.pdf' })).text).toBe('Fine.')
    await own.dispose()
  })

  test('is stopped at once where the person no longer wants it', async () => {
    await put({ 'good.pdf': good })
    const own = reader({})
    const control = new AbortController()
    const reading = own.read({ path: join(root, 'good.pdf'), name: 'good.pdf' }, control.signal)
    control.abort(new Error('no longer'))
    await expect(reading).rejects.toThrow('no longer')
    await own.dispose()
  })

  test('that is larger than a document is not even opened', async () => {
    await put({ 'good.pdf': good })
    const own = reader({ bytes: 100 })
    await expect(own.read({ path: join(root, 'good.pdf'), name: 'good.pdf' })).rejects.toThrow(/larger than 100/)
  })
})
