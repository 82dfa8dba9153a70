import type { ModelId } from './common.ts'

/** What a model answers that comes with its training: one that Attune has exported. */
export interface ModelAnswers {
  readonly problem:
    'single_label_classification' | 'multi_label_classification' | 'regression' | 'token-classification' | 'question-answering'
  /** Classes, kinds of passages, or names of questions; empty for scores, and where every text has questions of its own. */
  readonly labels: readonly string[]
  /** Whether it reads two texts together. */
  readonly pairs: boolean
}

export interface ModelSummary {
  readonly id: ModelId
  readonly name: string
  /** `BERT`, `RoBERTa`, …; null where the folder could not be read. */
  readonly family: string | null
  readonly parameters: number | null
  readonly bytes: number | null
  readonly maxTokens: number | null
  readonly licence: string | null
  readonly languages: readonly string[]
  readonly bundled: boolean
  readonly state: 'ready' | 'disconnected' | 'unusable'
  /** Why it cannot be used, one sentence; null where it can. */
  readonly problem: string | null
  /** Left out for a model that gives no answers before a run has trained it. */
  readonly answers?: ModelAnswers
}

/** A well-known open model as the list of *Get a model* shows it. */
export interface KnownModel {
  /** What it was trained for. */
  readonly task: 'any' | 'clinical' | 'legal'
  readonly name: string
  readonly publisher: string
  readonly about: string
  readonly languages: readonly string[]
  readonly parameters: number
  /** Null where no page that names it was found: the person looks at the model's own. */
  readonly licence: string | null
  readonly files: readonly string[]
}

export interface ModelsApi {
  list(): readonly ModelSummary[]
  remove(id: ModelId): void
  known(): readonly KnownModel[]
}
