import { join } from 'node:path'
import { readFile } from '../base/sealed/fs.ts'
import { comparePairs } from '../engine/evaluation/index.ts'
import { evaluationInputOf, readPredictions, type StoredPredictions } from '../report/predictions.ts'
import type { FinishedEvent } from './protocol.ts'

/** Why a run's answers cannot be tested against those of the others. */
export interface Unfit {
  /** Place in the list of runs. */
  readonly run: number
  readonly reason: 'no-answers' | 'other-task' | 'other-classes' | 'other-rows' | 'other-labels'
  /** Rows that it shares with those that were tested: other-rows. Rows whose labels differ: other-labels. */
  readonly shared: number
}

type Held = { readonly run: number; readonly stored: StoredPredictions }

/**
 * Tests the stored answers of several runs against each other, pair by pair, where they were given to the same test rows. Nothing is looked up
 * anew: the answers are those of each run's own test.
 */
export async function compareRuns(folders: readonly string[], seed: number): Promise<FinishedEvent> {
  const all = await Promise.all(folders.map(testAnswers))
  const held = all.flatMap((stored, run): Held[] => (stored && stored.keys.length > 0 ? [{ run, stored }] : []))
  const group = largestGroup(held)
  const [first] = group
  const silent = all.flatMap((stored, run): Unfit[] => (stored ? [] : [{ run, reason: 'no-answers', shared: 0 }]))
  const others = first ? held.filter((one) => !group.includes(one)).map((one) => unfitOf(one, first.stored)) : []
  const tested = first && group.length > 1 ? testGroup(group, first.stored, seed) : { primary: null, pairs: [] }
  return { event: 'finished', rows: first?.stored.keys.length ?? 0, ...tested, unfit: [...silent, ...others] }
}

function testGroup(group: readonly Held[], first: StoredPredictions, seed: number) {
  const groups = first.groups && Int32Array.from(first.groups)
  const models = group.map(({ stored }) => evaluationInputOf(stored))
  const { primary, pairs } = comparePairs(models, { seed, groups })
  const runAt = (place: number): number => group[place]?.run ?? -1
  return { primary, pairs: pairs.map((pair) => ({ ...pair, first: runAt(pair.first), second: runAt(pair.second) })) }
}

/** The most runs that answered the same questions about the same rows; of equally many those that come first. */
function largestGroup(held: readonly Held[]): readonly Held[] {
  const groups = held.map((one) => held.filter((other) => differenceOf(other.stored, one.stored) === null))
  return groups.reduce<readonly Held[]>((most, group) => (group.length > most.length ? group : most), [])
}

const isEqual = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i])

function differenceOf(one: StoredPredictions, first: StoredPredictions): Unfit['reason'] | null {
  if (one.kind !== first.kind) return 'other-task'
  if (!isEqual(one.keys, first.keys)) return 'other-rows'
  if (!isEqual(one.classNames, first.classNames)) return 'other-classes'
  return isEqual(one.truth, first.truth) ? null : 'other-labels'
}

function unfitOf({ run, stored }: Held, first: StoredPredictions): Unfit {
  const reason = differenceOf(stored, first) ?? 'other-rows'
  return { run, reason, shared: reason === 'other-labels' ? changedRows(stored, first) : sharedRows(stored, first) }
}

/** Rows that both hold, each as often as both do. */
function sharedRows(one: StoredPredictions, first: StoredPredictions): number {
  const left = new Map<string, number>()
  for (const key of first.keys) left.set(key, (left.get(key) ?? 0) + 1)
  return one.keys.reduce((shared, key) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count > 0 ? shared + 1 : shared
  }, 0)
}

function changedRows({ truth, keys }: StoredPredictions, first: StoredPredictions): number {
  const width = truth.length / keys.length
  const changed = truth.flatMap((value, i) => (value === first.truth[i] ? [] : [Math.floor(i / width)]))
  return new Set(changed).size
}

/** A run's answers to its test; of a run with several seeds those of the first, whose report it shows. */
async function testAnswers(folder: string): Promise<StoredPredictions | null> {
  if (folder === '') return null
  const own = await readPredictions(folder, 'test')
  if (own) return own
  const report = await readFile(join(folder, 'report.json'), 'utf8').catch(() => 'null')
  const seeds = (JSON.parse(report) as { readonly seeds?: { readonly seeds: readonly number[] } | null } | null)?.seeds?.seeds // Written by trainRun.
  return seeds?.[0] === undefined ? null : readPredictions(join(folder, `seed-${seeds[0]}`), 'test')
}
