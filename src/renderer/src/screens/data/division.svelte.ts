import type { SplitSettings } from '../../../../preload/contract/data.ts'

export type Way = 'draw' | 'folds' | 'date' | 'column' | 'file'

export const PARTS = ['train', 'validation', 'test'] as const

const FOLDS = 5

/** The Split dialog while it is filled in. */
export class DivisionForm {
  way = $state<Way>('draw')
  shares = $state<number[]>([])
  seed = $state(0)
  folds = $state(FOLDS)
  column = $state('')
  date = $state('')
  /** The data set whose rows shall be the test. */
  file = $state('')
  balance = $state<SplitSettings['balance']>('none')
  /** Empty: all rows of a class. */
  cap = $state<number | null>(null)

  constructor(split: SplitSettings) {
    this.way = wayOf(split)
    this.shares = PARTS.map((part) => Math.round(1000 * split[part]) / 10)
    this.seed = split.seed
    this.folds = split.folds ?? FOLDS
    this.column = split.column ?? ''
    this.date = split.date ?? ''
    this.balance = split.balance
    this.cap = split.cap
  }

  readonly sum = $derived(this.shares.reduce((all, share) => all + (Number.isFinite(share) ? share : 0), 0))
  readonly isWhole = $derived(
    Math.abs(this.sum - 100) < 0.05 && this.shares.every((share) => share >= 0) && (this.shares[0] ?? 0) > 0
  )
  readonly isReady = $derived.by(() => {
    if (!this.isWhole || (this.cap !== null && !(this.cap >= 1))) return false
    if (this.way === 'folds') return Number.isInteger(this.folds) && this.folds >= 2 && this.folds <= 20
    return this.way === 'draw' || { date: this.date, column: this.column, file: this.file }[this.way] !== ''
  })

  get split(): SplitSettings {
    const [train = 0, validation = 0] = this.shares.map((share) => Math.round(10 * share) / 1000)
    return {
      train,
      validation,
      // The last part takes what rounding leaves.
      test: Math.round(1000 * (1 - train - validation)) / 1000,
      seed: Math.max(0, Math.trunc(this.seed)),
      column: this.way === 'column' ? this.column : null,
      date: this.way === 'date' ? this.date : null,
      folds: this.way === 'folds' ? this.folds : null,
      balance: this.balance,
      cap: this.cap
    }
  }
}

function wayOf({ column, date, folds }: SplitSettings): Way {
  if (column !== null) return 'column'
  if (date !== null) return 'date'
  return folds === null ? 'draw' : 'folds'
}
