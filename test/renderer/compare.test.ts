import { describe, expect, test } from 'vitest'
import type { RunId } from '../../src/preload/contract/common.ts'
import type { ComparedPair } from '../../src/preload/contract/compare.ts'
import type { RunSummary } from '../../src/preload/contract/runs.ts'
import { runColours } from '../../src/renderer/src/lib/run-colours.ts'
import type { Compared } from '../../src/renderer/src/screens/runs/compare/compare.svelte.ts'
import { seedGroups } from '../../src/renderer/src/screens/runs/compare/seed-groups.ts'
import { unfitSentence, verdictSentences } from '../../src/renderer/src/screens/runs/compare/verdict.ts'

const [a, b, c] = ['a', 'b', 'c'] as RunId[] as [RunId, RunId, RunId]
const letterOf = (id: RunId): string => id.toUpperCase()
const plain = (sentences: readonly string[]): string => sentences.join(' ').replaceAll('\u00a0', ' ')
const pair = (first: RunId, second: RunId, p: number, better: RunId | null = null): ComparedPair => ({
  first,
  second,
  better,
  difference: null,
  tests: [{ metric: 'macro_f1', method: 'randomisation', p, adjustedP: p }]
})
const compared = (pairs: readonly ComparedPair[]) => ({ metric: 'macro_f1', rows: 122, pairs, unfit: [] })

describe('the verdict on several runs', () => {
  test('says that two cannot be told apart', () => {
    expect(plain(verdictSentences(compared([pair(a, b, 0.41)]), letterOf))).toBe(
      'A and B cannot be told apart (p = 0.41, Holm, 122 shared rows).'
    )
  })

  test('names who is better than whom, and the weakest of the reasons', () => {
    const pairs = [pair(a, b, 0.0004, a), pair(a, c, 0.012, a), pair(b, c, 0.3)]
    expect(plain(verdictSentences(compared(pairs), letterOf))).toBe(
      'A is better than B and C (p = 0.012, Holm, 122 shared rows). The other 1 pair cannot be told apart.'
    )
  })

  test('says of three alike that none stands out', () => {
    const pairs = [pair(a, b, 0.2), pair(a, c, 1), pair(b, c, 0.6)]
    expect(plain(verdictSentences(compared(pairs), letterOf))).toMatch(
      /^None of the 3 runs can be told apart \(smallest p = 0.20/
    )
  })

  test('says nothing where nothing could be tested', () => {
    expect(verdictSentences(compared([]), letterOf)).toEqual([])
  })

  test('tells other data from another split of the same', () => {
    const run = { dataset: { id: 'd1' }, test: null } as unknown as RunSummary // Only what the sentence reads.
    const other = { dataset: { id: 'd2' } } as unknown as RunSummary
    const unfit = { run: b, reason: 'other-rows', shared: 31 } as const
    expect(unfitSentence(unfit, run, [run], 122, 'B')).toMatch(/31 of 122 are shared.*split differently/)
    expect(unfitSentence(unfit, run, [other], 122, 'B')).toMatch(/other data/)
    expect(unfitSentence({ ...unfit, reason: 'no-answers' }, run, [other], 122, 'B')).toMatch(/was not tested/)
  })
})

const run = (id: RunId, seed: number, rank: number, f1: number): Compared =>
  ({
    summary: { id, task: 'text-classification', dataset: { id: 'd' }, model: { id: 'm' } },
    result: {
      settings: [
        { name: 'r', value: rank },
        { name: 'seed', value: seed },
        { name: 'weights', value: id }
      ],
      metrics: [{ id: 'macro_f1', title: 'Macro-F1', model: { value: f1, low: null, high: null }, baselines: [] }]
    }
  }) as unknown as Compared // Only what is looked at.

describe('runs that differ by their seed alone', () => {
  test('are taken together as mean and sample standard deviation', () => {
    const [group, ...others] = seedGroups([run(a, 1, 8, 0.8), run(b, 2, 8, 0.86), run(c, 3, 4, 0.7)])
    expect(others).toEqual([])
    expect(group?.runs).toEqual([a, b])
    // By hand: mean 0.83; √((0.03² + 0.03²) / 1).
    expect(group?.spread.get('macro_f1')?.mean).toBeCloseTo(0.83, 12)
    expect(group?.spread.get('macro_f1')?.deviation).toBeCloseTo(0.0424264, 6)
  })

  test('are no group where the seed is the same', () => {
    expect(seedGroups([run(a, 1, 8, 0.8), run(b, 1, 8, 0.8)])).toEqual([])
  })
})

describe('the colours of runs', () => {
  test('stay with a run when others come and go, unless two ask for the same', () => {
    const all = runColours(['r-1', 'r-2', 'r-3'])
    const fewer = runColours(['r-1', 'r-3'])
    expect(new Set(all.values()).size).toBe(3)
    expect(fewer.get('r-1')).toBe(all.get('r-1'))
    expect(runColours(['r-3', 'r-1'])).toEqual(fewer)
  })

  test('are six different ones for six runs', () => {
    expect(new Set(runColours(['q', 'w', 'e', 'r', 't', 'y']).values()).size).toBe(6)
  })
})
