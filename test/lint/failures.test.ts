import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAILURES, wayOf } from '../../src/renderer/src/lib/failures.ts'
import { shownFailures } from '../helpers/gallery/shown.ts'
import { EXAMPLES } from '../helpers/gallery/examples.ts'
import { writtenSentences } from '../helpers/sentences.ts'

const main = resolve(import.meta.dirname, '../../src/main')
const read = (name: string): string => readFileSync(join(main, name), 'utf8')
const sources = readdirSync(main, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(name))
const written = writtenSentences()

/** Where a code of failure stands beside its sentence, to be thrown or sent by another place. */
const BESIDE: readonly (readonly [file: string, pattern: RegExp])[] = [
  ['base/storage-problem.ts', /code: '([a-z-]+)'/g],
  ['config/problem-sentence.ts', /code: '([a-z_]+)'/g],
  ['data/units.ts', /'(data_[a-z]+_cross_files)'/g],
  ['ipc/dispatch.ts', /code: '([a-z-]+)'/g],
  ['ipc/failures.ts', /code: '([a-z-]+)'/g],
  ['runs/plans.ts', /code: '([a-z-]+)'/g],
  ['runs/supervisor.ts', /code: '([a-z-]+)'/g],
  ['shell/loopback/server.ts', /code: '([a-z-]+)'/g]
]

const thrown = new Set([
  ...written.map(({ code }) => code),
  ...BESIDE.flatMap(([file, pattern]) => [...read(file).matchAll(pattern)].map(([, code = '']) => code))
])
const listed = Object.values(FAILURES).flat()

describe('the catalogue of failures', () => {
  test('has every code that main can fail with, so that its screen offers the way out', () => {
    expect(thrown.size).toBeGreaterThan(190)
    const known = new Set<string>(listed)
    expect([...thrown].filter((code) => !known.has(code)).toSorted()).toEqual([])
  })

  test('has no code twice, and none that nothing fails with', () => {
    expect(listed.toSorted()).toEqual([...new Set(listed)].toSorted())
    const everything = [
      ...sources,
      ...['loopback-bridge.ts', 'api.ts'].map((name) => readFileSync(join(main, '../renderer/src/lib', name), 'utf8'))
    ].join('\n')
    // `model-${'state'}`: the states of a model are the ends of these codes.
    const made = new Set(['model-disconnected', 'model-unusable'])
    expect(listed.filter((code) => !made.has(code) && !everything.includes(`'${code}'`))).toEqual([])
  })

  test('leaves a code that it does not know without a button', () => {
    expect(wayOf('data_no_rows')).toBe('choose-file')
    expect(wayOf('toString')).toBe('none')
  })
})

describe('the pictures of failures', () => {
  const shown = shownFailures()

  test('show every code with a whole sentence', () => {
    expect(shown.map(({ code }) => code).toSorted()).toEqual([...listed].toSorted())
    expect(
      shown
        .filter(({ message }) => message.length < 15 || !/[.?]$/.test(message) || / …|… /.test(message))
        .map(({ code }) => code)
    ).toEqual([])
  })

  test('say what main says: each example is a case of a sentence in the source', () => {
    const patternsOf = (code: string): readonly RegExp[] => written.flatMap((each) => (each.code === code ? [each.pattern] : []))
    const strange = Object.entries(EXAMPLES).filter(
      ([code, message]) => patternsOf(code).length > 0 && !patternsOf(code).some((pattern) => pattern.test(message))
    )
    expect(strange).toEqual([])
  })
})

describe('the sentences of a window', () => {
  /** Sentences that only the command line says, or that are said before there is a window. */
  const ELSEWHERE = /^(?:cli|config|worker\/look)\/|^data\/output-file\.ts|^shell\/(?:pages|loopback\/folder-picker)\.ts/

  test('name no switch, no command, no file of settings', () => {
    const foreign =
      /(?:^|\s)--[a-z]|\battune [a-z]+\b|run\.yaml|\bdata\.[a-z]+\b|'(?:encoding|label_separator)'|"output"|problem_type/
    const found = written.filter(({ file, text }) => !ELSEWHERE.test(file) && foreign.test(text))
    expect(found.map(({ code, file, text }) => `${code} in ${file}: ${text}`)).toEqual([])
  })
})
