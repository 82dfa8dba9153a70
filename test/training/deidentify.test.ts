import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { spansCell } from '../../src/main/data/spans/span.ts'
import { attune, type CliRun } from '../helpers/attune.ts'
import { makeTinyMarks, tinyDocuments } from '../helpers/tiny-marks.ts'

let root: string
const at = (...names: readonly string[]): string => join(root, ...names)
const run = (words: readonly string[], input?: string): Promise<CliRun> =>
  attune(words, { home: at('home'), ...(input !== undefined && { input }) })

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-deidentify-'))
  await mkdir(at('home'))
  await mkdir(at('letters'))
  await writeFile(at('letters', 'a.txt'), 'Dear Mrs Weber, born 14 February 1961.')
  await writeFile(at('letters', 'b.txt'), 'Mrs Weber came on 5 March 2024.')
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('copies a folder with surrogates and keeps the mapping in an encrypted file alone', async () => {
  const words = ['deidentify', at('letters'), '--out', at('out'), '--pseudonymise', 'ALL', '--mapping', at('map.age')]
  const { code, lines, stderr } = await run([...words, '--passphrase-stdin', '--json'], 'four words and more\n')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(lines.join('\n')).not.toMatch(/Weber|1961/)
  const [a, b] = [await readFile(at('out', 'a.txt'), 'utf8'), await readFile(at('out', 'b.txt'), 'utf8')]
  const name = /Dear Mrs (\p{L}+), born/u.exec(a)?.[1] ?? ''
  expect(b).toContain(`Mrs ${name} came on`)
  expect(a + b).not.toMatch(/Weber|14 February 1961|5 March 2024/)
  const decrypter = new Decrypter()
  decrypter.addPassphrase('four words and more')
  const { replaced } = JSON.parse(await decrypter.decrypt(await readFile(at('map.age')), 'text')) as {
    replaced: readonly { kind: string; value: string; surrogate: string }[]
  }
  expect(replaced.find(({ kind }) => kind === 'surname')).toEqual({
    kind: 'surname',
    key: 'weber',
    value: 'Weber',
    surrogate: name
  })
  expect(replaced.filter(({ kind }) => kind === 'DATE')).toHaveLength(2)
  expect((await readdir(root)).sort()).toEqual(['home', 'letters', 'map.age', 'out'])
  expect(await readdir(at('home'))).toEqual([])
})

test('does what a file of actions says, and refuses one that says nothing known', async () => {
  await writeFile(at('actions.yaml'), 'NAME: remove\nother: leave\n')
  const done = await run(['deidentify', at('letters'), '--out', at('out-2'), '--actions', at('actions.yaml'), '--visible', '3'])
  expect(done.code).toBe(0)
  expect(await readFile(at('out-2', 'a.txt'), 'utf8')).toBe('Dear Mrs , born 14 February 1961.')
  expect(done.lines.join('\n')).toMatch(/Found +2 DATE, 2 NAME/)
  await writeFile(at('actions.yaml'), 'NAME: hide\n')
  const refused = await run(['deidentify', at('letters'), '--out', at('out-3'), '--actions', at('actions.yaml')])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('actions.yaml line 1: NAME needs one of leave, mask, pseudonymise, remove.')
})

test('writes nothing where a passphrase is weak, a place is taken or a flag is wrong', async () => {
  const weak = await run(
    ['deidentify', at('letters'), '--out', at('out-4'), '--mapping', at('m'), '--passphrase-stdin'],
    'short\n'
  )
  expect([weak.code, weak.stderr]).toEqual([2, expect.stringContaining('at least 8 characters')])
  const taken = await run(['deidentify', at('letters'), '--out', at('out')])
  expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('nothing is written over')])
  const wrong = await run(['deidentify', at('letters'), '--mask', 'FACE', '--out', at('out-4')])
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("There is no kind 'FACE'")])
  expect(await readdir(root)).not.toContain('out-4')
})

test('compares what it finds with marks', async () => {
  const rows = [
    { text: 'Mr Jones, MRN 4711', spans: '[{"start":3,"end":8,"label":"PERSON"},{"start":14,"end":18,"label":"ID"}]' },
    { text: 'Quux came.', spans: '[{"start":0,"end":4,"label":"NAME"}]' }
  ]
  await writeFile(at('marked.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const { code, lines } = await run(['deidentify', at('marked.jsonl'), '--check'])
  expect(code).toBe(0)
  expect(lines.join('\n')).toMatch(/all kinds +3 +2 \(67\s%\) +0 +2 +2 \(100\s%\)/)
})

test('finds with a trained model beside the rules, and refuses a folder that is none', async () => {
  const project = await makeTinyMarks(at('project'))
  const trained = await run(['train', await project.marksConfig('marks', {}), '--json'])
  const folder = String(trained.events().at(-1)?.['run'])
  const documents = tinyDocuments(40, 2)
  const places = documents.flatMap(({ text, spans }) =>
    spans.filter(({ label }) => label === 'PLACE').map(({ start, end }) => text.slice(start, end))
  )
  await writeFile(at('tiny.jsonl'), documents.map(({ text }) => `${JSON.stringify({ text: `${text} Mr Jones` })}\n`).join(''))
  const words = ['deidentify', at('tiny.jsonl'), '--run', folder, '--json']
  const counts = async (...more: readonly string[]): Promise<Readonly<Record<string, number>>> => {
    const done = await run([...words, ...more])
    expect([done.stderr, done.code]).toEqual(['', 0])
    return done.events().at(-1)?.['counts'] as Readonly<Record<string, number>> // As deidentifyFiles writes it.
  }
  // The rules find Mr Jones in each of the 40 texts and none of the made-up names; places are not ours to touch unless they are named.
  const masked = await counts('--out', at('tiny-1.jsonl'))
  expect(masked['NAME']).toBeGreaterThan(60)
  expect(masked['PLACE']).toBeUndefined()
  const named = await counts('--out', at('tiny-2.jsonl'), '--mask', 'PLACE')
  expect(named['PLACE']).toBeGreaterThan(places.length / 2)
  const text = await readFile(at('tiny-2.jsonl'), 'utf8')
  expect(text.match(/\[PLACE\]/g)).toHaveLength(named['PLACE'] ?? 0)
  expect(text).toContain('Mr Jones')

  const marked = documents.map(({ text: one, spans }) => `${JSON.stringify({ text: one, spans: spansCell(one, spans) })}\n`)
  await writeFile(at('tiny-marked.jsonl'), marked.join(''))
  const hidden = async (...more: readonly string[]): Promise<number> => {
    const checked = await run(['deidentify', at('tiny-marked.jsonl'), '--check', '--json', ...more])
    const kinds = checked.events().at(-1)?.['kinds'] as Readonly<Record<string, { hidden: number }>> // As checkFile makes it.
    return kinds['NAME']?.hidden ?? 0
  }
  expect(await hidden()).toBe(0)
  expect(await hidden('--run', folder)).toBeGreaterThan(20)
  const nowhere = await run([...words.slice(0, 3), at('letters'), '--out', at('tiny-3.jsonl')])
  expect(nowhere.code).toBe(2)
}, 60_000)
