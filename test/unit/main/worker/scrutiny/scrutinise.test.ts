import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { scanTable } from '../../../../../src/main/data/datasets/scan.ts'
import { scrutinise } from '../../../../../src/main/worker/scrutiny/scrutinise.ts'
import type { CloseFinding } from '../../../../../src/main/worker/scrutiny/scrutiny-types.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'attune-scrutiny-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const FILLER =
  'the patient was seen today with pain and swelling for some weeks we discussed options plan review later medication started advice given family history clear'.split(
    ' '
  )
const SIGNAL = { urgent: ['bleeding', 'collapse', 'severe'], routine: ['checkup', 'stable', 'mild'] } as const
const LABELS = ['urgent', 'routine'] as const

interface Row {
  readonly text: string
  readonly label: string
  readonly ward: string
}

/** Rows whose classes are told by some of their words, not by one alone. */
function rowsOf(count: number, seed: number, change: (row: Row, i: number) => Row = (row) => row): Row[] {
  const random = new Random(seed, 'scrutiny-test')
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)] as T // `below` stays inside.
  return Array.from({ length: count }, (_, i) => {
    const label = LABELS[i % 2] ?? 'urgent'
    const words = Array.from({ length: 16 }, () => pick(FILLER))
    for (let k = 0; k < 2; k++) words.splice(random.below(words.length), 0, pick(SIGNAL[label]))
    return change({ text: `${words.join(' ')} case ${i}`, label, ward: `W${random.below(6)}` }, i)
  })
}

async function look(
  rows: readonly Row[],
  task: 'text-classification' | 'regression' = 'text-classification'
): Promise<readonly CloseFinding[]> {
  const made = await mkdtemp(join(folder, 'table-'))
  const path = join(made, 'table.csv')
  await writeFile(path, `letter,urgency,ward\n${rows.map(({ text, label, ward }) => `${text},${label},${ward}`).join('\n')}\n`)
  const rowsPath = join(made, 'rows.jsonl')
  await scanTable(path, rowsPath)
  const roles = {
    task,
    text: 'letter',
    textPair: null,
    answer: 'urgency',
    separator: null,
    group: null,
    belonging: 'no'
  } as const
  const found = await scrutinise({ rowsPath, columns: ['letter', 'urgency', 'ward'], roles, rows: rows.length })
  expect((await readdir(made)).filter((name) => name.startsWith('.look-'))).toEqual([])
  return found
}

const codes = (found: readonly CloseFinding[]): readonly string[] => found.map(({ code }) => code)
const alarms = (found: readonly CloseFinding[]): readonly string[] => codes(found).filter((code) => code.startsWith('leak'))

describe('a closer look', () => {
  it('raises no alarm where words and columns tell something, but no single one tells all', async () => {
    for (const seed of [1, 2]) expect(alarms(await look(rowsOf(240, seed)))).toEqual([])
  })

  it('raises no alarm by chance where labels are drawn, however many words there are', async () => {
    for (const seed of [4, 5, 6]) {
      const random = new Random(seed, 'chance')
      const words = Array.from({ length: 2000 }, (_, i) => `w${i}`)
      const drawn = rowsOf(200, seed, (row, i) => ({
        text: `${Array.from({ length: 30 }, () => words[random.below(words.length)] ?? '').join(' ')} n${i}`,
        label: random.uniform() < 0.5 ? 'urgent' : 'routine',
        ward: `W${random.below(40)}`
      }))
      expect(alarms(await look(drawn))).toEqual([])
    }
  })

  it('names a word that stands in nearly all rows of a class and in no other, with the rows that have it', async () => {
    const planted = rowsOf(400, 7, (row) => (row.label === 'urgent' ? { ...row, text: `${row.text} redflag` } : row))
    const [found] = (await look(planted)).filter(({ code }) => code.startsWith('leak-word'))
    expect(found?.sentence).toMatch(
      /^The word 'redflag' alone tells the class 'urgent': it stands in 100\s% of its rows \(96–100\s%\)/
    )
    expect(found?.lines).toHaveLength(200)
    expect(found?.lines[0]).toBe(2)
  })

  it('names a column that tells the answer, and one that follows a score', async () => {
    const told = rowsOf(300, 8, (row, i) => ({ ...row, ward: row.label === 'urgent' ? `E${i % 3}` : `G${i % 3}` }))
    expect((await look(told)).find(({ code }) => code === 'leak-column-1')?.sentence).toMatch(
      /^The column 'ward' alone tells 100\s%/
    )
    const scored = rowsOf(120, 9, (row, i) => ({ ...row, label: String(i % 50), ward: String((i % 50) * 2 + (i % 3)) }))
    expect((await look(scored, 'regression')).find(({ code }) => code === 'leak-column-1')?.sentence).toContain(
      'follows the answer closely'
    )
    const free = rowsOf(120, 10, (row, i) => ({ ...row, label: String(i % 50), ward: String((i * 37) % 91) }))
    expect(alarms(await look(free, 'regression'))).toEqual([])
  })

  it('doubts labels that were exchanged, the most doubtful first, and suggests the right ones', async () => {
    const wrong = new Set([20, 61, 122, 203, 244, 305])
    const exchanged = rowsOf(400, 11, (row, i) =>
      wrong.has(i) ? { ...row, label: row.label === 'urgent' ? 'routine' : 'urgent' } : row
    )
    const found = (await look(exchanged)).find(({ code }) => code === 'doubtful-labels')
    const top = new Set(found?.lines.slice(0, 8))
    expect([...wrong].filter((i) => top.has(i + 2)).length).toBeGreaterThanOrEqual(5)
    const [first] = found?.lines ?? []
    const was = exchanged[(first ?? 2) - 2]?.label ?? ''
    expect(found?.remarks?.[0]).toMatch(new RegExp(`^${was === 'urgent' ? 'routine' : 'urgent'} \\(.*\\) rather than ${was}`))
    expect(found?.fixes.relabel).toMatchObject([{ kind: 'set' }])
  })

  it('finds near copies, keeping the first of each where the answers agree', async () => {
    const copied = rowsOf(100, 12).map((row, i, all) =>
      i === 50 ? { ...row, text: `${all[10]?.text ?? ''} again`, label: all[10]?.label ?? '' } : row
    )
    const found = (await look(copied)).find(({ code }) => code === 'near-duplicates')
    expect(found?.lines).toEqual([12, 52])
    expect(found?.fixes.drop).toEqual([{ kind: 'drop', lines: [52] }])
  })

  it('says in which languages texts are', async () => {
    const german = 'Der Patient wurde heute mit Schmerzen im linken Knie gesehen und wir haben die weiteren Schritte besprochen'
    const mixed = rowsOf(60, 13, (row, i) => (i % 20 === 7 ? { ...row, text: `${german} Fall ${i}` } : row))
    const found = (await look(mixed)).find(({ code }) => code === 'languages')
    expect(found?.sentence).toContain('are in English; others: German 3')
    expect(found?.lines).toEqual([9, 29, 49])
    expect(found?.remarks).toEqual(['German', 'German', 'German'])
  })

  it('names passages that are marked in most places and not in others, or as another type', async () => {
    const made = await mkdtemp(join(folder, 'marks-'))
    const names = ['Ingrid Halden', 'Tobias Marley', 'Ada Penrose']
    const lines = Array.from({ length: 24 }, (_, i) => {
      const name = names[i % 3] ?? ''
      const text = `Letter ${i}: I saw ${name} at home on day ${i} and spoke with the family.`
      const start = text.indexOf(name)
      const label = i === 7 ? 'PLACE' : 'NAME'
      const spans = i === 4 || i === 16 ? [] : [{ start, end: start + name.length, label }]
      return JSON.stringify({ text, spans })
    })
    await writeFile(join(made, 'marks.jsonl'), `${lines.join('\n')}\n`)
    const rowsPath = join(made, 'rows.jsonl')
    await scanTable(join(made, 'marks.jsonl'), rowsPath)
    const roles = {
      task: 'token-classification',
      text: 'text',
      textPair: null,
      answer: 'spans',
      separator: null,
      group: null,
      belonging: 'no'
    } as const
    const found = await scrutinise({ rowsPath, columns: ['text', 'spans'], roles, rows: 24 })
    const missed = found.find(({ code }) => code === 'marks-missed')
    expect(missed?.lines).toEqual([5, 17])
    expect(missed?.remarks?.[0]).toBe("'Tobias Marley' is NAME in 6 other places")
    const differ = found.find(({ code }) => code === 'marks-differ')
    expect(differ?.lines).toEqual([8])
    expect(differ?.remarks).toEqual(["'Tobias Marley' is PLACE here and mostly NAME"])
    expect(alarms(found)).toEqual([])
  })
})
