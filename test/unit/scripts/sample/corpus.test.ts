import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passages, writeCorpus } from '../../../../scripts/sample/corpus.ts'
import { allSets } from '../../../../scripts/sample/data-sets.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-corpus-'))
})
afterAll(() => rm(folder, { recursive: true }))

function first(seed: number, count: number): string[] {
  const lines: string[] = []
  for (const passage of passages(seed)) {
    lines.push(passage)
    if (lines.length === count) break
  }
  return lines
}

// Seconds of generation on a busy machine, hence the longer limit.
describe('the pre-training corpus', { timeout: 30_000 }, () => {
  it('is fixed by its seed', () => {
    expect(first(7, 300)).toEqual(first(7, 300))
    expect(first(8, 300)).not.toEqual(first(7, 300))
  })

  it('stops at the size asked for, with whole lines', async () => {
    const path = join(folder, 'small.txt')
    const { passages: count, bytes } = await writeCorpus(path, 7, 50_000)
    const text = await readFile(path, 'utf8')
    expect(Buffer.byteLength(text)).toBe(bytes)
    expect(bytes).toBeGreaterThanOrEqual(50_000)
    expect(bytes).toBeLessThan(52_500)
    expect(text.endsWith('\n')).toBe(true)
    expect(text.split('\n').length - 1).toBe(count)
    expect(text.trimEnd().split('\n')).toEqual(first(7, count))
  })

  it('contains no text of the data sets', async () => {
    const path = join(folder, 'large.txt')
    await writeCorpus(path, 7, 1_000_000)
    const text = (await readFile(path, 'utf8')).replaceAll('\n', ' ')
    const rows = allSets().flatMap((set) => set.rows.map((row) => row.text.replaceAll('\n', ' ').replace(/^\d+\. /, '')))
    // "ok" and its like are words, not texts.
    const texts = rows.filter((row) => row.length > 25)
    expect(texts.length).toBeGreaterThan(3100)
    expect(texts.filter((row) => text.includes(row))).toEqual([])
  })

  it('is varied: few passages occur twice', () => {
    const lines = first(9, 3000)
    expect(new Set(lines).size / lines.length).toBeGreaterThan(0.97)
  })

  it('has plain lines without template marks', () => {
    expect(first(10, 2000).filter((line) => /[{}[\]|]|undefined| {2}|^\s|\s$/.test(line) || line.length < 8)).toEqual([])
  })
})
