import type { DatasetId, Failure, FileHandle, Progress, RunId } from './common.ts'
import type { ProjectPurpose } from './projects.ts'

export type ExportId = string & { readonly kind: 'export' }
export type ExportDtype = 'fp32' | 'fp16' | 'bf16'
/** Where int8 takes its ranges from: worked out as the export runs, or measured on validation rows beforehand. */
export type ExportQuantization = 'dynamic' | 'static'

/** A form that a run could be exported in, by the name that `attune export --format` has for it. */
export interface ExportForm {
  readonly format: string
  /** Why this run cannot; null where it can. */
  readonly unsupported: string | null
  /** Bytes that would be written, by element type, the usual type first; empty where it cannot. */
  readonly sizes: readonly { readonly dtype: ExportDtype; readonly bytes: number }[]
  /** Ways to choose between, the usual one first; empty for forms that have but one. */
  readonly quantizations: readonly ExportQuantization[]
}

/** A folder to write below. Its path is shown; nothing takes it back. */
export interface ExportPlace {
  readonly folder: string
  /** Bytes free on its disk. */
  readonly free: number
}

export interface ExportOptions {
  readonly forms: readonly ExportForm[]
  /** Name of the base model's folder, and its licence as its card says. */
  readonly base: string
  readonly licence: string | null
  /** What the licence asks to be thought of before the model is passed on; null where it asks little. */
  readonly notice: string | null
  /** What the run's project is for, and why a licence speaks against that; null where none does. */
  readonly purpose: ProjectPurpose
  readonly conflict: string | null
  /** Columns of the data by which the report can be grouped. */
  readonly columns: readonly string[]
  /** Where the last export went; null where there was none, or its folder is gone. */
  readonly last: ExportPlace | null
}

/** What a form whose weights are rounded to a few bits lost in the metric that decides. */
export interface ExportLoss {
  /** Points of macro-F1 (0.02 is two), of strict micro-F1 where passages are marked, of F1 where questions are answered, or the share by which a regression's mean absolute error rose. */
  readonly metric: 'macro_f1' | 'micro_f1' | 'answer_f1' | 'mae'
  readonly lost: number
  readonly allowed: number
  /** 95 % interval of `lost` over resampled rows; null where they define none. */
  readonly interval: readonly [low: number, high: number] | null
}

/** What the tested rows answered before and after. */
export interface ExportReplay {
  readonly part: 'test' | 'validation'
  readonly rows: number
  readonly of: number
  readonly metrics: readonly { readonly id: string; readonly before: number; readonly after: number }[]
  readonly largestDifference: number
  /** Null where the loss decides. */
  readonly allowedDifference: number | null
  readonly changedRows: number
  /** Null where the loss decides. */
  readonly allowedRows: number | null
  /** Of the changed rows, those whose two best answers are too close to call. */
  readonly ties: number
  /** Passages found before and after, where they are marked: `changed` and `ties` count those that one of both alone has. Left out elsewhere. */
  readonly passages?: {
    readonly before: number
    readonly after: number
    readonly changed: number
    readonly ties: number
    /** Null where the loss decides. */
    readonly allowed: number | null
  }
  /** Questions that were given an answer before and after, where rows are questions. Left out elsewhere. */
  readonly answers?: { readonly before: number; readonly after: number }
  /** Null where the answers themselves decide. */
  readonly loss: ExportLoss | null
}

/** How far an export has come: a draft is what nobody has reviewed yet. */
export type ExportStatus = 'draft' | 'reviewed' | 'retired'

/** What somebody said of an export, signed with the key of their installation. */
export interface ExportReview {
  readonly status: Exclude<ExportStatus, 'draft'>
  readonly name: string
  readonly note: string
  /** ISO 8601. */
  readonly date: string
  readonly signedBy: string
}

export interface ExportSummary {
  readonly id: ExportId
  readonly run: RunId
  readonly format: string
  readonly dtype: ExportDtype
  /** Null for forms without a choice. */
  readonly quantization: ExportQuantization | null
  /** Name of its folder, and where that is. */
  readonly name: string
  readonly folder: string
  readonly state: 'working' | 'done' | 'failed' | 'stopped'
  /** ISO 8601. */
  readonly madeAt: string
  readonly progress: Progress | null
  readonly bytes: number | null
  readonly replay: ExportReplay | null
  /** Whether it gives away which rows it was trained on, in a sentence; null where that could not be tested. */
  readonly memorisation: { readonly level: 'none' | 'some' | 'strong'; readonly sentence: string } | null
  /** Fingerprint of the key that signed it. */
  readonly signedBy: string | null
  readonly failure: Failure | null
  /** Null where it is not at its place, or is a pack. */
  readonly status: ExportStatus | null
}

/** What a check of an export found. */
export interface ExportCheck {
  readonly files: number
  readonly signedBy: string
  /** Whether the key is this installation's own. */
  readonly isOwn: boolean
  /** Metrics as they were measured again; null where the files alone were checked. */
  readonly metrics: readonly { readonly id: string; readonly value: number }[] | null
  readonly status: ExportStatus
  readonly reviews: readonly ExportReview[]
}

/** Which papers lie beside the model. */
export interface ExportContents {
  /** Model card and datasheet. */
  readonly card: boolean
  readonly report: boolean
  /** The texts of the worst errors in the report: the only rows of the data that an export can hold. */
  readonly examples: boolean
  /** Columns by whose values the report groups the tested rows. The names of the groups are content of the data. */
  readonly groups: readonly string[]
}

/** An export's folder, or a pack in a folder by its file's name. */
export interface ExportToCheck {
  readonly folder: FileHandle
  /** Null for the folder itself. */
  readonly pack: string | null
  /** Of an encrypted pack; null for any other. It is kept nowhere. */
  readonly passphrase: string | null
}

export interface ExportsApi {
  options(run: RunId): ExportOptions
  /** Where a chosen folder is, and how much room it has. */
  place(to: FileHandle): ExportPlace
  /** Exports into a new folder below the chosen one, or below the last one. What comes of it is told by `changed`. */
  start(request: {
    readonly run: RunId
    readonly format: string
    readonly dtype: ExportDtype
    /** Null where the form has no choice. */
    readonly quantization: ExportQuantization | null
    readonly to: FileHandle | null
    readonly contents: ExportContents
    /** What a pack is encrypted with; null for one that is plain, and for every other form. It is kept nowhere. */
    readonly passphrase: string | null
    /** Whether the person confirmed that it may leave though a licence speaks against what the project is for. */
    readonly despite: boolean
  }): ExportSummary
  stop(id: ExportId): void
  /** Exports of a run, the newest first: those that are written, and those of this window that are not. */
  list(run: RunId): readonly ExportSummary[]
  /** What left Attune, whatever run it came from, the newest first. */
  made(): readonly Pick<ExportSummary, 'id' | 'run' | 'name' | 'format' | 'dtype' | 'quantization'>[]
  /** Checks a finished export again, with the run's own data. */
  verify(id: ExportId): ExportCheck
  /** Names of the packs in a folder; empty where it is an export itself. */
  packs(folder: FileHandle): readonly string[]
  /** Checks any folder or pack that was exported, on any PC; with data its metrics are measured again. Fails with `pack-locked` where it needs a passphrase. */
  check(request: ExportToCheck & { readonly dataset: DatasetId | null }): ExportCheck
  /** Adds a signed word to an export: one of the list, or any folder or pack. A review is that of a second person, on another installation. */
  review(request: {
    readonly of: { readonly id: ExportId } | ExportToCheck
    readonly status: Exclude<ExportStatus, 'draft'>
    readonly name: string
    readonly note: string
  }): Pick<ExportCheck, 'status' | 'reviews'>
  /** Takes an export off the list. Its files stay. */
  forget(id: ExportId): void
}

export interface ExportsEvents {
  changed: ExportSummary
}
