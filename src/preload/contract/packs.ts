import type { ImportedAdapter } from './adapters.ts'
import type { FileHandle, ModelId, Progress } from './common.ts'
import type { ModelAnswers, ModelSummary } from './models.ts'

/** A pack that has been unpacked and checked, and waits for a yes. */
export type PackId = string & { readonly kind: 'pack' }

/** What a pack holds, as its signed manifest and its files say. */
export interface PackCandidate {
  readonly id: PackId
  readonly name: string
  /** A model that is whole, or an adapter that answers on its base model alone. */
  readonly holds: 'model' | 'adapter'
  /** Of an adapter: the model of the library that it answers on, by its hash; null where that is not at hand. */
  readonly on: { readonly id: ModelId; readonly name: string } | null
  readonly answers: ModelAnswers
  /** The model that it was trained from, as its maker called it, and how. */
  readonly base: string
  readonly method: string
  /** Longest text in tokens. */
  readonly maxTokens: number
  /** Type of its weights: `fp32`, `fp16` or `bf16`. */
  readonly dtype: string
  readonly bytes: number
  /** Measured by its maker on rows that it was not trained on. */
  readonly tested: {
    readonly part: 'test' | 'validation'
    readonly rows: number
    readonly metrics: readonly { readonly id: string; readonly title: string; readonly value: number }[]
  }
  readonly licence: {
    readonly name: string | null
    /** What it allows, one sentence. */
    readonly summary: string
    /** Whether it asks for something that must be seen first: non-commercial, research only, a licence of its own, or none found. */
    readonly isNoticed: boolean
    /** Its text; null where the pack has none. */
    readonly text: string | null
  }
  /** Version of Attune that packed it. */
  readonly madeWith: string
  /** Fingerprint of the installation that signed it, and whether that is this one. */
  readonly signedBy: string
  readonly isOwn: boolean
  /** Whether other data here are encrypted: a model's weights never are. */
  readonly staysPlain: boolean
  /** Why it cannot be imported, one sentence; null where it can. */
  readonly problem: string | null
}

/** What came of a pack. `isKnown`: whether it was in the library already. */
export type KeptPack =
  { readonly model: ModelSummary; readonly isKnown: boolean } | { readonly adapter: ImportedAdapter; readonly isKnown: boolean }

export interface PacksApi {
  /** Unpacks a pack aside and checks every file of it. Fails with `pack-locked` where it needs a passphrase. */
  open(request: { readonly file: FileHandle; readonly passphrase: string | null }): PackCandidate
  /** Ends an `open` that is under way; nothing of it stays. */
  stop(): void
  /** Takes it into the library. */
  keep(id: PackId): KeptPack
  /** Deletes what was unpacked. */
  drop(id: PackId): void
}

export interface PacksEvents {
  /** While a pack is unpacked, in bytes. */
  unpacking: Progress
}
