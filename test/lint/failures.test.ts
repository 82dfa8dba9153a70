import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAILURES, wayOf } from '../../src/renderer/src/lib/failures.ts'

const main = resolve(import.meta.dirname, '../../src/main')
const sources = readdirSync(main, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(main, name), 'utf8'))

/** Codes that are written where an InputError is made, and those of a full or refusing disk. */
const thrown = new Set([
  ...sources.flatMap((text) =>
    [...text.matchAll(/(?:new InputError|\bsuper)\(\s*'([a-z][a-z0-9_-]*)'/g)].map(([, code = '']) => code)
  ),
  ...[...readFileSync(join(main, 'base/storage-problem.ts'), 'utf8').matchAll(/code: '([a-z-]+)'/g)].map(([, code = '']) => code)
])
const listed = Object.values(FAILURES).flat()

describe('the catalogue of failures', () => {
  test('has every code that main can fail with, so that its screen offers the way out', () => {
    expect(thrown.size).toBeGreaterThan(100)
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
