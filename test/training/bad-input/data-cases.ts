import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { labelled, rows, table, withRow, type BadCase } from './bad-case.ts'

const twoFiles = '{ train: data.csv, test: test.csv, text: text, label: label }'
const quoting = 'Put text that holds the delimiter or a line break in double quotes.'

/** A file of 2 GiB whose second line never ends; most of it is a hole, so that no disk is filled. */
async function writeEndlessLine(folder: string): Promise<void> {
  await using file = await open(join(folder, 'data.csv'), 'w')
  await file.write(`id,text,label\n1,${'a'.repeat(2 ** 25)}`)
  await file.truncate(2 ** 31)
}

/** Tables as people save them, and what is said about each. */
export const dataCases: readonly BadCase[] = [
  {
    name: 'a missing column',
    files: table(rows, 'id,body,label'),
    says: "data.csv has no column 'text', which data.text names. Its columns are 'id', 'body', 'label'. Name one of these, or write the names of the columns in the first line of the file."
  },
  {
    name: 'a renamed column',
    files: table(rows, 'id,Texts,label'),
    says: "data.csv has no column 'text', which data.text names. Its columns are 'id', 'Texts', 'label'. Did you mean 'Texts'?"
  },
  {
    name: 'the wrong delimiter',
    data: "{ file: data.csv, text: text, label: label, delimiter: ';' }",
    says: "data.csv has no column 'text', which data.text names. Its only column is 'id,text,label'. It is not divided by ';': correct data.delimiter, or leave it out."
  },
  {
    name: 'a column named twice',
    files: table(
      rows.map((line) => `${line},x`),
      'id,text,label,text'
    ),
    says: "The header of data.csv names the column 'text' twice. Give every column its own name."
  },
  {
    name: 'one class only',
    files: table(labelled(() => 'good')),
    says: "The column 'label' of data.csv has one class only, 'good'. A classifier needs examples of at least two classes."
  },
  {
    name: 'a class with one example',
    files: table(withRow(7, 'x,bed cab,lonely')),
    says: "The class 'lonely' has one example only (line 9 of data.csv). Add examples, correct the label, or remove the row."
  },
  {
    name: 'texts that are all empty or blank',
    files: table(rows.map((_, row) => `${row},"${' '.repeat(row % 3)}",${row % 2 === 0 ? 'a' : 'b'}`)),
    says: "No row of data.csv can be used: the column 'text' is empty in all 60 rows."
  },
  {
    name: 'labels that are all empty',
    files: table(labelled(() => '')),
    says: "No row of data.csv can be used: none of its 60 rows has both a text (column 'text') and a label (column 'label')."
  },
  {
    name: 'mixed encodings',
    files: {
      'data.csv': Buffer.concat([Buffer.from('id,text,label\n1,café,a\n'), Buffer.from('2,café,b\n', 'latin1')])
    },
    says: "data.csv mixes encodings: line 2 is UTF-8 and line 3 is not. Save the file again as UTF-8, or name its encoding with 'encoding'."
  },
  {
    name: 'an encoding that nobody knows',
    data: '{ file: data.csv, text: text, label: label, encoding: utf-61 }',
    says: "run.yaml line 5: data.encoding is 'utf-61', which is not known. Use one of utf-8, utf-16le, utf-16be, windows-1252, or leave it out."
  },
  {
    name: 'UTF-16 without its mark',
    files: { 'data.csv': Buffer.from(`${rows.join('\n')}\n`, 'utf16le') },
    says: 'data.csv holds a NUL byte at line 1, so it is not a text table. If it is UTF-16 text, save it as UTF-8; if it is a workbook, save it as CSV.'
  },
  {
    name: 'a NUL byte',
    files: table(withRow(3, 'x,bed\0cab,good')),
    says: 'data.csv holds a NUL byte at line 5, so it is not a text table. If it is UTF-16 text, save it as UTF-8; if it is a workbook, save it as CSV.'
  },
  {
    name: 'a comma that is not quoted',
    files: table(withRow(3, 'x,bed, then cab,good')),
    says: `The row at line 5 of data.csv has 4 cells, but the header names 3 columns. ${quoting}`
  },
  {
    name: 'a row that is too short',
    files: table(withRow(3, 'x,bed')),
    says: `The row at line 5 of data.csv has 2 cells, but the header names 3 columns. ${quoting}`
  },
  {
    name: 'a quote that is not closed',
    files: table(withRow(3, 'x,"bed cab,good')),
    says: 'Line 5 of data.csv opens a cell with a double quote that is never closed. Close it, or double the quotes inside the text.'
  },
  {
    name: 'a quote inside a cell',
    files: table(withRow(3, 'x,"bed" cab,good')),
    says: 'Line 5 of data.csv has a cell with a double quote, and text follows its closing quote at line 5. Put the whole cell in double quotes and double the quotes inside it.'
  },
  {
    name: 'numbers where labels should be',
    files: table(labelled((row) => String(row * 1.37))),
    says: "The column 'label' of data.csv looks like numbers (60 different values in 60 rows), not classes. Use task: regression, or name another column."
  },
  {
    name: 'texts where labels should be',
    files: table(labelled((row) => `words_${row}`)),
    says: "The column 'label' of data.csv has 60 different values in 60 rows, so it does not look like classes. Name the column that holds the label."
  },
  {
    name: 'labels where numbers should be',
    task: 'regression',
    says: "Line 2 of data.csv has text in the column 'label', where regression needs a plain number."
  },
  {
    name: 'decimal commas',
    task: 'regression',
    files: table(labelled((row) => `"${row},5"`)),
    says: "Line 2 of data.csv has a number with a comma (write a decimal point, and no thousands separators) in the column 'label', where regression needs a plain number."
  },
  {
    name: 'a number that never changes',
    task: 'regression',
    files: table(labelled(() => '1.5')),
    says: "Every row of data.csv has the same value in the column 'label'. Regression needs values that differ."
  },
  {
    name: 'a line of 2 GB',
    prepare: writeEndlessLine,
    says: 'Line 2 of data.csv is longer than 16 MiB. Split the text into several rows, or check that the file is a table.'
  },
  {
    name: 'ten thousand columns',
    files: table([], Array.from({ length: 10_000 }, (_, column) => `c${column}`).join(',')),
    says: 'Line 1 of data.csv has more than 4096 columns. Check the delimiter.'
  },
  {
    name: 'labels that training never sees',
    data: twoFiles,
    files: { 'test.csv': 'id,text,label\n1,a b c,good\n2,a c c,unknown\n' },
    says: "The label 'unknown' in test.csv (first at line 3) is not among the training rows. Correct the labels, or add training rows that have them."
  },
  {
    name: 'a group in two files',
    data: '{ train: data.csv, test: test.csv, text: text, label: label, group: id }',
    files: { 'test.csv': 'id,text,label\nrow-3,a b c,good\nrow-70,a c c,bad\n' },
    says: "1 group is in more than one of data.csv, test.csv, so the test would not be honest: 'row-3' at line 5 of data.csv and line 2 of test.csv. Move each group into one file, or give one file and let it be split."
  },
  {
    name: 'a text in two files',
    data: twoFiles,
    files: { 'test.csv': `id,text,label\nz,a c c,good\n${rows[2]}\n` },
    says: '1 text is in more than one of data.csv, test.csv, so the test would not be honest: line 4 of data.csv and line 3 of test.csv. Remove the copies, or give one file and let it be split.'
  },
  {
    name: 'one file in two roles',
    data: '{ train: data.csv, test: ./model/../data.csv, text: text, label: label }',
    says: 'run.yaml line 5: The file data.csv is named for two roles. Rows to train on cannot also test the model.'
  },
  {
    name: 'one group for all rows',
    data: '{ file: data.csv, text: text, label: label, group: group }',
    files: table(
      rows.map((line) => `${line},ward`),
      'id,text,label,group'
    ),
    says: 'The rows form only 1 independent unit (rows that share a group or a text stay together), too few for 3 parts: validation would be empty. Add rows, or set its fraction of split to 0.'
  },
  {
    name: 'a workbook that is cut off',
    data: '{ file: data.xlsx, text: text, label: label }',
    files: { 'data.xlsx': 'PK\x03\x04' },
    says: 'data.xlsx cannot be read as a workbook. It may be damaged: open it in Excel and save the sheet as CSV (UTF-8).'
  },
  {
    name: 'a workbook under a false name',
    files: { 'data.csv': 'PK\x03\x04' },
    says: 'data.csv is not a text table. It is a ZIP archive, perhaps an XLSX or ODS workbook. Open it there and save it as CSV (UTF-8).'
  },
  {
    name: 'an empty file',
    files: { 'data.csv': '' },
    says: 'data.csv is empty. It needs a line of column names and rows below it.'
  },
  {
    name: 'a header alone',
    files: table([]),
    says: 'data.csv has column names but no rows below them. Is it the right file?'
  },
  {
    name: 'a folder without a document',
    data: '{ file: tables, text: text, label: label }',
    prepare: (folder) => mkdir(join(folder, 'tables')),
    says: 'There is no document in tables. It needs files that end in .docx, .pdf, .eml, .html, .md or .txt.'
  },
  {
    name: 'a file that is not there',
    data: '{ file: tables/data.csv, text: text, label: label }',
    says: 'The data file <folder>/tables/data.csv does not exist. Check its name and folder.'
  },
  {
    name: 'a line that is no JSON',
    data: '{ file: data.jsonl, text: text, label: label }',
    files: { 'data.jsonl': '{"text":"a","label":"x"}\n{"text":"b","label":\n' },
    says: 'Line 2 of data.jsonl is not valid JSON. Each line must be one JSON object.'
  },
  {
    name: 'a list in a cell',
    data: '{ file: data.jsonl, text: text, label: label }',
    files: { 'data.jsonl': '{"text":"a","label":"x"}\n{"text":"b","label":["x","y"]}\n' },
    says: "Line 2 of data.jsonl: 'label' holds a list, but a column can only hold text or a number. Write several labels as one text with a separator."
  }
]
