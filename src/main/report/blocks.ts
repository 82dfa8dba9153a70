import type { ReliabilityBin } from '../engine/evaluation/index.ts'
import type { Finding } from './diagnosis.ts'
import type { Headline } from './sentence.ts'
import type { LossPoint } from './run-report.ts'

export type Tone = 'plain' | 'good' | 'look' | 'fail'

/** A table's cell: its text, and what colour may add to it. Colour never says more than the text. */
export type Cell = string | { readonly text: string; readonly tone: Tone }

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

export interface Table {
  readonly kind: 'table'
  readonly caption: string | null
  readonly columns: readonly Column[]
  /** [rows][columns] */
  readonly rows: readonly (readonly Cell[])[]
  /** Rows that the terminal shows; the HTML page shows all. */
  readonly terminalRows?: number
}

export interface ValidationPoint {
  readonly step: number
  readonly value: number
}

/** The parts that a page is made of. Terminal and HTML draw the same blocks, so that they say the same. */
export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly isQuiet?: boolean }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [title: string, value: string])[] }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | Table
  /** Counts [labelled][answered]. */
  | { readonly kind: 'matrix'; readonly names: readonly string[]; readonly counts: readonly (readonly number[])[] }
  | { readonly kind: 'reliability'; readonly sentence: string; readonly bins: readonly ReliabilityBin[] }
  | {
      readonly kind: 'curves'
      readonly sentence: string
      readonly training: readonly LossPoint[]
      /** The validation metric that chose the best step; its title. */
      readonly metric: string
      readonly validation: readonly ValidationPoint[]
      readonly validationLoss: readonly ValidationPoint[]
      readonly bestStep: number | null
    }

export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
  /** Left out of the terminal, which has less room. */
  readonly isDetail?: boolean
}

export interface Page {
  readonly title: string
  /** The run's name, task and rows: one line under the title. */
  readonly subtitle: string
  readonly headline: Headline
  readonly sections: readonly Section[]
}
