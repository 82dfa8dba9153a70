import { hash } from 'node:crypto'
import { atOnce, type Turns } from '../base/turns.ts'
import type { Dataset } from './dataset-types.ts'

/** Rows whose texts are the same once accents are composed, capitals ignored and white space collapsed. */
export interface DuplicateReport {
  /** Sets of equal rows, and rows in them beyond the first of each set. */
  readonly sets: number
  readonly extraRows: number
  /** Sets whose rows do not all have the same label, and the rows in those sets. */
  readonly conflictingSets: number
  readonly conflictingRows: number
  /** Row numbers (indices into the data set) of up to 20 sets, conflicting ones first. */
  readonly examples: readonly (readonly number[])[]
}

const KEPT_EXAMPLES = 20

/** A text reduced to what a reader would call the same: NFC, case folded (by capitals, so that `ß` equals `SS`), single spaces. */
export function normalised(text: string): string {
  return text.normalize('NFC').toUpperCase().normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** A key that two rows share only when text (and pair) are equal after normalising. */
function duplicateKey({ texts, pairs }: Dataset, row: number): string {
  const first = normalised(texts[row] ?? '')
  const second = pairs === null ? '' : normalised(pairs[row] ?? '')
  return hash('sha256', `${first.length} ${first} ${second}`, 'base64')
}

const ROWS_A_TURN = 1024

/** Rows with equal normalised text, in order of their first row; sets of one row are left out. */
export const duplicateSets = (dataset: Dataset): readonly (readonly number[])[] => atOnce(findingDuplicates(dataset))

/** The same, in turns. */
export function* findingDuplicates(dataset: Dataset): Turns<readonly (readonly number[])[]> {
  const firstOf = new Map<string, number>()
  // Most rows stand alone: they get no list.
  const sets = new Map<number, number[]>()
  for (let row = 0; row < dataset.count; row++) {
    if (row % ROWS_A_TURN === 0) yield
    const key = duplicateKey(dataset, row)
    const first = firstOf.get(key)
    if (first === undefined) {
      firstOf.set(key, row)
      continue
    }
    const set = sets.get(first)
    if (set) set.push(row)
    else sets.set(first, [first, row])
  }
  return [...sets].sort(([a], [b]) => a - b).map(([, set]) => set)
}

/** These sets of rows, and the questions about one text, which stay together: a text that was trained on is no test. */
export const withSameTexts = (dataset: Dataset, sets: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  dataset.labels.kind === 'answers' ? [...sets, ...sameTexts(dataset)] : sets

/** Rows with one text in order of their first row; sets of one row are left out. */
function sameTexts({ texts }: Pick<Dataset, 'texts'>): readonly (readonly number[])[] {
  const byText = new Map<string, number[]>()
  for (const [row, text] of texts.entries()) {
    const set = byText.get(text)
    if (set) set.push(row)
    else byText.set(text, [row])
  }
  return [...byText.values()].filter((set) => set.length > 1)
}

function haveEqualLabels({ labels, classNames }: Dataset, a: number, b: number): boolean {
  if (labels.kind === 'none') return true
  if (labels.kind === 'spans' || labels.kind === 'answers')
    return JSON.stringify(labels.values[a]) === JSON.stringify(labels.values[b])
  if (labels.kind !== 'multi_hot') return labels.values[a] === labels.values[b]
  const width = classNames.length
  const left = labels.values.subarray(a * width, (a + 1) * width)
  return left.every((value, i) => value === labels.values[b * width + i])
}

export function reportDuplicates(dataset: Dataset, sets: readonly (readonly number[])[]): DuplicateReport {
  const isConflicting = (set: readonly number[]): boolean => set.some((row) => !haveEqualLabels(dataset, set[0] ?? 0, row))
  const conflicting = sets.filter(isConflicting)
  const others = sets.filter((set) => !isConflicting(set))
  return {
    sets: sets.length,
    extraRows: sets.reduce((sum, set) => sum + set.length - 1, 0),
    conflictingSets: conflicting.length,
    conflictingRows: conflicting.reduce((sum, set) => sum + set.length, 0),
    examples: [...conflicting, ...others].slice(0, KEPT_EXAMPLES)
  }
}
