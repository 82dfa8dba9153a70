import { hash } from 'node:crypto'
import { InputError } from '../base/errors.ts'
import { Random } from '../base/random.ts'
import { atOnce, type Turns } from '../base/turns.ts'
import type { Dataset, FileRole, Fractions, Note } from './dataset-types.ts'
import { findingDuplicates, reportDuplicates, withSameTexts } from './duplicates.ts'
import type { DuplicateReport } from './duplicates.ts'
import { assignFolds, type FoldChoice } from './folds.ts'
import { assignByDate, dateNotes } from './split-by-date.ts'
import { assigning, strataOf } from './stratify.ts'
import type { Strata } from './stratify.ts'
import { refuseCrossings, refuseTornUnits, unitsOf } from './units.ts'
import type { Unit } from './units.ts'
import { counted, shownList } from '../base/wording.ts'

export const DEFAULT_FRACTIONS: Fractions = { train: 0.7, validation: 0.15, test: 0.15 }

const PARTS = ['train', 'validation', 'test'] as const
type Part = (typeof PARTS)[number]

export interface SplitOptions {
  /** Keep the rows of a group together; on unless set to false. Nothing changes where the data names no groups. */
  readonly byGroup?: boolean
  /** Test on this fold instead of on rows that the shares cut. */
  readonly fold?: FoldChoice
}

/** Rows (indices into the data set, ascending) of each part. No group and no duplicated text lies in two of them. */
export interface Split {
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
  /** Rows per class in each part; empty arrays where there are no classes. */
  readonly classCounts: Readonly<Record<Part, readonly number[]>>
  readonly duplicates: DuplicateReport
  readonly notes: readonly Note[]
  /** SHA-256 (hex) of the data set's content and every row's part. */
  readonly splitHash: string
}

function requireFractions({ train, validation, test }: Fractions): void {
  const all = [train, validation, test]
  const where = { key: 'split' }
  if (!all.every((fraction) => Number.isFinite(fraction) && fraction >= 0 && fraction <= 1)) {
    const inApp = 'Each part of the rows must lie between 0 and 100 %.'
    throw new InputError('data_split_fractions', 'Each of train, validation and test in split must lie between 0 and 1.', {
      ...where,
      inApp
    })
  }
  const sum = train + validation + test
  if (Math.abs(sum - 1) > 1e-6) {
    const message = `The fractions of split add up to ${Number(sum.toFixed(6))}. Train, validation and test must add up to 1.`
    const inApp = `The parts of the rows make ${Number((100 * sum).toFixed(4))} %. They must make 100 %.`
    throw new InputError('data_split_fractions', message, { ...where, inApp })
  }
  if (train === 0)
    throw new InputError('data_split_fractions', 'The fraction train of split is 0, so nothing would be learned. Raise it.', {
      ...where,
      inApp: 'No rows are left to learn from. Give that part more.'
    })
}

/** Shares of the rows that are still to be split; the parts for which the person gave a file get none. */
function sharesOf(dataset: Dataset, fractions: Fractions, fold: FoldChoice | undefined): readonly number[] {
  const given = new Set<FileRole>([...dataset.files.map(({ role }) => role), ...(fold ? (['test'] as const) : [])])
  const kept = PARTS.map((part) => (part !== 'train' && given.has(part) ? 0 : fractions[part]))
  const sum = kept.reduce((total, fraction) => total + fraction, 0)
  return kept.map((fraction) => fraction / sum)
}

const LEFT_FOR = { train: 'to learn from', validation: 'to choose by', test: 'to test on' } as const satisfies Record<
  Part,
  string
>

/** Refuses a part that was asked for and stayed empty. */
function refuseEmpty(shares: readonly number[], partOf: Int8Array, units: number): void {
  const wanted = shares.filter((share) => share > 0).length
  for (const [part, share] of shares.entries()) {
    if (share === 0 || partOf.includes(part)) continue
    const message = `The rows form only ${counted(units, 'independent unit')} (rows that share a group or a text stay together), too few for ${wanted} parts: ${PARTS[part] ?? ''} would be empty. Add rows, or set its fraction of split to 0.`
    const left = `only ${counted(units, 'such group is', 'such groups are')} there`
    const inApp = `Rows that belong together, or have the same text, stay in one part: ${left}, too few for ${wanted} parts. No rows would be left ${LEFT_FOR[PARTS[part] ?? 'test']}. Add rows, or give that part 0 %.`
    throw new InputError('data_split_too_small', message, { key: 'split', inApp })
  }
}

/** Brings into training one unit of every class that it lacks: what is never trained cannot be tested. `trained` were put there by hand. */
function completeTraining(
  units: readonly Unit[],
  { ids, starts, count, areClasses }: Strata,
  assigned: Int32Array,
  trained: readonly Unit[]
): void {
  if (!areClasses) return
  const smallest = new Int32Array(count).fill(-1)
  const isTrained = new Uint8Array(count)
  for (const row of trained.flat()) for (const id of ids.subarray(starts[row], starts[row + 1])) isTrained[id] = 1
  for (const [unit, rows] of units.entries()) {
    for (const id of rows.flatMap((row) => [...ids.subarray(starts[row], starts[row + 1])])) {
      if (assigned[unit] === 0) isTrained[id] = 1
      const known = smallest[id] ?? -1
      if (known === -1 || rows.length < (units[known]?.length ?? 0)) smallest[id] = unit
    }
  }
  for (const [id, unit] of smallest.entries()) if (unit !== -1 && isTrained[id] === 0) assigned[unit] = 0
}

export function countClasses(strata: Strata, rows: Int32Array): number[] {
  if (!strata.areClasses) return []
  const counts = new Array<number>(strata.count).fill(0)
  for (const row of rows) {
    for (let i = strata.starts[row] ?? 0; i < (strata.starts[row + 1] ?? 0); i++) {
      const id = strata.ids[i] ?? 0
      counts[id] = (counts[id] ?? 0) + 1
    }
  }
  return counts
}

/** A part whose size misses its share by more than this fraction of all rows is worth a note. */
const NOTED_DEVIATION = 0.05

function notesOf(
  dataset: Dataset,
  split: Pick<Split, Part | 'classCounts' | 'duplicates'>,
  cut: number,
  shares: readonly number[]
): Note[] {
  const notes: Note[] = []
  const { duplicates } = split
  if (duplicates.sets > 0) {
    const conflict =
      duplicates.conflictingSets === 0 ? '' : ` In ${counted(duplicates.conflictingSets, 'set')} of them the labels disagree.`
    const message = `${counted(duplicates.extraRows, 'row repeats', 'rows repeat')} the text of another row; each was kept in one part with the row it repeats.${conflict}`
    notes.push({ code: 'duplicates', message })
  }
  for (const [index, part] of PARTS.entries()) {
    const share = shares[index] ?? 0
    const got = split[part].length / cut
    // Where the person fixed parts, their sizes are the person's.
    if (dataset.parts === null && share > 0 && Math.abs(got - share) > NOTED_DEVIATION) {
      const percent = (value: number): string => `${Math.round(100 * value)} %`
      const why =
        dataset.groups !== null || duplicates.sets > 0 ? 'rows that belong together were kept together' : 'there are few rows'
      const message = `The ${part} part has ${percent(got)} of the rows instead of ${percent(share)}, because ${dataset.dates === null ? why : 'rows of one date were kept together'}.`
      notes.push({ code: 'split_uneven', message })
    }
    const absent = dataset.classNames.filter((_, id) => share > 0 && split.classCounts[part][id] === 0)
    if (absent.length > 0) {
      const why = dataset.dates === null ? 'there are too few independent ones for every part' : 'none falls into its time'
      const message = `The ${part} part has no example of ${shownList(absent)}: ${why}.`
      notes.push({ code: 'split_absent_classes', message })
    }
  }
  return notes
}

/** The part of each row that a file of its own or the split column fixes, -1 for the others. Rows follow the ones that they belong to. */
function fixedParts(dataset: Dataset, units: readonly Unit[]): Int8Array {
  const ofFile = dataset.files.map(({ role }) => (role === 'validation' ? 1 : role === 'test' ? 2 : -1))
  const partOf = new Int8Array(dataset.count).fill(-1)
  for (const unit of units) {
    const told = unit.map((row) => dataset.parts?.[row] ?? -1).find((part) => part !== -1) ?? -1
    for (const row of unit) {
      const byFile = ofFile[dataset.fileOf[row] ?? 0] ?? -1
      partOf[row] = byFile === -1 ? told : byFile
    }
  }
  return partOf
}

/** The rows of one part, ascending. */
function rowsIn(partOf: Int8Array, part: number): Int32Array {
  const rows = new Int32Array(partOf.length)
  let count = 0
  for (const [row, own] of partOf.entries()) if (own === part) rows[count++] = row
  return rows.slice(0, count)
}

/**
 * Splits a data set for training, validation and one test: stratified by class (or by quantiles of the target), with the rows of a
 * group and rows of equal text kept together. Files that the person split stay as they are; validation, and test where there is no
 * test file, are cut from the training rows in the proportion of `fractions`. The same seed gives the same split.
 *
 * A class with too few independent examples for every part is kept in training and noted; only a part without any row is refused.
 * Throws an `InputError` for impossible fractions, and for groups or texts that lie in more than one of the person's files.
 */
export const splitDataset = (dataset: Dataset, fractions: Fractions, seed: number, options: SplitOptions = {}): Split =>
  atOnce(splitting(dataset, fractions, seed, options))

/** The same, in turns, for a process that others wait for. */
export function* splitting(dataset: Dataset, fractions: Fractions, seed: number, options: SplitOptions = {}): Turns<Split> {
  requireFractions(fractions)
  const sets = yield* findingDuplicates(dataset)
  const byGroup = options.byGroup ?? true
  const together = withSameTexts(dataset, sets)
  refuseCrossings(dataset, together, byGroup)
  yield
  const all = unitsOf(dataset, together, byGroup)
  yield
  refuseTornUnits(dataset, all)
  const partOf = fixedParts(dataset, all)
  const strata = strataOf(dataset)
  yield
  if (options.fold) {
    const folds = assignFolds(all, strata, options.fold.of, seed)
    for (const [unit, rows] of all.entries()) if (folds[unit] === options.fold.index) for (const row of rows) partOf[row] = 2
  }
  const units = all.filter(([row = 0]) => partOf[row] === -1)
  const shares = sharesOf(dataset, fractions, options.fold)
  yield
  const assigned =
    dataset.dates === null
      ? yield* assigning(units, strata, shares, new Random(seed, 'data/split'))
      : assignByDate(dataset.dates, units, shares)
  yield
  const trained = all.filter(([row = 0]) => partOf[row] === 0)
  // By date a class that is new in the test stays there: nobody could have learned it.
  if (dataset.dates === null) completeTraining(units, strata, assigned, trained)
  yield
  for (const [unit, rows] of units.entries()) for (const row of rows) partOf[row] = assigned[unit] ?? 0
  refuseEmpty(shares, partOf, all.length)
  const [train, validation, test] = [rowsIn(partOf, 0), rowsIn(partOf, 1), rowsIn(partOf, 2)]
  yield
  const classCounts = {
    train: countClasses(strata, train),
    validation: countClasses(strata, validation),
    test: countClasses(strata, test)
  }
  const split = { train, validation, test, classCounts, duplicates: reportDuplicates(dataset, sets) }
  yield
  const cut = units.reduce((sum, unit) => sum + unit.length, 0)
  const splitHash = hash('sha256', `${dataset.contentHash} ${partOf.join('')}`, 'hex')
  return { ...split, notes: [...notesOf(dataset, split, cut, shares), ...dateNotes(dataset, split)], splitHash }
}
