import { join } from 'node:path'
import { readFile } from '../base/sealed/fs.ts'
import { compareAnswerPairs, compareEntityPairs, comparePairs } from '../engine/evaluation/index.ts'
import { entityInputOf, readPassages, type StoredPassages } from '../report/passages.ts'
import { evaluationInputOf, readPredictions, type StoredPredictions } from '../report/predictions.ts'
import { readAnswers, scoredAnswersOf, type StoredAnswers } from '../report/stored-answers.ts'
import type { FinishedEvent } from './protocol.ts'

/** Why a run's answers cannot be tested against those of the others. */
export interface Unfit {
  /** Place in the list of runs. */
  readonly run: number
  readonly reason: 'no-answers' | 'other-task' | 'other-classes' | 'other-rows' | 'other-labels'
  /** Rows that it shares with those that were tested: other-rows. Rows whose labels differ: other-labels. */
  readonly shared: number
}

/** What a run answered to its test: to whole texts, passage by passage, or question by question. */
type Stored = StoredPredictions | StoredPassages | StoredAnswers

const isPassages = (stored: Stored): stored is StoredPassages => 'documents' in stored
const isQuestions = (stored: Stored): stored is StoredAnswers => 'questions' in stored

/** What must be equal in two tests for their answers to be comparable; `truth` has as many entries for each key. */
interface TestFacts {
  readonly kind: string
  readonly keys: readonly string[]
  readonly classes: readonly string[]
  readonly truth: readonly (string | number)[]
}

function factsOf(stored: Stored): TestFacts {
  if (isPassages(stored)) {
    const { documents, types } = stored
    return {
      kind: 'spans',
      keys: documents.map(({ key }) => key),
      classes: types,
      truth: documents.map(({ truth }) => JSON.stringify(truth))
    }
  }
  if (isQuestions(stored)) {
    const { questions, classNames } = stored
    return {
      kind: 'answers',
      // A question that is asked of every document stays itself in other words.
      keys: questions.map(({ key, document, question }) => (question === undefined ? key : `${document} ${question}`)),
      classes: classNames,
      truth: questions.map(({ truth }) => JSON.stringify(truth))
    }
  }
  return { kind: stored.kind, keys: stored.keys, classes: stored.classNames, truth: stored.truth }
}

interface Held {
  readonly run: number
  readonly stored: Stored
  readonly facts: TestFacts
}

/**
 * Tests the stored answers of several runs against each other, pair by pair, where they were given to the same test rows. Nothing is looked up
 * anew: the answers are those of each run's own test.
 */
export async function compareRuns(folders: readonly string[], seed: number): Promise<FinishedEvent> {
  const all = await Promise.all(folders.map(testAnswers))
  const held = all.flatMap((stored, run): Held[] => {
    const facts = stored && factsOf(stored)
    return facts && facts.keys.length > 0 ? [{ run, stored, facts }] : []
  })
  const group = largestGroup(held)
  const [first] = group
  const silent = all.flatMap((stored, run): Unfit[] => (stored ? [] : [{ run, reason: 'no-answers', shared: 0 }]))
  const others = first ? held.filter((one) => !group.includes(one)).map((one) => unfitOf(one, first.facts)) : []
  const tested = first && group.length > 1 ? testGroup(group, seed) : { primary: null, pairs: [] }
  return { event: 'finished', rows: first?.facts.keys.length ?? 0, ...tested, unfit: [...silent, ...others] }
}

function testGroup(group: readonly Held[], seed: number) {
  const { primary, pairs } = pairsOf(
    group.map(({ stored }) => stored),
    seed
  )
  const runAt = (place: number): number => group[place]?.run ?? -1
  return { primary, pairs: pairs.map((pair) => ({ ...pair, first: runAt(pair.first), second: runAt(pair.second) })) }
}

/** All are of one kind. */
function pairsOf(all: readonly Stored[], seed: number) {
  const groups = all[0]?.groups
  const options = { seed, groups: groups ? Int32Array.from(groups) : null }
  const passages = all.filter(isPassages)
  if (passages.length > 0) return compareEntityPairs(passages.map(entityInputOf), options)
  const questions = all.filter(isQuestions)
  if (questions.length > 0) return compareAnswerPairs(questions.map(scoredAnswersOf), options)
  const texts = all.filter((stored): stored is StoredPredictions => !isPassages(stored) && !isQuestions(stored))
  return comparePairs(texts.map(evaluationInputOf), options)
}

/** The most runs that answered the same questions about the same rows; of equally many those that come first. */
function largestGroup(held: readonly Held[]): readonly Held[] {
  const groups = held.map((one) => held.filter((other) => differenceOf(other.facts, one.facts) === null))
  return groups.reduce<readonly Held[]>((most, group) => (group.length > most.length ? group : most), [])
}

const isEqual = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i])

function differenceOf(one: TestFacts, first: TestFacts): Unfit['reason'] | null {
  if (one.kind !== first.kind) return 'other-task'
  if (!isEqual(one.keys, first.keys)) return 'other-rows'
  if (!isEqual(one.classes, first.classes)) return 'other-classes'
  return isEqual(one.truth, first.truth) ? null : 'other-labels'
}

function unfitOf({ run, facts }: Held, first: TestFacts): Unfit {
  const reason = differenceOf(facts, first) ?? 'other-rows'
  return { run, reason, shared: reason === 'other-labels' ? changedRows(facts, first) : sharedRows(facts, first) }
}

/** Rows that both hold, each as often as both do. */
function sharedRows(one: TestFacts, first: TestFacts): number {
  const left = new Map<string, number>()
  for (const key of first.keys) left.set(key, (left.get(key) ?? 0) + 1)
  return one.keys.reduce((shared, key) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count > 0 ? shared + 1 : shared
  }, 0)
}

function changedRows({ truth, keys }: TestFacts, first: TestFacts): number {
  const width = truth.length / keys.length
  const changed = truth.flatMap((value, i) => (value === first.truth[i] ? [] : [Math.floor(i / width)]))
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
  (await readPredictions(folder, 'test')) ?? (await readPassages(folder, 'test')) ?? (await readAnswers(folder, 'test'))
