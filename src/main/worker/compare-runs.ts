import { join } from 'node:path'
import { readFile } from '../base/sealed/fs.ts'
import { compareEntityPairs, comparePairs } from '../engine/evaluation/index.ts'
import { entityInputOf, readPassages, type StoredPassages } from '../report/passages.ts'
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

/** What a run answered to its test: to whole texts, or passage by passage. */
type Stored = StoredPredictions | StoredPassages

interface Held {
  readonly run: number
  readonly stored: Stored
}

const isPassages = (stored: Stored): stored is StoredPassages => 'documents' in stored
const kindOf = (stored: Stored): string => (isPassages(stored) ? 'spans' : stored.kind)
const keysOf = (stored: Stored): readonly string[] => (isPassages(stored) ? stored.documents.map(({ key }) => key) : stored.keys)
const classesOf = (stored: Stored): readonly string[] => (isPassages(stored) ? stored.types : stored.classNames)
const truthOf = (stored: Stored): readonly (string | number)[] =>
  isPassages(stored) ? stored.documents.map(({ truth }) => JSON.stringify(truth)) : stored.truth

/**
 * Tests the stored answers of several runs against each other, pair by pair, where they were given to the same test rows. Nothing is looked up
 * anew: the answers are those of each run's own test.
 */
export async function compareRuns(folders: readonly string[], seed: number): Promise<FinishedEvent> {
  const all = await Promise.all(folders.map(testAnswers))
  const held = all.flatMap((stored, run): Held[] => (stored && keysOf(stored).length > 0 ? [{ run, stored }] : []))
  const group = largestGroup(held)
  const [first] = group
  const silent = all.flatMap((stored, run): Unfit[] => (stored ? [] : [{ run, reason: 'no-answers', shared: 0 }]))
  const others = first ? held.filter((one) => !group.includes(one)).map((one) => unfitOf(one, first.stored)) : []
  const tested = first && group.length > 1 ? testGroup(group, first.stored, seed) : { primary: null, pairs: [] }
  return { event: 'finished', rows: first ? keysOf(first.stored).length : 0, ...tested, unfit: [...silent, ...others] }
}

function testGroup(group: readonly Held[], first: Stored, seed: number) {
  const options = { seed, groups: first.groups && Int32Array.from(first.groups) }
  const all = group.map(({ stored }) => stored)
  // All of a group are of one kind.
  const passages = all.filter(isPassages)
  const texts = all.filter((stored) => !isPassages(stored))
  const { primary, pairs } =
    passages.length > 0
      ? compareEntityPairs(passages.map(entityInputOf), options)
      : comparePairs(texts.map(evaluationInputOf), options)
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

function differenceOf(one: Stored, first: Stored): Unfit['reason'] | null {
  if (kindOf(one) !== kindOf(first)) return 'other-task'
  if (!isEqual(keysOf(one), keysOf(first))) return 'other-rows'
  if (!isEqual(classesOf(one), classesOf(first))) return 'other-classes'
  return isEqual(truthOf(one), truthOf(first)) ? null : 'other-labels'
}

function unfitOf({ run, stored }: Held, first: Stored): Unfit {
  const reason = differenceOf(stored, first) ?? 'other-rows'
  return { run, reason, shared: reason === 'other-labels' ? changedRows(stored, first) : sharedRows(stored, first) }
}

/** Rows that both hold, each as often as both do. */
function sharedRows(one: Stored, first: Stored): number {
  const left = new Map<string, number>()
  for (const key of keysOf(first)) left.set(key, (left.get(key) ?? 0) + 1)
  return keysOf(one).reduce((shared, key) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count > 0 ? shared + 1 : shared
  }, 0)
}

function changedRows(one: Stored, first: Stored): number {
  const [truth, before] = [truthOf(one), truthOf(first)]
  const width = truth.length / keysOf(one).length
  const changed = truth.flatMap((value, i) => (value === before[i] ? [] : [Math.floor(i / width)]))
  return new Set(changed).size
}

/** A run's answers to its test; of a run with several seeds those of the first, whose report it shows. */
async function testAnswers(folder: string): Promise<Stored | null> {
  if (folder === '') return null
  const own = await answersIn(folder)
  if (own) return own
  const report = await readFile(join(folder, 'report.json'), 'utf8').catch(() => 'null')
  const seeds = (JSON.parse(report) as { readonly seeds?: { readonly seeds: readonly number[] } | null } | null)?.seeds?.seeds // Written by trainRun.
  return seeds?.[0] === undefined ? null : answersIn(join(folder, `seed-${seeds[0]}`))
}

const answersIn = async (folder: string): Promise<Stored | null> =>
  (await readPredictions(folder, 'test')) ?? (await readPassages(folder, 'test'))
