import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NearSets } from '../../../../../src/main/data/near/near-sets.ts'
import { nearDuplicates } from '../../../../../src/main/data/near-duplicates.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'attune-near-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const WORDS = 'patient knee hip pain review clinic urgent refer letter since month left right walk swelling night'.split(' ')

/** Texts of which some are others with a few words changed. */
const texts = fc
  .array(fc.tuple(fc.array(fc.constantFrom(...WORDS), { minLength: 12, maxLength: 30 }), fc.nat(5), fc.nat(3)), {
    minLength: 2,
    maxLength: 24
  })
  .map((made) =>
    made.map(([words, like, changes], i) => {
      const source = i > 0 && like > 2 ? (made[(like * 7) % i]?.[0] ?? words) : words
      const own = [...source]
      for (let change = 0; change < changes; change++) own[(change * 11) % own.length] = `w${i}`
      return own.join(' ')
    })
  )

async function setsOf(all: readonly string[]): Promise<readonly (readonly number[])[]> {
  const own = await mkdtemp(join(folder, 'bands-'))
  const near = new NearSets(own, all.length, async (row) => all[row] ?? '')
  for (const [row, text] of all.entries()) await near.add(row, text)
  return near.sets()
}

describe('near copies with their bands on disk', () => {
  it('are those that the comparison in memory finds', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const sets = await setsOf(all)
        const found = new Set(sets.flat())
        const expected = all.map(
          (text, row) =>
            nearDuplicates(
              [text],
              all.filter((_, other) => other !== row)
            )[0]
        )
        expect(all.map((_, row) => found.has(row))).toEqual(expected)
      }),
      { numRuns: 15 }
    )
  }, 60_000)

  it('come as sets in order, whatever bucket brought them together', async () => {
    const base = 'The patient was seen in the clinic with pain in the left knee since the month of May and walks with a stick'
    const all = [base, 'Something else altogether, long enough to have many runs of letters', `${base} now`, `${base}.`]
    expect(await setsOf(all)).toEqual([[0, 2, 3]])
  })
})
