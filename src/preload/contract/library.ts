import type { DatasetId, FileHandle, ModelId, Progress, RunId } from './common.ts'
import type { ModelSummary } from './models.ts'

/** A model's folder before it is imported. */
export interface ModelCandidate {
  readonly name: string
  readonly family: string | null
  readonly parameters: number | null
  readonly bytes: number | null
  readonly licence: string | null
  readonly languages: readonly string[]
  /** Why it cannot be used, one sentence; null where it can. */
  readonly problem: string | null
  /** Why it is copied in any case: its drive may vanish, or the folder was brought by the page. Null: the person chooses. */
  readonly mustCopy: 'removable' | 'network' | 'brought' | null
}

export interface ModelFile {
  readonly name: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
}

/** Everything that is known of a model beside its line in the list. */
export interface ModelDetails {
  readonly id: ModelId
  /** Over its files; null where they were never hashed. */
  readonly hash: string | null
  readonly place: 'bundled' | 'referenced' | 'copied'
  readonly files: readonly ModelFile[]
  /** The model's card as plain text, cut at 20,000 characters. */
  readonly card: string | null
  readonly tags: readonly string[]
  readonly licence: LicenceMeaning
  /** ISO 8601. */
  readonly checkedAt: string | null
}

/** What a model's licence means for what is made from the model. Sentences; no legal advice. */
export interface LicenceMeaning {
  readonly summary: string
  /** What it asks of whoever passes on what was made from the model. */
  readonly obligations: readonly string[]
  /** Whether a person should read it before anything made from the model leaves this PC. */
  readonly isNoticed: boolean
}

/** What became of a model's files since they were hashed. */
export interface Verification {
  readonly checkedAt: string
  readonly changes: readonly { readonly name: string; readonly what: 'changed' | 'missing' | 'new' }[]
}

/** How well a model's vocabulary and length fit some texts. All shares are in [0, 1]. */
export interface ModelFit {
  readonly model: ModelId
  /** Texts that were looked at. */
  readonly texts: number
  /** Words that the vocabulary holds as one token. */
  readonly wholeWords: number
  readonly tokensPerWord: number
  /** Tokens that the vocabulary does not know at all. */
  readonly unknown: number
  /** The longest text that the model reads, in tokens. */
  readonly limit: number
  /** Texts that are longer, and the tokens of all texts that lie beyond the limit. */
  readonly longTexts: number
  readonly cutTokens: number
}

/** Whether this PC can train a model, by the planner of runs. Bytes of memory. */
export interface Feasibility {
  readonly model: ModelId
  /** `tight`: a usual run takes more than half of what is free, or fits in smaller batches alone. `impossible`: not even a text at a time fits. */
  readonly verdict: 'comfortable' | 'tight' | 'impossible'
  /** What a usual run takes: a small add-on (LoRA), 16 texts of 128 tokens at a time. */
  readonly usual: number
  /** The same a text at a time, with layers computed again. */
  readonly least: number
  readonly free: number
}

/** What a run learned beside its base model. */
export interface AdapterSummary {
  readonly run: RunId
  readonly name: string
  readonly model: { readonly id: ModelId; readonly name: string }
  readonly dataset: { readonly id: DatasetId; readonly name: string }
  readonly method: string
  /** Of its best weights; null where they are gone. */
  readonly bytes: number | null
  /** ISO 8601. */
  readonly createdAt: string
}

export interface LibraryApi {
  /** Reads everything about a folder but its weights. */
  look(folder: FileHandle): ModelCandidate
  /** Hashes a folder's files and lists the model; the same files are recognised wherever they lie. */
  bring(request: { readonly folder: FileHandle; readonly place: 'referenced' | 'copied' }): {
    readonly model: ModelSummary
    /** Whether these very files were in the list already. */
    readonly isKnown: boolean
  }
  /** Ends a `bring` that is under way; nothing of it stays. */
  stop(): void
  details(id: ModelId): ModelDetails
  /** Hashes the files again and says what changed. */
  verify(id: ModelId): Verification
  fit(request: { readonly model: ModelId; readonly dataset: DatasetId }): ModelFit
  /** Works it out from the model's config.json; what is free is that of now. */
  feasibility(model: ModelId): Feasibility
  adapters(): readonly AdapterSummary[]
}

export interface LibraryEvents {
  /** A command has brought a model or an adapter into the library, or something was imported here. `added`: models that were not listed before. */
  changed: { readonly added: number }
  /** While files are hashed or copied, in bytes. */
  hashing: Progress & { readonly name: string }
}
