import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dataset, DatasetFile, FileRole, Labels } from '../../../../src/main/data/dataset-types.ts'
import { normalised } from '../../../../src/main/data/duplicates.ts'
import { foldAssignments } from '../../../../src/main/data/folds.ts'
import { DEFAULT_FRACTIONS, splitDataset } from '../../../../src/main/data/split.ts'
import type { Split } from '../../../../src/main/data/split.ts'
import { refusalOf } from './folder.ts'

interface Made {
  readonly texts: readonly string[]
  readonly labels?: Labels
  readonly classes?: number
  readonly groups?: readonly string[]
  readonly pairs?: readonly string[]
  readonly dates?: readonly number[]
  /** Number of rows and role of each file. */
  readonly files?: readonly (readonly [string, FileRole, number])[]
}

/** A data set as the loader would make it. */
function made({
  texts,
  labels = { kind: 'none' },
  classes = 0,
  groups,
  pairs,
  dates,
  files = [['notes.csv', 'all', texts.length]]
}: Made): Dataset {
  const fileOf = Uint8Array.from(files.flatMap(([, , rows], file) => new Array<number>(rows).fill(file)))
  const described: DatasetFile[] = files.map(([name, role, rows]) => ({
    path: name,
    name,
    role,
    encoding: 'utf-8',
    delimiter: ',',
    rows,
    used: rows
  }))
  return {
    task: 'text-classification',
    problemType: 'single_label_classification',
    files: described,
    count: texts.length,
    texts,
    pairs: pairs ?? null,
    labels,
    classNames: Array.from({ length: classes }, (_, id) => `class ${id}`),
    classCounts: [],
    groups: groups ?? null,
    ids: null,
    parts: null,
    dates: dates ? Float64Array.from(dates) : null,
    lines: Int32Array.from(fileOf, (file, row) => row - fileOf.indexOf(file) + 2),
    fileOf,
    skipped: [],
    skippedCounts: { empty_text: 0, empty_text_pair: 0, missing_label: 0 },
    notes: [],
    contentHash: 'content'
  }
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `text number ${i}`)
const classes = (ids: readonly number[]): Labels => ({ kind: 'class', values: Int32Array.from(ids) })
const parts = ({ train, validation, test }: Split) => [train, validation, test] as const

/** The part of every row; fails when a row is in none or in two. */
function partOf(dataset: Dataset, split: Split): number[] {
  const found = new Array<number>(dataset.count).fill(-1)
  for (const [part, rows] of parts(split).entries()) {
    for (const row of rows) {
      expect(found[row]).toBe(-1)
      found[row] = part
    }
  }
  expect(found).not.toContain(-1)
  return found
}

const anyRows = fc.array(
  fc.record({
    text: fc.integer({ min: 0, max: 60 }),
    group: fc.integer({ min: 0, max: 30 }),
    label: fc.integer({ min: 0, max: 3 })
  }),
  { minLength: 40, maxLength: 120 }
)

/** Rows with a few equal texts and groups of a few rows. */
function fromRows(rows: readonly { text: number; group: number; label: number }[]): Dataset {
  return made({
    texts: rows.map(({ text }, row) => (text < 10 ? `Same  ${text}` : `text ${row}`)),
    groups: rows.map(({ group }) => (group < 15 ? '' : `P${group}`)),
    labels: classes(rows.map(({ label }) => label)),
    classes: 4
  })
}

describe('a split', () => {
  it('gives each part its share of every class, exactly where the counts allow it', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2))
    const split = splitDataset(made({ texts: numbered(1000), labels: classes(ids), classes: 3 }), DEFAULT_FRACTIONS, 1)
    expect(parts(split).map(({ length }) => length)).toEqual([700, 150, 150])
    expect(split.classCounts).toEqual({ train: [420, 210, 70], validation: [90, 45, 15], test: [90, 45, 15] })
    expect(split.notes).toEqual([])
  })

  it('puts every row into one part, and no group or equal text into two', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, fc.nat(), async (rows, seed) => {
        const dataset = fromRows(rows)
        let split: Split | undefined
        const refusal = await refusalOf(() => {
          split = splitDataset(dataset, DEFAULT_FRACTIONS, seed)
        })
        if (split === undefined) return expect(refusal).toMatch(/^data_split_too_small: /)
        const found = partOf(dataset, split)
        const keys = [dataset.texts.map(normalised), dataset.groups?.map((group, row) => group || `alone ${row}`) ?? []]
        for (const names of keys) {
          const first = new Map(names.map((name, row) => [name, found[row]]))
          expect(names.map((name) => first.get(name))).toEqual(found)
        }
        expect(parts(splitDataset(dataset, DEFAULT_FRACTIONS, seed))).toEqual(parts(split))
      }),
      { numRuns: 100 }
    )
  })

  it('is another one for another seed, with the same counts', () => {
    const dataset = made({ texts: numbered(200), labels: classes(numbered(200).map((_, i) => i % 2)), classes: 2 })
    const [a, b] = [splitDataset(dataset, DEFAULT_FRACTIONS, 1), splitDataset(dataset, DEFAULT_FRACTIONS, 2)]
    expect(a.test).not.toEqual(b.test)
    expect(a.classCounts).toEqual(b.classCounts)
    expect(a.splitHash).not.toBe(b.splitHash)
    expect(splitDataset(dataset, DEFAULT_FRACTIONS, 1).splitHash).toBe(a.splitHash)
  })

  it('comes close to the shares with groups of very different sizes', () => {
    const sizes = [60, 40, 25, 20, 15, 12, 10, 8, 8, 6, 5, 5, 4, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    const groups = sizes.flatMap((size, group) => new Array<string>(size).fill(`P${group}`))
    const labels = classes(groups.map((_, row) => row % 3))
    for (const seed of [1, 2, 3, 4, 5]) {
      const split = splitDataset(made({ texts: numbered(groups.length), groups, labels, classes: 3 }), DEFAULT_FRACTIONS, seed)
      const shares = parts(split).map(({ length }) => length / groups.length)
      for (const [part, share] of [0.7, 0.15, 0.15].entries()) expect(Math.abs((shares[part] ?? 0) - share)).toBeLessThan(0.03)
    }
  })

  it('gives every part an example of a class as soon as it has three', () => {
    const ids = [...new Array<number>(97).fill(0), 1, 1, 1]
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { classCounts } = splitDataset(
        made({ texts: numbered(100), labels: classes(ids), classes: 2 }),
        DEFAULT_FRACTIONS,
        seed
      )
      expect([classCounts.train[1], classCounts.validation[1], classCounts.test[1]]).toEqual([1, 1, 1])
    }
  })

  it('keeps a class with too few independent examples in training, and says so', () => {
    const groups = [...numbered(57).map(() => ''), 'P1', 'P1', 'P1']
    const ids = [...new Array<number>(57).fill(0), 1, 1, 1]
    const split = splitDataset(made({ texts: numbered(60), groups, labels: classes(ids), classes: 2 }), DEFAULT_FRACTIONS, 3)
    expect(split.classCounts.train[1]).toBe(3)
    expect(split.notes.map(({ message }) => message)).toEqual([
      "The validation part has no example of 'class 1': there are too few independent ones for every part.",
      "The test part has no example of 'class 1': there are too few independent ones for every part."
    ])
  })

  it('always trains on every class, however the groups mix them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 4 })), { minLength: 30, maxLength: 60 }),
        fc.nat(),
        (rows, seed) => {
          const groups = rows.map(([group]) => `P${group}`)
          fc.pre(new Set(groups).size >= 6)
          const dataset = made({
            texts: numbered(rows.length),
            groups,
            labels: classes(rows.map(([, label]) => label)),
            classes: 5
          })
          const { classCounts } = splitDataset(dataset, DEFAULT_FRACTIONS, seed)
          const present = new Set(rows.map(([, label]) => label))
          for (const label of present) expect(classCounts.train[label]).toBeGreaterThan(0)
        }
      ),
      { numRuns: 100 }
    )
  })

  it('stratifies several labels per row', () => {
    const values = Uint8Array.from(numbered(400).flatMap((_, i) => [i % 2, i % 5 === 0 ? 1 : 0, i % 20 === 3 ? 1 : 0]))
    const dataset = made({ texts: numbered(400), labels: { kind: 'multi_hot', values }, classes: 3 })
    const { classCounts, ...split } = splitDataset(dataset, DEFAULT_FRACTIONS, 1)
    expect(parts({ ...split, classCounts }).map(({ length }) => length)).toEqual([280, 60, 60])
    expect(classCounts.test[2]).toBe(3)
    for (const [id, total] of [200, 80, 20].entries()) {
      expect(Math.abs((classCounts.train[id] ?? 0) - 0.7 * total)).toBeLessThanOrEqual(2)
      expect(Math.abs((classCounts.test[id] ?? 0) - 0.15 * total)).toBeLessThanOrEqual(2)
    }
  })

  it('gives each part the same range of a number', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1000) ** 2)
    const split = splitDataset(made({ texts: numbered(1000), labels: { kind: 'target', values } }), DEFAULT_FRACTIONS, 1)
    const median = (rows: Int32Array): number =>
      Array.from(rows, (row) => values[row] ?? 0).sort((a, b) => a - b)[rows.length >> 1] ?? 0
    for (const rows of parts(split)) expect(Math.abs(Math.sqrt(median(rows)) - 500)).toBeLessThan(60)
    const decile = (rows: Int32Array): number => rows.filter((row) => (values[row] ?? 0) >= 900 ** 2).length / rows.length
    for (const rows of parts(split)) expect(decile(rows)).toBeCloseTo(0.1, 2)
  })

  it('reports equal texts and those whose labels disagree', () => {
    const texts = [...numbered(40), 'Stra\u00dfe  cafe\u0301 ', 'STRASSE caf\u00e9', 'same', 'Same', ' same']
    const ids = [...numbered(40).map((_, i) => i % 2), 0, 1, 1, 1, 1]
    const split = splitDataset(made({ texts, labels: classes(ids), classes: 2 }), DEFAULT_FRACTIONS, 1)
    expect(split.duplicates).toEqual({
      sets: 2,
      extraRows: 3,
      conflictingSets: 1,
      conflictingRows: 2,
      examples: [
        [40, 41],
        [42, 43, 44]
      ]
    })
    expect(split.notes.map(({ message }) => message)).toEqual([
      '3 rows repeat the text of another row; each was kept in one part with the row it repeats. In 1 set of them the labels disagree.'
    ])
  })

  it('compares both texts of a pair', () => {
    const dataset = made({ texts: ['a', 'a', 'a', 'a b', ...numbered(20)], pairs: ['b', 'c', 'B', '', ...numbered(20)] })
    expect(splitDataset(dataset, DEFAULT_FRACTIONS, 1).duplicates.examples).toEqual([[0, 2]])
  })

  it('leaves the person’s test file as it is and cuts validation from the training rows', () => {
    const files = [
      ['train.csv', 'train', 80],
      ['test.csv', 'test', 20]
    ] as const
    const labels = classes(numbered(100).map((_, i) => i % 2))
    const dataset = made({ texts: numbered(100), labels, classes: 2, files })
    const split = splitDataset(dataset, { train: 0.6, validation: 0.2, test: 0.2 }, 1)
    expect(split.test).toEqual(Int32Array.from({ length: 20 }, (_, i) => 80 + i))
    expect(split.classCounts).toEqual({ train: [30, 30], validation: [10, 10], test: [10, 10] })
  })

  it('is wholly the person’s where all three files are given', () => {
    const files = [
      ['a.csv', 'train', 3],
      ['b.csv', 'validation', 2],
      ['c.csv', 'test', 1]
    ] as const
    const split = splitDataset(made({ texts: numbered(6), files }), DEFAULT_FRACTIONS, 1)
    expect(parts(split)).toEqual([Int32Array.of(0, 1, 2), Int32Array.of(3, 4), Int32Array.of(5)])
  })

  it('says when large groups make the parts uneven', () => {
    const groups = numbered(100).map((_, i) => (i < 40 ? 'P1' : i < 80 ? 'P2' : 'P3'))
    const { notes } = splitDataset(made({ texts: numbered(100), groups }), DEFAULT_FRACTIONS, 1)
    expect(notes.filter(({ code }) => code === 'split_uneven').map(({ message }) => message)).toContain(
      'The train part has 40 % of the rows instead of 70 %, because rows that belong together were kept together.'
    )
  })
})

describe('a split is refused', () => {
  const fractions = (train: number, validation: number, test: number) => ({ train, validation, test })

  it.each([
    [
      fractions(0.7, 0.2, 0.2),
      'data_split_fractions: The fractions of split add up to 1.1. Train, validation and test must add up to 1.'
    ],
    [fractions(1.2, -0.2, 0), 'data_split_fractions: Each of train, validation and test in split must lie between 0 and 1.'],
    [fractions(NaN, 0.5, 0.5), 'data_split_fractions: Each of train, validation and test in split must lie between 0 and 1.'],
    [fractions(0, 0.5, 0.5), 'data_split_fractions: The fraction train of split is 0, so nothing would be learned. Raise it.']
  ])('for impossible fractions', async (given, expected) => {
    expect(await refusalOf(() => splitDataset(made({ texts: numbered(20) }), given, 1))).toBe(expected)
  })

  it('for fewer groups than parts', async () => {
    const dataset = made({ texts: numbered(20), groups: numbered(20).map((_, i) => `P${i % 2}`) })
    expect(await refusalOf(() => splitDataset(dataset, DEFAULT_FRACTIONS, 1))).toMatch(
      /^data_split_too_small: The rows form only 2 independent units \(rows that share a group or a text stay together\), too few for 3 parts: (validation|test) would be empty\. Add rows, or set its fraction of split to 0\.$/
    )
  })

  const files = [
    ['train.csv', 'train', 5],
    ['test.csv', 'test', 3]
  ] as const

  it('for groups that lie in two of the person’s files, by name', async () => {
    const dataset = made({ texts: numbered(8), groups: ['A', 'B', 'C', '', 'D', 'B', '', 'D'], files })
    expect(await refusalOf(() => splitDataset(dataset, DEFAULT_FRACTIONS, 1))).toBe(
      "data_groups_cross_files: 2 groups are in more than one of train.csv, test.csv, so the test would not be honest: 'B' at line 3 of train.csv and line 2 of test.csv; 'D' at line 6 of train.csv and line 4 of test.csv. Move each group into one file, or give one file and let it be split."
    )
  })

  it('for texts that lie in two of the person’s files, by line and without quoting them', async () => {
    const dataset = made({ texts: ['a', 'b', 'c', 'd', 'Secret  text', 'x', 'y', 'secret text'], files })
    expect(await refusalOf(() => splitDataset(dataset, DEFAULT_FRACTIONS, 1))).toBe(
      'data_duplicates_cross_files: 1 text is in more than one of train.csv, test.csv, so the test would not be honest: line 6 of train.csv and line 4 of test.csv. Remove the copies, or give one file and let it be split.'
    )
  })
})

describe('folds', () => {
  it('hold every row once, keep groups together and stratify', () => {
    const groups = numbered(300).map((_, i) => `P${Math.floor(i / 3)}`)
    const dataset = made({
      texts: numbered(300),
      groups,
      labels: classes(numbered(300).map((_, i) => (i % 30 < 9 ? 1 : 0))),
      classes: 2
    })
    const folds = foldAssignments(dataset, 5, 1)
    for (let fold = 0; fold < 5; fold++) {
      const rows = [...folds.keys()].filter((row) => folds[row] === fold)
      expect(rows.length).toBe(60)
      expect(rows.filter((row) => row % 30 < 9).length).toBe(18)
    }
    expect(groups.map((_, row) => folds[row])).toEqual(groups.map((_, row) => folds[row - (row % 3)]))
    expect(foldAssignments(dataset, 5, 1)).toEqual(folds)
    expect(foldAssignments(dataset, 5, 2)).not.toEqual(folds)
  })

  it('are refused when there are more of them than independent rows', async () => {
    const dataset = made({ texts: ['a', 'A', 'b', 'c'] })
    expect(await refusalOf(() => foldAssignments(dataset, 4, 1))).toBe(
      'data_folds: The rows form only 3 independent units (rows that share a group or a text stay together), too few for 4 folds.'
    )
    expect(await refusalOf(() => foldAssignments(dataset, 1, 1))).toBe(
      'data_folds: Cross-validation needs a whole number of folds, at least 2.'
    )
  })
})

describe('a split by date', () => {
  const days = (count: number, each: number): number[] =>
    Array.from({ length: count }, (_, row) => Date.UTC(2024, 0, 1 + Math.floor(row / each)))

  it('trains on the past and tests on the future, whatever the order of the rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 30, maxLength: 120 }).filter((all) => new Set(all).size > 2),
        fc.integer({ min: 0, max: 1000 }),
        (all, seed) => {
          const dates = all.map((day) => Date.UTC(2024, 0, 1 + day))
          const dataset = made({ texts: numbered(dates.length), dates, labels: classes(all.map((day) => day % 3)), classes: 3 })
          const split = splitDataset(dataset, DEFAULT_FRACTIONS, seed)
          partOf(dataset, split)
          const latest = (rows: Int32Array): number => Math.max(...Array.from(rows, (row) => dates[row] ?? 0))
          const earliest = (rows: Int32Array): number => Math.min(...Array.from(rows, (row) => dates[row] ?? 0))
          expect(latest(split.train)).toBeLessThan(earliest(split.validation))
          expect(latest(split.validation)).toBeLessThan(earliest(split.test))
        }
      ),
      { numRuns: 60 }
    )
  })

  it('comes as near to the shares as whole dates allow', () => {
    const dataset = made({ texts: numbered(100), dates: days(100, 5) })
    const split = splitDataset(dataset, DEFAULT_FRACTIONS, 1)
    expect(parts(split).map(({ length }) => length)).toEqual([70, 15, 15])
    expect(split.notes.map(({ message }) => message)).toContain(
      'The parts follow each other in time: learned from rows up to 2024-01-14, chosen by rows from 2024-01-15 to 2024-01-17, tested on rows from 2024-01-18 on.'
    )
  })

  it('takes a group whole into the part of its newest row, so that training holds nothing from the time of the test', () => {
    const groups = Array.from({ length: 60 }, (_, row) => (row === 0 || row === 59 ? 'long' : `g${row}`))
    const dataset = made({ texts: numbered(60), dates: days(60, 1), groups })
    const split = splitDataset(dataset, DEFAULT_FRACTIONS, 1)
    expect([...split.test]).toContain(0)
    expect([...split.test]).toContain(59)
  })

  it('learns from rows without a date, and says so', () => {
    const dates = days(60, 1).map((time, row) => (row % 20 === 19 ? NaN : time))
    const split = splitDataset(made({ texts: numbered(60), dates }), DEFAULT_FRACTIONS, 1)
    expect([...split.train]).toEqual(expect.arrayContaining([19, 39, 59]))
    expect(split.notes.find(({ code }) => code === 'split_undated')?.message).toContain('3 rows have no date')
  })

  it('refuses fewer dates than parts', async () => {
    const dataset = made({ texts: numbered(20), dates: days(20, 10) })
    expect(await refusalOf(() => splitDataset(dataset, DEFAULT_FRACTIONS, 1))).toContain('only 2 different dates')
  })
})

describe('a split by folds', () => {
  it('tests every row in exactly one fold, and cuts validation from what is left', () => {
    const ids = Array.from({ length: 90 }, (_, row) => row % 3)
    const groups = Array.from({ length: 90 }, (_, row) => `g${Math.floor(row / 2)}`)
    const dataset = made({ texts: numbered(90), labels: classes(ids), classes: 3, groups })
    const splits = Array.from({ length: 5 }, (_, index) =>
      splitDataset(dataset, DEFAULT_FRACTIONS, 7, { fold: { of: 5, index } })
    )
    for (const split of splits) {
      const found = partOf(dataset, split)
      for (const [row, part] of found.entries()) expect(found[row ^ 1]).toBe(part)
      expect(split.validation.length).toBeGreaterThan(8)
      expect(split.classCounts.test.every((count) => count >= 5)).toBe(true)
    }
    expect(splits.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual(ids.map((_, row) => row))
    const folds = foldAssignments(dataset, 5, 7)
    for (const [index, { test }] of splits.entries())
      expect(new Set(Array.from(test, (row) => folds[row]))).toEqual(new Set([index]))
    expect(new Set(splits.map(({ splitHash }) => splitHash)).size).toBe(5)
  })
})
