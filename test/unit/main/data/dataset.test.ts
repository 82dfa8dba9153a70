import { describe, expect, it } from 'vitest'
import type { DatasetSpec } from '../../../../src/main/data/dataset-types.ts'
import { loadDataset, loadInputs } from '../../../../src/main/data/dataset.ts'
import { refusalOf, table, testFolder } from './folder.ts'

const { put } = testFolder()

type Rest = Partial<Omit<DatasetSpec, 'file'>>

async function load(content: string, rest: Rest = {}, name = 'notes.csv') {
  return loadDataset({ task: 'text-classification', text: 'text', label: 'label', file: await put(name, content), ...rest })
}

const letters = table(
  ['id', 'text', 'label', 'patient'],
  [7, 'pain', 'b', 'P1'],
  [8, 'rash', 'a', ' P1 '],
  [9, 'cough', 'a', ''],
  [10, 'fall', 'b', 'P2']
)

describe('a data set', () => {
  it('for one label per row holds class ids in the order of the names', async () => {
    const data = await load(letters, { group: 'patient', id: 'id' })
    expect(data.texts).toEqual(['pain', 'rash', 'cough', 'fall'])
    expect(data.classNames).toEqual(['a', 'b'])
    expect(data.classCounts).toEqual([2, 2])
    expect(data.labels).toEqual({ kind: 'class', values: Int32Array.of(1, 0, 0, 1) })
    expect(data.groups).toEqual(['P1', 'P1', '', 'P2'])
    expect(data.ids).toEqual(['7', '8', '9', '10'])
    expect(data.lines).toEqual(Int32Array.of(2, 3, 4, 5))
    expect(data.pairs).toBeNull()
    expect(data.problemType).toBe('single_label_classification')
    expect(data.notes).toEqual([
      { code: 'group_missing', message: "1 row names no 'patient' and is treated as unrelated to all others." }
    ])
  })

  it('for several labels per row holds a multi-hot table', async () => {
    const content = table(['text', 'label'], ['w', 'b; a'], ['x', 'a|b'], ['y', 'b'], ['z', ';'], ['v', 'a;a;'], ['u', 'a|b'])
    const data = await load(content, { problem_type: 'multi_label_classification' })
    expect(data.classNames).toEqual(['a', 'a|b', 'b'])
    expect(data.labels).toEqual({
      kind: 'multi_hot',
      values: Uint8Array.from([1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0])
    })
    expect(data.classCounts).toEqual([2, 2, 2])
    expect((await load(content.replaceAll(';', '/'), { label_separator: '/' })).labels).toEqual(data.labels)
  })

  it('for regression holds numbers', async () => {
    const data = await load(table(['text', 'label'], ['a', '-0.5'], ['b', '1e2'], ['c', ' .25 '], ['d', '+7']), {
      task: 'regression'
    })
    expect(data.labels).toEqual({ kind: 'target', values: Float64Array.of(-0.5, 100, 0.25, 7) })
    expect(data.classNames).toEqual([])
  })

  it('for masked-lm needs no label, and loses no row for one', async () => {
    const data = await load(table(['text', 'label'], ['a', 'x'], ['b', '']), { task: 'masked-lm' })
    expect(data.texts).toEqual(['a', 'b'])
    expect(data.labels).toEqual({ kind: 'none' })
    expect(data.problemType).toBeNull()
  })

  it('holds both texts of a pair', async () => {
    const content = table(
      ['one', 'two', 'label'],
      ['a', 'b', 'x'],
      ['c', 'd', 'y'],
      ['e', '', 'x'],
      ['f', 'g', 'x'],
      ['h', 'i', 'y']
    )
    const data = await load(content, { text: 'one', text_pair: 'two' })
    expect(data.pairs).toEqual(['b', 'd', 'g', 'i'])
    expect(data.skipped).toEqual([{ file: 0, line: 4, reason: 'empty_text_pair' }])
  })

  it('leaves out rows without text or label, and lists them', async () => {
    const data = await load(table(['text', 'label'], ['a', 'x'], [' ', 'x'], ['b', ''], ['c', 'y'], ['d', 'x'], ['e', 'y']))
    expect(data.count).toBe(4)
    expect(data.skipped).toEqual([
      { file: 0, line: 3, reason: 'empty_text' },
      { file: 0, line: 4, reason: 'missing_label' }
    ])
    expect(data.skippedCounts).toEqual({ empty_text: 1, empty_text_pair: 0, missing_label: 1 })
    expect(data.files).toMatchObject([{ name: 'notes.csv', role: 'all', encoding: 'utf-8', delimiter: ',', rows: 6, used: 4 }])
  })

  it('notes classes that differ only by capitals or spaces, and joins those that differ by accents’ composition', async () => {
    const rows = ['Urgent', 'urgent', 'not urgent', 'Urgent ', 'urgent', 'not urgent', 'caf\u00e9', 'cafe\u0301'].map(
      (label, i) => [`t${i}`, label]
    )
    const data = await load(table(['text', 'label'], ...rows))
    expect(data.classNames).toEqual(['Urgent', 'caf\u00e9', 'not urgent', 'urgent'])
    expect(data.notes).toEqual([
      {
        code: 'similar_classes',
        message: "The classes 'Urgent' and 'urgent' differ only in capitals or spaces. If they mean the same, write them alike."
      }
    ])
  })

  it('notes an encoding that was guessed', async () => {
    const path = await put('old.csv', Buffer.from('text,label\ncafé,a\nb,b\nc,a\nd,b\n', 'latin1'))
    const data = await loadDataset({ task: 'text-classification', text: 'text', label: 'label', file: path })
    expect(data.texts[0]).toBe('café')
    expect(data.notes.map(({ message }) => message)).toEqual([
      'old.csv is not UTF-8 and was read as Windows-1252. Check that accents look right.'
    ])
  })

  it('has one hash for one content, whatever the file format, and another when anything used changes', async () => {
    const reference = await load(letters, { group: 'patient' })
    const rows = letters.trim().split('\n').slice(1)
    const json = rows
      .map((row) => row.split(','))
      .map(([id, text, label, patient]) => JSON.stringify({ patient, label, text, id: Number(id) }))
    expect((await load(json.join('\n'), { group: 'patient' }, 'notes.jsonl')).contentHash).toBe(reference.contentHash)
    expect((await load(letters.replaceAll(',', ';'), { group: 'patient' })).contentHash).toBe(reference.contentHash)
    expect((await load(letters.replace('7,', '70,'), { group: 'patient' })).contentHash).toBe(reference.contentHash)
    const changed = [
      letters.replace('rash', 'rush'),
      letters.replace('pain,b', 'pain,a').replace('rash,a', 'rash,b'),
      letters.replace('P2', 'P3')
    ]
    for (const content of changed) expect((await load(content, { group: 'patient' })).contentHash).not.toBe(reference.contentHash)
    expect((await load(letters)).contentHash).not.toBe(reference.contentHash)
  })

  it('of files that the person split keeps the role of every row', async () => {
    const train = await put('train.csv', table(['text', 'label'], ['a', 'x'], ['b', 'y'], ['c', 'x'], ['d', 'y']))
    const test = await put('test.csv', table(['label', 'text'], ['x', 'e'], ['x', 'f']))
    const data = await loadDataset({ task: 'text-classification', text: 'text', label: 'label', train, test })
    expect(data.files.map(({ role, used }) => [role, used])).toEqual([
      ['train', 4],
      ['test', 2]
    ])
    expect(data.fileOf).toEqual(Uint8Array.of(0, 0, 0, 0, 1, 1))
    expect(data.notes.map(({ message }) => message)).toEqual(["test.csv has no example of 'y', so nothing is measured for it."])
  })

  it('of an evaluation uses the classes of the run, in its order', async () => {
    const data = await load(table(['text', 'label'], ['a', 'x']), { classNames: ['z', 'x'] })
    expect(data.labels).toEqual({ kind: 'class', values: Int32Array.of(1) })
    expect(data.classCounts).toEqual([0, 1])
  })

  it('stops when asked to', async () => {
    const file = await put('notes.csv', letters)
    const spec: DatasetSpec = { task: 'text-classification', text: 'text', label: 'label', file }
    await expect(loadDataset(spec, AbortSignal.abort())).rejects.toThrow('aborted')
  })
})

describe('inputs to predict', () => {
  it('keep every row in its order, empty ones too', async () => {
    const file = await put('new.csv', table(['id', 'text'], [1, 'a'], [2, ''], [3, 'c']))
    expect(await loadInputs({ file, text: 'text', id: 'id' })).toEqual({
      count: 3,
      texts: ['a', '', 'c'],
      pairs: null,
      ids: ['1', '2', '3'],
      lines: Int32Array.of(2, 3, 4),
      emptyRows: 1,
      kinds: null
    })
  })

  it('are named by their lines where new texts have no such ids', async () => {
    const file = await put('new.csv', table(['text'], ['a'], ['b']))
    expect(await loadInputs({ file, text: 'text', id: 'id' })).toMatchObject({ ids: null, lines: Int32Array.of(2, 3) })
    await expect(loadInputs({ file, text: 'letter', id: 'id' })).rejects.toThrow(/no column 'letter'/)
  })
})

describe('data is refused', () => {
  const many = (count: number, labelOf: (i: number) => string | number): string =>
    table(['text', 'label'], ...Array.from({ length: count }, (_, i) => [`text ${i}`, labelOf(i)]))
  const listed =
    "Its columns are 'text', 'label'. Name one of these, or write the names of the columns in the first line of the file."

  const cases: readonly (readonly [string, string, Rest, string])[] = [
    [
      'for a renamed column',
      letters,
      { label: 'Labels' },
      "data_column_missing: notes.csv has no column 'Labels', which data.label names. Its columns are 'id', 'text', 'label', 'patient'. Did you mean 'label'?"
    ],
    [
      'for a missing column',
      many(4, (i) => i % 2),
      { group: 'zebra' },
      `data_column_missing: notes.csv has no column 'zebra', which data.group names. ${listed}`
    ],
    [
      'for a missing header',
      table(['The patient was seen today in the clinic for a review of the usual complaints', 'a'], ['more', 'b']),
      {},
      "data_column_missing: notes.csv has no column 'text', which data.text names. Its columns are 'The patient was seen today in the clinic…', 'a'. Name one of these, or write the names of the columns in the first line of the file."
    ],
    [
      'for one class only',
      many(4, () => 'x'),
      {},
      "data_one_class: The column 'label' of notes.csv has one class only, 'x'. A classifier needs examples of at least two classes."
    ],
    [
      'for a class with one example',
      many(5, (i) => (i === 2 ? 'rare' : i % 2 ? 'a' : 'b')),
      {},
      "data_class_one_example: The class 'rare' has one example only (line 4 of notes.csv). Add examples, correct the label, or remove the row."
    ],
    [
      'for classes with one example',
      many(7, (i) => (i > 4 ? `rare ${15 - i}` : i % 2 ? 'a' : 'b')),
      {},
      "data_class_one_example: These classes have one example only: 'rare 9', 'rare 10' (the first at line 7 of notes.csv). Add examples, correct the label, or remove the rows."
    ],
    [
      'for text that is empty everywhere',
      many(3, () => 'x').replaceAll(/text \d/g, ' '),
      {},
      "data_no_text: No row of notes.csv can be used: the column 'text' is empty in all 3 rows."
    ],
    [
      'for a file without rows',
      'text,label\n',
      {},
      'data_no_rows: notes.csv has column names but no rows below them. Is it the right file?'
    ],
    [
      'for labels that are empty everywhere',
      many(3, () => ''),
      {},
      "data_no_labels: No row of notes.csv can be used: none of its 3 rows has both a text (column 'text') and a label (column 'label')."
    ],
    [
      'for numbers where labels should be',
      many(40, (i) => i * 1.5),
      {},
      "data_labels_numeric: The column 'label' of notes.csv looks like numbers (40 different values in 40 rows), not classes. Use task: regression, or name another column."
    ],
    [
      'for measurements that repeat',
      many(200, (i) => (i % 40) / 10),
      {},
      "data_labels_numeric: The column 'label' of notes.csv looks like numbers (40 different values in 200 rows), not classes. Use task: regression, or name another column."
    ],
    [
      'for free text where labels should be',
      many(40, (i) => `sentence ${i}`),
      {},
      "data_too_many_classes: The column 'label' of notes.csv has 40 different values in 40 rows, so it does not look like classes. Name the column that holds the label."
    ],
    [
      'for text where a number should be, without quoting it',
      many(4, (i) => (i === 2 ? 'secret' : i)),
      { task: 'regression' },
      "data_target_not_number: Line 4 of notes.csv has text in the column 'label', where regression needs a plain number."
    ],
    [
      'for a decimal comma',
      'text;label\na;1,5\nb;2\n',
      { task: 'regression' },
      "data_target_not_number: Line 2 of notes.csv has a number with a comma (write a decimal point, and no thousands separators) in the column 'label', where regression needs a plain number."
    ],
    [
      'for a percentage',
      many(2, () => '50 %'),
      { task: 'regression' },
      "data_target_not_number: Line 2 of notes.csv has a percentage (leave out the sign) in the column 'label', where regression needs a plain number."
    ],
    [
      'for a date',
      many(2, () => '2024-05-01'),
      { task: 'regression' },
      "data_target_not_number: Line 2 of notes.csv has a date in the column 'label', where regression needs a plain number."
    ],
    [
      'for infinity',
      many(2, () => 'NaN'),
      { task: 'regression' },
      "data_target_not_number: Line 2 of notes.csv has a value that is not a finite number in the column 'label', where regression needs a plain number."
    ],
    [
      'for a number beyond floats',
      many(2, () => '1e999'),
      { task: 'regression' },
      "data_target_not_number: Line 2 of notes.csv has a number too large to compute with in the column 'label', where regression needs a plain number."
    ],
    [
      'for a target that never changes',
      many(3, () => '4'),
      { task: 'regression' },
      "data_target_constant: Every row of notes.csv has the same value in the column 'label'. Regression needs values that differ."
    ],
    [
      'for a label the run does not know',
      many(2, () => 'new'),
      { classNames: ['a', 'b'] },
      "data_label_unseen: The label 'new' in notes.csv (first at line 2) is not among the classes this model was trained on. The classes are 'a', 'b'. Correct the labels, or leave the rows out."
    ],
    [
      'for a separator without need',
      letters,
      { problem_type: 'single_label_classification', label_separator: ';' },
      "data_label_separator: 'label_separator' needs problem_type: multi_label_classification. Remove one of the two."
    ],
    [
      'for an empty separator',
      letters,
      { label_separator: '' },
      "data_label_separator: 'label_separator' is empty. Name the character between two labels."
    ],
    [
      'for no label in any row',
      many(3, () => ';'),
      { label_separator: ';' },
      "data_no_labels: The column 'label' of notes.csv names no label in any row. Check 'label_separator'."
    ]
  ]
  it.each(cases)('%s', async (_, content, rest, expected) => {
    expect(await refusalOf(() => load(content, rest))).toBe(expected)
  })

  it('when the task needs a label and none is named', async () => {
    const file = await put('notes.csv', letters)
    expect(await refusalOf(() => loadDataset({ task: 'regression', text: 'text', file }))).toBe(
      "data_label_missing: The task regression needs 'label', the column with what is to be learned."
    )
  })

  it('for labels never seen in training, naming them and their line', async () => {
    const train = await put(
      'train.csv',
      many(4, (i) => i % 2)
    )
    const test = await put(
      'test.csv',
      many(4, (i) => (i < 2 ? 1 : `a label much longer than forty characters: number ${i}`))
    )
    expect(await refusalOf(() => loadDataset({ task: 'text-classification', text: 'text', label: 'label', train, test }))).toBe(
      "data_label_unseen: The labels 'a label much longer than forty character…', 'a label much longer than forty character…' in test.csv (first at line 4) are not among the training rows. Correct the labels, or add training rows that have them."
    )
  })

  it('for more rows or more text than the limits', async () => {
    const limits = { rowLength: 1000, columns: 10, rows: 3, totalText: 1000 }
    expect(await refusalOf(() => load(letters, { limits }))).toBe(
      'data_too_many_rows: The data has more than 3 rows. Use a part of it.'
    )
    expect(await refusalOf(() => load(letters, { limits: { ...limits, rows: 10, totalText: 10 } }))).toBe(
      'data_too_much_text: The data holds more than 10 characters of text, which does not fit in memory. Use a part of it.'
    )
  })

  it('for file keys that contradict each other', async () => {
    const file = await put('notes.csv', letters)
    const spec = { task: 'text-classification', text: 'text', label: 'label' } as const
    expect(await refusalOf(() => loadDataset({ ...spec, file, test: file }))).toBe(
      "data_files: Data has both 'file' and files that are already split. Keep either 'file' or 'train', 'validation' and 'test'."
    )
    expect(await refusalOf(() => loadDataset({ ...spec, test: file }))).toBe(
      "data_files: Data names no file to train on. Add 'file' or 'train'."
    )
    expect(await refusalOf(() => loadDataset({ ...spec, train: file, test: file }))).toBe(
      'data_files: The file notes.csv is named for two roles. Rows to train on cannot also test the model.'
    )
  })
})
