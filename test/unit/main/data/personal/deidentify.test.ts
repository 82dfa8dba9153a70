import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MASK_ALL } from '../../../../../src/main/data/personal/actions.ts'
import { checkFile } from '../../../../../src/main/data/personal/check-file.ts'
import { deidentify, type DeidentifyOptions } from '../../../../../src/main/data/personal/deidentify.ts'
import { joined, ruleFinder, type Finder } from '../../../../../src/main/data/personal/find.ts'
import { Pseudonyms } from '../../../../../src/main/data/personal/surrogates/pseudonyms.ts'
import { allSheets } from '../../../../../src/main/data/importers/xlsx.ts'
import { spansCell } from '../../../../../src/main/data/spans/span.ts'
import { writeXlsx } from '../../../../../src/main/data/write-xlsx.ts'
import { readParts } from '../../../../../src/main/data/personal/files/docx/archive.ts'
import { makeDocx, makePdf, paragraph } from '../../../../helpers/documents.ts'
import { refusalOf, testFolder } from '../folder.ts'

const { at, put } = testFolder()

const options = (input: string, out: string, more: Partial<DeidentifyOptions> = {}): DeidentifyOptions => ({
  ...{ input, out, find: ruleFinder(), actions: MASK_ALL, pseudonyms: new Pseudonyms(new Uint8Array(32)) },
  ...{
    columns: null,
    leftColumns: new Set<string>(),
    groupColumn: null,
    renames: false,
    visible: 0,
    found: 0,
    signal: new AbortController().signal
  },
  onProgress: () => undefined,
  ...more
})
const read = (path: string): Promise<string> => readFile(path, 'utf8')

async function folder(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(at(name), file, '..'), { recursive: true })
    await writeFile(join(at(name), file), text)
  }
  return at(name)
}

describe('a folder', () => {
  const files = {
    'a/one.txt': 'Dr. Anna Weber, 5 March 2024',
    'two.md': 'MRN 12345',
    'x.bin': 'Anna Weber',
    '.hidden': 'Anna',
    'a/b/three.jsonl': '{"n":7.50,"t":"Mr Jones"}\n'
  }

  it('is copied clean, with its folders, and told by counts alone', async () => {
    const input = await folder('in', files)
    await symlink('/etc/hostname', join(input, 'link.txt'))
    const done = await deidentify(options(input, at('out')))
    expect(await read(at('out/a/one.txt'))).toBe('Dr. [NAME], [DATE]')
    expect(await read(at('out/a/b/three.jsonl'))).toBe('{"n":7.50,"t":"Mr [NAME]"}\n')
    expect((await readdir(at('out'))).sort()).toEqual(['a', 'two.md'])
    expect(done.counts).toEqual({ DATE: 1, NAME: 2, RECORD: 1 })
    expect(done.leftOut.map(({ file }) => file).sort()).toEqual(['link.txt', 'x.bin'])
    expect(JSON.stringify(done)).not.toMatch(/Weber|Jones|12345/)
    expect(await read(join(input, 'a/one.txt'))).toBe(files['a/one.txt'])
  })

  it('loses what a model alone knows from every kind of file in it, beside what the rules know', async () => {
    const letter = 'Mr Jones rang. Brontwick came with Zelkova; Mrs Weber did not. Later Brontwick slept.'
    const names = ['Jones', 'Brontwick', 'Zelkova', 'Weber']
    const input = at('mixed')
    await mkdir(input)
    await writeFile(join(input, 'letter.docx'), makeDocx(paragraph(letter)))
    await writeFile(join(input, 'letters.csv'), `id,note\n1,"${letter}"\n2,"${letter}"\n`)
    await writeFile(join(input, 'letter.txt'), letter)
    const model: Finder = async (texts) =>
      texts.map((text) =>
        [...text.matchAll(/Brontwick|Zelkova/g)].map(({ 0: word, index }) => ({
          start: index,
          end: index + word.length,
          label: 'NAME'
        }))
      )
    /** Share of the names that are gone from each file of the copies. */
    const recallIn = async (out: string): Promise<readonly number[]> => {
      const docx = (await readParts(await readFile(join(out, 'letter.docx')), 'letter.docx')).get('word/document.xml')?.toString()
      const texts = [docx ?? names.join(), await read(join(out, 'letters.csv')), await read(join(out, 'letter.txt'))]
      return texts.map((text) => names.filter((name) => !text.includes(name)).length / names.length)
    }
    await deidentify(options(input, at('by-rules')))
    expect(await recallIn(at('by-rules'))).toEqual([0.5, 0.5, 0.5])
    const { files: cleaned, counts } = await deidentify(options(input, at('with-model'), { find: joined(model, () => true) }))
    expect(await recallIn(at('with-model'))).toEqual([1, 1, 1])
    expect([cleaned.length, counts]).toEqual([3, { NAME: 20 }])
  })

  it('gets one surrogate for one person in all its files, and numbers for names of files', async () => {
    const input = await folder('letters', {
      'weber-1.txt': 'Dear Mrs Weber',
      'weber-2.txt': 'Seen: Mrs Weber on 5 March 2024 and 12 March 2024'
    })
    await deidentify(options(input, at('letters-out'), { actions: { byKind: {}, other: 'pseudonymise' }, renames: true }))
    expect((await readdir(at('letters-out'))).sort()).toEqual(['document-00001.txt', 'document-00002.txt'])
    const [first, second] = [await read(at('letters-out/document-00001.txt')), await read(at('letters-out/document-00002.txt'))]
    const name = first.replace('Dear Mrs ', '')
    expect(name).not.toBe('Weber')
    expect(second).toContain(`Mrs ${name} on `)
  })

  it('leaves out what cannot be read, with its reason, and nothing behind when it fails or is stopped', async () => {
    const input = await folder('bad', {
      'a.txt': 'Mr Jones',
      'b.jsonl': '{"t":"Mr Jones"}\nno json\n',
      'c.pdf': 'no PDF',
      'd.docx': 'no DOCX'
    })
    const { leftOut, counts } = await deidentify(options(input, at('bad-out')))
    expect(leftOut.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
      expect.stringMatching(/^b\.jsonl: Line 2 of b\.jsonl is not one JSON object/),
      expect.stringMatching(/^c\.pdf: c\.pdf was not gone through\. It is damaged/),
      expect.stringMatching(/^d\.docx: d\.docx is damaged/)
    ])
    expect(counts).toEqual({ NAME: 1 })
    expect(await readdir(at('bad-out'))).toEqual(['a.txt'])
    expect(await refusalOf(() => deidentify(options(join(input, 'b.jsonl'), at('one.jsonl'))))).toMatch(
      /^data_json_invalid: Line 2/
    )
    const control = new AbortController()
    const stopping = deidentify(options(input, at('stopped-out'), { signal: control.signal, onProgress: () => control.abort() }))
    await expect(stopping).rejects.toThrow()
    expect((await readdir(at('.'))).filter((name) => /stopped-out|one\.jsonl|\.tmp$/.test(name))).toEqual([])
  })

  it('takes PDF and e-mail over as text, and says what is not in the copy', async () => {
    const mail =
      'From: Anna Weber <anna@weber.example>\r\nSubject: Frau Schmidt\r\nDate: Tue, 5 Mar 2024 10:00:00 +0000\r\nContent-Type: text/plain\r\n\r\nCall Dr. Halden.\r\n'
    const input = await folder('documents', { 'mail.eml': mail })
    await writeFile(join(input, 'letter.pdf'), makePdf([['Dear Dr. Weber, born 14 February 1961'], []]))
    const { files } = await deidentify(options(input, at('documents-out')))
    expect(await read(at('documents-out/letter.pdf.txt'))).toBe('Dear Dr. [NAME], born [DATE]\n')
    expect(await read(at('documents-out/mail.eml.txt'))).toBe(
      'From: [NAME] <[EMAIL]>\nDate: [DATE]\nSubject: Frau [NAME]\n\nCall Dr. [NAME].\n'
    )
    expect(files[0]?.notes).toEqual(['1 page without a text layer (2): nothing of them is in the copy.'])
  })

  it('is never written over, into or beside itself', async () => {
    const input = await folder('safe', { 'a.txt': 'Mr Jones' })
    expect(await refusalOf(() => deidentify(options(input, input)))).toMatch(/^output_exists/)
    expect(await refusalOf(() => deidentify(options(input, join(input, 'out'))))).toMatch(/^output_is_input/)
    expect(await refusalOf(() => deidentify(options(join(input, 'a.txt'), join(input, 'a.txt'))))).toMatch(/^output_exists/)
    expect(await refusalOf(() => deidentify(options(join(input, 'a.txt'), at('a.csv'))))).toMatch(/^output_type/)
    expect(await refusalOf(() => deidentify(options(at('nowhere'), at('n'))))).toMatch(/^not-found/)
    expect(await readdir(input)).toEqual(['a.txt'])
  })
})

describe('a table', () => {
  it('is gone through by column, with its delimiter and rows, and dates by group', async () => {
    const input = await put(
      't.csv',
      'id;note;other\np1;"seen 2024-03-05; Mr Jones";Mr Jones\np2;seen 2024-03-05;x\np1;seen 2024-03-12;\n'
    )
    const actions = { byKind: { DATE: 'pseudonymise' }, other: 'mask' } as const
    await deidentify(options(input, at('t-out.csv'), { columns: new Set(['note']), groupColumn: 'id', actions }))
    const rows = (await read(at('t-out.csv'))).trim().split('\n')
    expect(rows[0]).toBe('id;note;other')
    expect(rows[1]).toMatch(/^p1;"seen \d{4}-\d\d-\d\d; Mr \[NAME\]";Mr Jones$/)
    const [a, b, c] = rows.slice(1).map((row) => Date.parse(/\d{4}-\d\d-\d\d/.exec(row)?.[0] ?? '') / 86_400_000)
    expect((c ?? 0) - (a ?? 0)).toBe(7)
    expect(b).not.toBe(a)
    const missing = deidentify(options(input, at('t2.csv'), { columns: new Set(['nope']) }))
    expect(await refusalOf(() => missing)).toMatch(/^data_column_missing: t\.csv has no column 'nope'/)
  })

  it('that holds marks of passages says that they are not moved', async () => {
    const marks = '[{"start":3,"end":8,"label":"NAME"}]'
    const csv = await put('m.csv', `text,spans\nMr Jones,"${marks.replaceAll('"', '""')}"\n`)
    const jsonl = await put('m.jsonl', `{"text":"Mr Jones","spans":${marks}}\n`)
    const notes = [await deidentify(options(csv, at('m-out.csv'))), await deidentify(options(jsonl, at('m-out.jsonl')))].map(
      ({ files }) => files[0]?.notes.join()
    )
    expect(notes).toEqual([expect.stringContaining('not moved'), expect.stringContaining('not moved')])
  })

  it('of several sheets keeps them, and the values alone', async () => {
    await writeXlsx(at('w.xlsx'), [
      {
        name: 'Letters',
        columns: ['id', 'text'],
        rows: [
          ['007', 'Mr Jones'],
          [12, 'fine']
        ]
      },
      { name: 'More', columns: ['Mrs Weber'], rows: [['5 March 2024']] }
    ])
    const { files } = await deidentify(options(at('w.xlsx'), at('w-out.xlsx')))
    expect(await allSheets(at('w-out.xlsx'))).toEqual([
      {
        name: 'Letters',
        rows: [
          ['id', 'text'],
          ['007', 'Mr [NAME]'],
          ['12', 'fine']
        ]
      },
      { name: 'More', rows: [['Mrs [NAME]'], ['[DATE]']] }
    ])
    expect(files[0]?.notes.join()).toMatch(/no formulas/)
  })
})

describe('tables of a folder', () => {
  it('leave columns alone where they have them, and go by the column of the person where they have it', async () => {
    const input = await folder('tables', {
      'a.csv': 'who,note,seen\nP1,Mrs Weber 4 May 2024,Mrs Weber\nP2,Mrs Weber 4 May 2024,Mrs Weber\n',
      'b.jsonl': '{"note":"4 May 2024","seen":"Mrs Weber"}\n'
    })
    const actions = { byKind: {}, other: 'pseudonymise' } as const
    const more = { actions, leftColumns: new Set(['seen', 'other']), groupColumn: 'who' }
    const { files } = await deidentify(options(input, at('tables-out'), more))
    const [, first = '', second = ''] = (await read(join(at('tables-out'), 'a.csv'))).split('\n')
    expect([first, second].every((line) => line.endsWith(',Mrs Weber'))).toBe(true)
    expect(first.split(',')[1]).not.toBe(second.split(',')[1])
    expect(await read(join(at('tables-out'), 'b.jsonl'))).toContain('"seen":"Mrs Weber"')
    expect(files.map(({ columns }) => columns)).toEqual([
      ['who', 'note', 'seen'],
      ['note', 'seen']
    ])
    const wrong = options(input, at('tables-no'), { groupColumn: 'whose' })
    expect(await refusalOf(() => deidentify(wrong))).toMatch(/^data_column_missing: None of the tables has a column 'whose'\./)
  })
})

describe('a check against marks', () => {
  it('counts what was hidden, in part, and wrongly found', async () => {
    const text = 'Dr. Anna Weber and Quux saw 5 March 2024, MRN 12345'
    const mark = (value: string, label: string) => ({
      start: text.indexOf(value),
      end: text.indexOf(value) + value.length,
      label
    })
    const cell = spansCell(text, [mark('Dr. Anna Weber', 'PERSON'), mark('Quux', 'PERSON'), mark('5 March 2024', 'date')])
    const path = await put('marked.csv', `text,spans\n"${text}","${cell.replaceAll('"', '""')}"\n`)
    const { rows, kinds } = await checkFile(path, {
      textColumn: 'text',
      marksColumn: 'spans',
      find: ruleFinder(),
      signal: new AbortController().signal
    })
    expect(rows).toBe(1)
    expect(kinds['NAME']).toEqual({ marked: 2, hidden: 0, partly: 1, found: 1, right: 1, justified: 1 })
    expect(kinds['DATE']).toEqual({ marked: 1, hidden: 1, partly: 0, found: 1, right: 1, justified: 1 })
    expect(kinds['RECORD']).toEqual({ marked: 0, hidden: 0, partly: 0, found: 1, right: 0, justified: 0 })
    expect(kinds['all']).toEqual({ marked: 3, hidden: 1, partly: 1, found: 3, right: 2, justified: 2 })
  })
})

describe('kinds that only a model knows', () => {
  it('never hide what says something of a person, whether they are left or changed', async () => {
    const text = 'Given: cream of Mrs Weber daily.'
    const mark = { start: text.indexOf('cream'), end: text.indexOf(' daily'), label: 'drug' }
    const find = joined(
      async (texts) => texts.map(() => [mark]),
      () => true
    )
    const [spans = []] = await find([text])
    expect(spans.map(({ label, start, end }) => [label, text.slice(start, end)])).toEqual([
      ['DRUG', 'cream of Mrs'],
      ['NAME', 'Weber']
    ])
    const input = await put('drug.txt', text)
    const byKind = { DRUG: 'leave' } as const
    await deidentify(options(input, at('drug-out.txt'), { find, actions: { byKind, other: 'mask' } }))
    expect(await read(at('drug-out.txt'))).toBe('Given: cream of Mrs [NAME] daily.')
  })
})

describe('what may still be visible', () => {
  it('is a sample of what looks like somebody, without what was put there', async () => {
    const input = await put('v.txt', 'Herr Schmidt met Zebulon Quorx at 881234, MRN 12345.')
    const { visible } = await deidentify(
      options(input, at('v-out.txt'), { visible: 5, actions: { byKind: {}, other: 'pseudonymise' } })
    )
    expect(visible.sample.map(({ text }) => text)).toEqual(['Zebulon Quorx', '881234'])
  })
})
