import type { RunCost } from './costs.ts'
import type {
  AdapterId,
  TrainedId,
  DatasetId,
  Failure,
  Measured,
  ModelId,
  Progress,
  ProjectId,
  RunId,
  SettingValue,
  SweepId
} from './common.ts'

/** What the Train screen holds: everything a run.yaml says, by what the person chose. */
export interface RunDraft {
  readonly dataset: DatasetId
  readonly model: ModelId
  /** An imported adapter of this model that it starts from; left out or null for none. */
  readonly adapter?: AdapterId | null | undefined
  /** Quick (0) to Thorough (4). */
  readonly thoroughness: number
  /** Settings changed by hand, by their path in run.yaml: `training.learning_rate`. */
  readonly changed: Readonly<Record<string, SettingValue>>
  /** The class that must not be missed; null where none was named. */
  readonly mustNotMiss: string | null
  /** Half of the cores. */
  readonly quietly: boolean
  readonly name: string | null
}

/** One line of *All settings*. */
export interface SettingRow {
  readonly path: string
  readonly group: string
  readonly value: SettingValue
  readonly standard: SettingValue
  readonly changed: boolean
  /** What it does, and why it has this value. */
  readonly help: string
  readonly why: string | null
  readonly kind: 'integer' | 'decimal' | 'boolean' | 'choice' | 'text'
  readonly choices: readonly string[] | null
}

export interface TokenExample {
  readonly text: string
  /** The pieces that the model sees, special ones included. */
  readonly tokens: readonly string[]
  /** The tag that each piece is to get, null for pieces that are not asked; null where whole texts are answered. */
  readonly tags: readonly (string | null)[] | null
  readonly answer: string | null
  readonly cut: number
}

/** What would happen, before it does. */
export interface RunPlan {
  /** Seconds. */
  readonly time: { readonly seconds: number; readonly spread: number } | null
  /** Bytes. */
  readonly memory: { readonly needed: number; readonly free: number }
  /** What an NVIDIA card would take, estimated: bytes, and seconds by the rate of its test. `free` and `seconds` null where the card does not tell, or was not tried; null where another device computes. */
  readonly card: { readonly needed: number; readonly free: number | null; readonly seconds: number | null } | null
  readonly disk: { readonly needed: number; readonly free: number }
  readonly steps: number
  readonly trainableParameters: number
  readonly totalParameters: number
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number; readonly skipped: number }
  readonly longTexts: { readonly rows: number; readonly tokens: number; readonly limit: number }
  readonly examples: readonly TokenExample[]
  readonly notes: readonly string[]
  /** What keeps it from starting, with settings that would let it; null where it can start. */
  readonly blocked: { readonly failure: Failure; readonly instead: Readonly<Record<string, SettingValue>> | null } | null
}

export type RunState = 'queued' | 'preparing' | 'running' | 'testing' | 'paused' | 'stopped' | 'finished' | 'failed'

/** Why a run stands still though nobody asked it to. */
export type Interruption = 'pc-restarted' | 'program-ended' | 'closed' | 'battery' | 'poorer'

/** What a run was compared with when its sweep ended it early. */
export interface EndedEarly {
  readonly metric: string
  readonly step: number
  /** Its best on validation by then; null where it had no number. */
  readonly value: number | null
  /** The median of the others at the same point of their training. */
  readonly median: number
  readonly others: number
}

export interface RunSummary {
  readonly id: RunId
  readonly project: ProjectId
  readonly name: string
  readonly state: RunState
  readonly task: 'text-classification' | 'token-classification' | 'question-answering' | 'regression' | 'masked-lm'
  readonly dataset: { readonly id: DatasetId; readonly name: string }
  readonly model: { readonly id: ModelId; readonly name: string }
  readonly method: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly step: number
  readonly totalSteps: number
  /** Seconds still to go; null while nobody knows. */
  readonly secondsLeft: number | null
  readonly progress: Progress | null
  /** The metric that decides, on validation, so far. */
  readonly best: { readonly metric: string; readonly value: number; readonly step: number } | null
  /** The same on test; null until tested. */
  readonly test: { readonly metric: string; readonly measured: Measured } | null
  readonly failure: Failure | null
  /** Place in the queue, from 1; null where it does not wait. */
  readonly place: number | null
  /** Null where it was asked to stand still, or failed by itself. */
  readonly interruption: Interruption | null
  /** The sweep that it belongs to. */
  readonly sweep: SweepId | null
  /** Left out or null but where it stands still because it was poorer than others of its sweep. */
  readonly endedEarly?: EndedEarly | null
  readonly tags: readonly string[]
  /** What the person wrote about it. */
  readonly note: string
  /** What it takes, while it trains; left out or null before the first steps and after the last. */
  readonly cost?: RunCost | null
}

/** Columns of equal length, steps ascending. */
export interface Curves {
  readonly loss: { readonly step: readonly number[]; readonly value: readonly number[] }
  readonly learningRate: { readonly step: readonly number[]; readonly value: readonly number[] }
  readonly memory: { readonly step: readonly number[]; readonly value: readonly number[] }
  readonly speed: { readonly step: readonly number[]; readonly value: readonly number[] }
  readonly evaluations: readonly {
    readonly step: number
    readonly metrics: Readonly<Record<string, number>>
    readonly isBest: boolean
  }[]
}

/** Points that came to a run's curves. */
export interface NewPoints extends Curves {
  /** The step to which the run went back before them, 0 where another seed or fold begins: points after it that came earlier no longer count. */
  readonly rewoundTo?: number
}

export interface LogLine {
  /** ISO 8601. */
  readonly at: string
  readonly text: string
}

export interface MetricRow {
  readonly id: string
  readonly title: string
  readonly model: Measured | null
  /** By `RunResult.baselines`. */
  readonly baselines: readonly (Measured | null)[]
}

export interface ClassRow {
  readonly name: string
  readonly rows: number
  readonly precision: Measured | null
  readonly recall: Measured | null
  readonly f1: Measured | null
}

/** Everything the Result screen says. */
export interface RunResult {
  readonly id: RunId
  /** The sentence a department head can quote, then what it was set beside. */
  readonly headline: string
  readonly beside: string
  readonly verdict: { readonly tone: 'good' | 'look' | 'fail'; readonly sentence: string } | null
  readonly warnings: readonly string[]
  readonly testRows: number
  readonly testLooks: number
  readonly baselines: readonly { readonly id: string; readonly title: string; readonly difference: string }[]
  readonly metrics: readonly MetricRow[]
  readonly classes: readonly ClassRow[] | null
  readonly confusion: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] } | null
  readonly calibration: {
    readonly bins: readonly { readonly sure: number; readonly right: number; readonly count: number }[]
    readonly ece: number | null
  } | null
  readonly settings: readonly { readonly name: string; readonly value: SettingValue }[]
  /** What training over frozen layers in 8 bits changed; `look` where an answer became another class. Null where it was not done, or not kept. */
  readonly int8: { readonly tone: 'fyi' | 'look'; readonly sentence: string } | null
  /** The deciding metric over several seeds; null for a run of one. */
  readonly seeds: {
    readonly count: number
    readonly metric: string
    readonly mean: number
    readonly deviation: number | null
  } | null
  /** What shares of the training rows achieved on validation; null where none were trained. */
  readonly learningCurve: {
    /** What it says of more labels. */
    readonly sentence: string
    /** The metric that chose among steps; its title. */
    readonly metric: string
    /** Whether the metric lies between 0 and 1. */
    readonly isShare: boolean
    /** The fewest rows first. */
    readonly points: readonly { readonly rows: number; readonly measured: Measured }[]
    /** With twice the rows; null for too few points. */
    readonly doubled: { readonly rows: number; readonly measured: Measured } | null
  } | null
  /** Folds that each were the test once; such a run has no model to answer with. Null where the test was cut once. */
  readonly folds: number | null
  readonly seconds: number
}

export interface Answer {
  readonly label: string
  /** Null for scores. */
  readonly probabilities: readonly { readonly name: string; readonly value: number }[] | null
  readonly score: number | null
  /** Whether it is too unsure to go without a person; null where no threshold for that was fixed. */
  readonly needsPerson: boolean | null
  /** Of a run that marks passages: what it found, in UTF-16 units; `label` then says how many of each kind. */
  readonly marks?: readonly FoundPassage[]
  /** Of a run that answers questions: where the answer stands; `label` then is its words, or says that there is none. */
  readonly found?: FoundAnswer
}

/** What a text says to a question. */
export interface FoundAnswer {
  /** In UTF-16 units; null where the text holds no answer. */
  readonly place: { readonly start: number; readonly end: number } | null
  /** Probability of what is said, among the best answers and none. */
  readonly sure: number
}

/** A passage of a text and how sure the model is of it. */
export interface FoundPassage {
  readonly start: number
  readonly end: number
  readonly kind: string
  readonly sure: number
}

export interface AnswerRequest {
  readonly id: TrainedId
  readonly texts: readonly string[]
  readonly questions?: readonly string[] | undefined
}

export interface RunsApi {
  settings(draft: RunDraft): readonly SettingRow[]
  plan(draft: RunDraft): RunPlan
  yaml(draft: RunDraft): string
  start(draft: RunDraft): RunId
  list(): readonly RunSummary[]
  get(id: RunId): RunSummary
  curves(id: RunId): Curves
  log(id: RunId): readonly LogLine[]
  result(id: RunId): RunResult
  /** Keeps its place; `resume` goes on. */
  pause(id: RunId): void
  /** Ends the training and tests the best weights so far. */
  finish(id: RunId): void
  resume(id: RunId): void
  discard(id: RunId): void
  rename(request: { readonly id: RunId; readonly name: string }): void
  /** `questions`: one for each text, where the run answers questions. */
  answer(request: AnswerRequest): readonly Answer[]
}

export interface RunsEvents {
  changed: RunSummary
  /** What is new since the last such event, at most one per animation frame. */
  curves: { readonly id: RunId } & NewPoints
  removed: { readonly id: RunId }
  /** Lines that came to a run's log. */
  log: { readonly id: RunId; readonly lines: readonly LogLine[] }
}
