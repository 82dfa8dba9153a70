import type { DatasetId } from './common.ts'

/** A question about a data set that only a person can answer, with what was answered. */
export interface DatasheetQuestion {
  readonly key: string
  readonly section: string
  readonly question: string
  /** Empty where it is not answered. */
  readonly answer: string
}

export interface DatasheetsApi {
  /** In the order in which they are asked. Answers to another version of the same data stand for a version without its own. */
  get(id: DatasetId): readonly DatasheetQuestion[]
  /** Answers by key; what is left out or empty is not answered. */
  save(request: { readonly id: DatasetId; readonly answers: Readonly<Record<string, string>> }): void
}
