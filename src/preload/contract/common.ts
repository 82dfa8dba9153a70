/** Ids are what the screens name things by; paths never leave main (security.md §3). */
export type ProjectId = string & { readonly kind: 'project' }
export type DatasetId = string & { readonly kind: 'dataset' }
export type ModelId = string & { readonly kind: 'model' }
export type SweepId = string & { readonly kind: 'sweep' }
export type RunId = string & { readonly kind: 'run' }
/** An adapter that was made elsewhere. */
export type AdapterId = string & { readonly kind: 'adapter' }
/** A run, or a model that came with its training. */
export type TrainedId = RunId | ModelId
/** Who answers: one of these, or an imported adapter on its model. */
export type AnswererId = TrainedId | AdapterId
/** A file or folder that the person chose, minted by main for one purpose and one session. */
export type FileHandle = string & { readonly kind: 'file' }

/** What went wrong, for a screen: `message` says what and what to do, `detail` is for *Details*. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly detail: string
}

/** What crosses for every call. */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure }

/** How far something has come. `total` is 0 while nobody knows. */
export interface Progress {
  readonly phase: string
  readonly done: number
  readonly total: number
}

/** A measured number with its 95 % interval; null bounds where none was drawn. */
export interface Measured {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

/** A setting as run.yaml writes it; lists are joined by commas. */
export type SettingValue = string | number | boolean | null
