import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { sha256OfFile } from '../../../../src/main/base/files.ts'
import { clauseTypes } from '../../../../scripts/sample/clauses.ts'
import {
  allSets,
  clinicalLetters,
  contractClauses,
  satisfaction,
  toCsv,
  type SampleSet
} from '../../../../scripts/sample/data-sets.ts'
import { countWords } from '../../../../scripts/sample/writing.ts'

const folder = join(import.meta.dirname, '../../../../resources/sample/data')
const share = (set: SampleSet, test: (row: SampleSet['rows'][number]) => boolean) =>
  set.rows.filter(test).length / set.rows.length
const groups = (set: SampleSet) => new Set(set.rows.map(({ group }) => group)).size
const [letters, clauses, scores] = [clinicalLetters(), contractClauses(), satisfaction()]

describe('the committed data sets', () => {
  it.each(allSets())('$file is what the generator writes', async (set) => {
    expect(await sha256OfFile(join(folder, set.file))).toBe(createHash('sha256').update(toCsv(set)).digest('hex'))
  })

  it.each([letters, clauses, scores])('$file reads back as it was generated and stays below 1 MB', async (set) => {
    const text = await readFile(join(folder, set.file), 'utf8')
    const expected = [set.columns, ...set.rows.map(({ group, text: cell, label }) => [group, cell, label])]
    expect(parse(text)).toEqual(expected)
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
  })

  it('differ from seed to seed', () => {
    const known = new Set(letters.rows.map(({ text }) => text))
    expect(clinicalLetters(1).rows.some(({ text }) => known.has(text))).toBe(false)
  })
})

describe('every data set', () => {
  it.each([letters, clauses, scores])('$file has few empty labels and few duplicates, but some', (set) => {
    const empty = share(set, ({ label }) => label === '')
    expect(empty).toBeGreaterThan(0)
    expect(empty).toBeLessThanOrEqual(0.01)
    const repeated = set.rows.length - new Set(set.rows.map(({ text }) => text)).size
    expect(repeated).toBeGreaterThan(0)
    expect(repeated).toBeLessThanOrEqual(12)
  })

  it.each([letters, clauses])('$file has about 4 % wrong labels', (set) => {
    const wrong = share(set, ({ label, truth }) => label !== '' && label !== truth)
    expect(wrong).toBeGreaterThan(0.03)
    expect(wrong).toBeLessThan(0.05)
  })

  it.each([letters, clauses, scores])('$file leaves no template mark in its texts', (set) => {
    expect(set.rows.filter(({ text }) => /[{}[\]|]|undefined| {2}| [,.;]/.test(text))).toEqual([])
  })
})

describe('clinical letters', () => {
  it('have 15 to 65 words and come from about 250 patients with one to six letters each', () => {
    const words = letters.rows.map(({ text }) => countWords(text))
    expect(Math.min(...words)).toBeGreaterThanOrEqual(15)
    expect(Math.max(...words)).toBeLessThanOrEqual(65)
    expect(groups(letters)).toBeGreaterThan(220)
    expect(groups(letters)).toBeLessThan(280)
  })

  it('use the words of haste in routine letters and those of calm in urgent ones', () => {
    const rows = (truth: string) => letters.rows.filter((row) => row.truth === truth)
    expect(rows('routine').filter(({ text }) => /urgent|emergency|collapse/i.test(text)).length).toBeGreaterThan(
      0.1 * rows('routine').length
    )
    expect(rows('urgent').filter(({ text }) => /routine|no hurry|can wait/i.test(text)).length).toBeGreaterThan(
      0.04 * rows('urgent').length
    )
  })

  it('have three classes, none rare', () => {
    for (const urgency of ['routine', 'soon', 'urgent'])
      expect(share(letters, ({ label }) => label === urgency)).toBeGreaterThan(0.15)
  })
})

describe('contract clauses', () => {
  it('have ten types, none rare, in documents of several clauses', () => {
    expect(new Set(clauses.rows.map(({ truth }) => truth))).toEqual(new Set(clauseTypes))
    for (const type of clauseTypes) expect(share(clauses, ({ label }) => label === type)).toBeGreaterThan(0.06)
    expect(groups(clauses)).toBeLessThan(clauses.rows.length / 6)
  })
})

describe('satisfaction', () => {
  it('has scores from 0 to 10 with one decimal that follow the merit of the words', () => {
    const rows = scores.rows.filter(({ label }) => label !== '')
    expect(rows.filter(({ label }) => !/^(\d(\.\d)?|10(\.0)?)$/.test(label))).toEqual([])
    const off = rows.map(({ label, truth }) => Math.abs(Number(label) - Number(truth)))
    expect(off.reduce((sum, value) => sum + value, 0) / rows.length).toBeLessThan(1)
  })
})
