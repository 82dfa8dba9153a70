import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Random } from '../../../../src/main/base/random.ts'
import { sha256OfFile } from '../../../../src/main/base/files.ts'
import { drugs, nameOrDrug } from '../../../../scripts/sample/lexicon/marked-words.ts'
import { marked, markedSentence, unmarked } from '../../../../scripts/sample/marks.ts'
import { markedContracts } from '../../../../scripts/sample/marked-contracts.ts'
import { markedLetters, type MarkedRow } from '../../../../scripts/sample/marked-letters.ts'
import { contractQuestions } from '../../../../scripts/sample/contract-questions.ts'
import { allMarkedSets, questionsFile, toJsonl } from '../../../../scripts/sample/marked-sets.ts'
import { loadDataset } from '../../../../src/main/data/dataset.ts'
import { readMarks } from '../../main/data/importers/marks/reading.ts'

const folder = join(import.meta.dirname, '../../../../resources/sample/data')
const sets = allMarkedSets()
const [letters = [], contracts = []] = sets.map(({ rows }) => rows)
const passages = (rows: readonly MarkedRow[], label: string): string[] =>
  rows.flatMap(({ text, spans }) => spans.filter((span) => span.label === label).map(({ start, end }) => text.slice(start, end)))

describe('the committed data sets', () => {
  it.each(sets)('$file is what the generator writes, below 1 MB', async (set) => {
    const written = toJsonl(set)
    expect(await sha256OfFile(join(folder, set.file))).toBe(createHash('sha256').update(written).digest('hex'))
    expect(Buffer.byteLength(written)).toBeLessThan(1_000_000)
  })

  it.each(sets)('$file is read as it was generated', async ({ file, group, rows }) => {
    const read = await readMarks(join(folder, file))
    expect(read.left).toEqual([])
    expect(read.columns).toEqual(['text', 'spans', 'id', group])
    const shown = ({ text, spans }: MarkedRow) =>
      spans.toSorted((a, b) => a.start - b.start).map(({ start, end, label }) => `${label}:${text.slice(start, end)}`)
    expect(read.rows.map(({ marks }) => marks)).toEqual(rows.map(shown))
    expect((await readFile(join(folder, file), 'utf8')).split('\n')).toHaveLength(rows.length + 1)
  })
})

describe('questions about the contracts', () => {
  const squad = JSON.parse(contractQuestions(contracts)) as {
    data: {
      title: string
      paragraphs: { context: string; qas: { id: string; question: string; answers: { text: string }[] }[] }[]
    }[]
  } // As SQuAD has it.
  const paragraphs = squad.data.flatMap((article) => article.paragraphs)
  const questions = paragraphs.flatMap(({ qas }) => qas)

  it('are what the generator writes, with an id each', async () => {
    const written = contractQuestions(contracts)
    expect(await sha256OfFile(join(folder, questionsFile))).toBe(createHash('sha256').update(written).digest('hex'))
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length)
    expect(squad.data.map(({ title }) => title)).toEqual([...new Set(contracts.map(({ group }) => group))].sort())
  })

  it('are read with every answer where it stands, a third of them without one', async () => {
    const spec = { text: 'context', text_pair: 'question', label: 'answers', id: 'id', group: 'title' }
    const { count, labels, texts } = await loadDataset({ task: 'question-answering', file: join(folder, questionsFile), ...spec })
    expect(count).toBe(questions.length)
    const read = labels.kind === 'answers' ? labels.values : []
    expect(read.map((own, row) => own.map(({ start, end }) => texts[row]?.slice(start, end)))).toEqual(
      questions.map(({ answers }) => answers.map(({ text }) => text))
    )
    const none = read.filter((own) => own.length === 0).length / count
    expect(none).toBeGreaterThan(0.25)
    expect(none).toBeLessThan(0.45)
  })

  it('stand about whole sentences of the contracts', () => {
    for (const { context } of paragraphs) expect(contracts.some(({ text }) => text.includes(context))).toBe(true)
    expect(paragraphs.filter(({ context }) => !/[.:!?)"]$/.test(context))).toEqual([])
  })
})

describe.each(sets)('every text of $file', ({ rows }) => {
  it('is tidy, and no mark overlaps another, is empty or has blanks at its edges', () => {
    for (const { text, spans } of rows) {
      expect(text).not.toMatch(/[{}[\]|]|undefined| {2}| [,.;]|[\ue000-\uf8ff]/)
      const inOrder = spans.toSorted((a, b) => a.start - b.start)
      for (const [i, { start, end }] of inOrder.entries()) {
        expect(end).toBeGreaterThan(start)
        expect(inOrder[i + 1]?.start ?? Infinity).toBeGreaterThanOrEqual(end)
        expect(text.slice(start, end)).toBe(text.slice(start, end).trim())
      }
    }
  })

  it('stands once, with an id of its own', () => {
    expect(new Set(rows.map(({ text }) => text)).size).toBe(rows.length)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  })
})

describe('marked letters', () => {
  it('are 400 with six kinds of marks, none rare, on some 200 patients', () => {
    expect(letters).toHaveLength(400)
    for (const label of ['NAME', 'DATE', 'PLACE', 'ID', 'DRUG', 'DOSE'])
      expect(passages(letters, label).length, label).toBeGreaterThan(200)
    expect(new Set(letters.map(({ group }) => group)).size).toBeGreaterThan(150)
  })

  it('hold no medicine by its common name that is not marked', () => {
    const name = new RegExp(`\\b(?:${drugs.join('|')})\\b`, 'i')
    const bare = letters.map(({ text, spans }) =>
      spans
        .toSorted((a, b) => b.start - a.start)
        .reduce((rest, { start, end }) => `${rest.slice(0, start)}·${rest.slice(end)}`, text)
    )
    expect(bare.filter((text) => name.test(text))).toEqual([])
  })

  it('use the same word as a name in one letter and as a medicine in another', () => {
    const [names, medicines] = [passages(letters, 'NAME').join(' '), new Set(passages(letters, 'DRUG'))]
    expect(nameOrDrug.filter((word) => names.includes(word) && medicines.has(word)).length).toBeGreaterThan(5)
  })

  it('have many names and medicines that stand in one group only', () => {
    for (const label of ['NAME', 'DRUG']) {
      const groups = new Map<string, Set<string>>()
      for (const { group, text, spans } of letters)
        for (const span of spans)
          if (span.label === label) {
            const word = text.slice(span.start, span.end).toLowerCase()
            groups.set(word, (groups.get(word) ?? new Set()).add(group))
          }
      const once = [...groups.values()].filter((all) => all.size === 1).length
      expect(once / groups.size, label).toBeGreaterThan(0.5)
    }
  })
})

describe('marked contracts', () => {
  it('are 200 with parties, amounts, governing law and terms', () => {
    expect(contracts).toHaveLength(200)
    for (const label of ['PARTY', 'AMOUNT', 'LAW', 'TERM'])
      expect(passages(contracts, label).length, label).toBeGreaterThanOrEqual(150)
  })

  it('name countries that are not the governing law, and periods that are no term', () => {
    const laws = new Set(passages(contracts, 'LAW'))
    const bare = contracts.map(({ text, spans }) => ({ text, spans: spans.filter(({ label }) => label === 'LAW') }))
    const elsewhere = bare.filter(({ text, spans }) =>
      [...laws].some(
        (law) => text.split(law).length - 1 > spans.filter(({ start, end }) => text.slice(start, end) === law).length
      )
    )
    expect(elsewhere.length).toBeGreaterThan(100)
  })
})

it('differ from seed to seed', () => {
  const known = new Set([...letters, ...contracts].map(({ text }) => text))
  expect([...markedLetters(1, 20), ...markedContracts(1, 20)].some(({ text }) => known.has(text))).toBe(false)
})

describe('a composed passage', () => {
  it('keeps its marks where the text is tidied', () => {
    const random = new Random(1, 'marks')
    const text = markedSentence(random, '{drug}  , {dose} .', {
      drug: () => marked('DRUG', 'ramipril'),
      dose: () => marked('DOSE', '5 mg')
    })
    expect(unmarked(text)).toEqual({
      text: 'Ramipril, 5 mg.',
      spans: [
        { start: 0, end: 8, label: 'DRUG' },
        { start: 10, end: 14, label: 'DOSE' }
      ]
    })
  })

  it('does not end with two stops', () => {
    const random = new Random(1, 'marks')
    expect(unmarked(markedSentence(random, 'for {a}', { a: () => marked('PARTY', 'Vortech Inc.') })).text).toBe(
      'For Vortech Inc.'
    )
  })
})
