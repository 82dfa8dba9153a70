import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTokenCache } from '../../../../../src/main/engine/text/cache.ts'
import type { TokenCacheKey } from '../../../../../src/main/engine/text/cache.ts'
import { TokenTableBuilder, tokensAt } from '../../../../../src/main/engine/text/token-table.ts'
import type { TokenTable } from '../../../../../src/main/engine/text/token-table.ts'

let folder = ''
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'attune-cache-')), 'tokens')
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

const key = { tokenizer: 't'.repeat(64), dataset: 'd'.repeat(64), options: { column: 'text', pair: null } }

function tableOf(rows: readonly (readonly number[])[]): TokenTable {
  const builder = new TokenTableBuilder(1)
  for (const row of rows) builder.addRow(Int32Array.from(row))
  return builder.finish()
}

function rowsOf(table: TokenTable): number[][] {
  return Array.from({ length: table.rows }, (_, row) => [...tokensAt(table, row)])
}

async function onlyFile(): Promise<string> {
  const names = await readdir(folder)
  expect(names.length).toBe(1)
  return join(folder, names[0] ?? '')
}

describe('a token table', () => {
  it('gives back the rows that were added, of one text or two', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 250_000 }), { maxLength: 60 })
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, ids), { maxLength: 40 }), (rows) => {
        const builder = new TokenTableBuilder(2)
        for (const [a, b] of rows) builder.addRow(Int32Array.from(a), Int32Array.from(b))
        const table = builder.finish()
        expect(table.offsets.length).toBe(rows.length * 2 + 1)
        expect(rows.map((_, row) => [[...tokensAt(table, row, 0)], [...tokensAt(table, row, 1)]])).toEqual(rows)
      })
    )
  })

  it('grows past its first room', () => {
    const rows = Array.from({ length: 3000 }, (_, row) => [row, row + 1, row + 2])
    expect(rowsOf(tableOf(rows))).toEqual(rows)
    expect(rowsOf(tableOf([Array.from({ length: 100_000 }, (_, i) => i)]))[0]?.at(-1)).toBe(99_999)
  })

  it('refuses rows of another width and rows it does not have', () => {
    expect(() => new TokenTableBuilder(2).addRow(new Int32Array(1))).toThrow(/row of 1 texts/)
    expect(() => tokensAt(tableOf([[1]]), 1)).toThrow(/outside/)
    expect(() => tokensAt(tableOf([[1]]), 0, 1)).toThrow(/outside/)
  })
})

describe('the token cache', () => {
  it('gives back what was stored, in another process as well', async () => {
    const rows = [[1, 2, 3], [], [250_000], Array.from({ length: 5000 }, (_, i) => i)]
    expect(await openTokenCache(folder).write(key, tableOf(rows))).toBeNull()
    const stored = await openTokenCache(folder).read({ ...key, options: { pair: null, column: 'text' } })
    expect(stored === null ? null : rowsOf(stored)).toEqual(rows)
    expect((await stat(await onlyFile())).mode & 0o077).toBe(0)
  })

  it('stores tables without rows and without tokens', async () => {
    const cache = openTokenCache(folder)
    await cache.write(key, tableOf([]))
    expect(await cache.read(key)).toEqual(tableOf([]))
    await cache.write(key, tableOf([[], []]))
    expect(await cache.read(key)).toEqual(tableOf([[], []]))
  })

  it.each<Partial<TokenCacheKey>>([
    { tokenizer: 'u'.repeat(64) },
    { dataset: 'e'.repeat(64) },
    { options: { column: 'title', pair: null } },
    { options: {} }
  ])('has nothing for another key: %o', async (other) => {
    const cache = openTokenCache(folder)
    await cache.write(key, tableOf([[1]]))
    expect(await cache.read({ ...key, ...other })).toBeNull()
  })

  it('builds once, then reads', async () => {
    const cache = openTokenCache(folder)
    const build = () => Promise.resolve(tableOf([[1, 2], [3]]))
    expect(await cache.getOrBuild(key, build)).toEqual({ table: tableOf([[1, 2], [3]]), fromCache: false, warning: null })
    const second = await cache.getOrBuild(key, () => Promise.reject(new Error('built again')))
    expect(second).toEqual({ table: tableOf([[1, 2], [3]]), fromCache: true, warning: null })
  })

  it('ignores a file with any byte changed, and replaces it', async () => {
    const cache = openTokenCache(folder)
    await cache.write(key, tableOf([[1, 2], [3]]))
    const path = await onlyFile()
    const whole = await readFile(path)
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      await writeFile(path, damaged)
      expect(await cache.read(key), `byte ${at}`).toBeNull()
    }
    const rebuilt = await cache.getOrBuild(key, () => Promise.resolve(tableOf([[7]])))
    expect(rebuilt.fromCache).toBe(false)
    expect(await cache.read(key)).toEqual(tableOf([[7]]))
  })

  it('ignores a file that is cut short, longer, empty or not ours', async () => {
    const cache = openTokenCache(folder)
    await cache.write(key, tableOf([[1, 2], [3]]))
    const path = await onlyFile()
    const whole = await readFile(path)
    const others = [
      whole.subarray(0, -4),
      Buffer.concat([whole, whole]),
      Buffer.alloc(0),
      Buffer.from('PK\u0003\u0004'),
      Buffer.alloc(5000, 0xff)
    ]
    for (const other of others) {
      await writeFile(path, other)
      expect(await cache.read(key)).toBeNull()
    }
  })

  it('goes on with a warning where it cannot write, and leaves nothing behind', async () => {
    await writeFile(folder, 'a file in the place of the folder')
    const built = await openTokenCache(folder).getOrBuild(key, () => Promise.resolve(tableOf([[1]])))
    expect(built.table).toEqual(tableOf([[1]]))
    expect(built.warning).toMatch(/could not be kept for the next run \((EEXIST|ENOTDIR)\)/)
    expect(await readdir(join(folder, '..'))).toEqual(['tokens'])
  })

  it('prunes the tables used longest ago and abandoned writes', async () => {
    const cache = openTokenCache(folder)
    const keys = ['a', 'b', 'c'].map((dataset) => ({ ...key, dataset }))
    for (const [i, each] of keys.entries()) {
      const before = new Set(await readdir(folder).catch(() => []))
      await cache.write(each, tableOf([Array.from({ length: 1000 }, () => i)]))
      const name = (await readdir(folder)).find((file) => !before.has(file)) ?? ''
      await utimes(join(folder, name), 1000 + i, 1000 + i)
    }
    await cache.read(keys[0] ?? key)
    await mkdir(join(folder, 'kept'))
    const abandoned = join(folder, 'x.tokens.0123ab.tmp')
    await writeFile(abandoned, '')
    await utimes(abandoned, 1000, 1000)
    await writeFile(join(folder, 'y.tokens.0123ab.tmp'), '')
    await cache.prune(9000)
    const left = await Promise.all(keys.map(async (each) => (await cache.read(each)) !== null))
    expect(left).toEqual([true, false, true])
    expect((await readdir(folder)).filter((name) => !name.endsWith('.tokens')).sort()).toEqual(['kept', 'y.tokens.0123ab.tmp'])
  })
})
