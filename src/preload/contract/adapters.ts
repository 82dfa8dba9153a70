import type { AdapterId, FileHandle, ModelId } from './common.ts'
import type { Attribution } from './results.ts'
import type { Answer } from './runs.ts'

/** A model of the library that an adapter fits. */
export interface PossibleBase {
  readonly model: ModelId
  readonly name: string
  /** Whether the adapter names this model. */
  readonly isNamed: boolean
  /** Outputs of the adapter on it; null where neither has a head that answers. */
  readonly labels: number | null
  /** Their names; null where nothing names them. */
  readonly classNames: readonly string[] | null
}

/** An adapter's folder before it is imported. */
export interface AdapterCandidate {
  readonly name: string
  /** The model that it was trained on, as its maker called it. */
  readonly baseName: string | null
  readonly rank: number
  readonly bytes: number
  readonly licence: string | null
  /** What it answers with: passages, whose outputs are tags, or answers to questions. Left out where it answers whole texts. */
  readonly answers?: 'passages' | 'questions'
  /** Whether its folder says that a text may have several classes; null where it says nothing. */
  readonly isMultiLabel: boolean | null
  /** The models that it fits, those that it names first. */
  readonly bases: readonly PossibleBase[]
  /** Why none of the models fits, one sentence; null where one does. */
  readonly problem: string | null
}

/** An adapter that was made elsewhere. It was never tested here, if perhaps where it was made. */
export interface ImportedAdapter {
  readonly id: AdapterId
  readonly name: string
  readonly model: { readonly id: ModelId; readonly name: string }
  readonly rank: number
  /** Layers that it changes. */
  readonly layers: number
  /** Classes, or kinds of passages; empty where it gives a number or answers questions. */
  readonly classNames: readonly string[]
  readonly isMultiLabel: boolean
  /** As of a candidate. */
  readonly answers?: 'passages' | 'questions'
  readonly licence: string | null
  /** Of its weights. */
  readonly bytes: number
  readonly sha256: string
  /** ISO 8601. */
  readonly addedAt: string
  /** How its maker tested it, where its signed papers say so and its model is the one that they name; null for any other. */
  readonly made: {
    readonly tested: {
      readonly part: 'test' | 'validation'
      readonly rows: number
      readonly metrics: readonly { readonly id: string; readonly title: string; readonly value: number }[]
    }
    /** Fingerprint of the installation that signed them, and its version of Attune. */
    readonly signedBy: string
    readonly madeWith: string
  } | null
  /** Why it cannot answer now, one sentence; null where it can. */
  readonly problem: string | null
}

export interface AdaptersApi {
  /** What a folder holds, and which models it fits; null where it is no adapter's. */
  look(folder: FileHandle): AdapterCandidate | null
  /** Copies an adapter and puts it to a model; the same adapter on the same model is recognised. */
  bring(request: {
    readonly folder: FileHandle
    readonly model: ModelId
    /** Its classes, or tags, in the order of its outputs; empty where they are known, or where it gives a number or answers questions. */
    readonly classNames: readonly string[]
    readonly isMultiLabel: boolean
  }): { readonly adapter: ImportedAdapter; readonly isKnown: boolean }
  list(): readonly ImportedAdapter[]
  /** Deletes Attune's copy; the folder that it came from stays. */
  remove(id: AdapterId): void
  /** Answers texts; nothing of them is kept. */
  answer(request: { readonly id: AdapterId; readonly texts: readonly string[] }): readonly Answer[]
  /** What the words of a text speak for or against in its answer. */
  attribute(request: { readonly id: AdapterId; readonly text: string }): Attribution
}
