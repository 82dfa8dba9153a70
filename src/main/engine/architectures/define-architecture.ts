import type { Scope, Site } from '../blocks/scope.ts'
import type { TensorSpec } from '../blocks/tensor-spec.ts'
import type { Value } from '../graph/types.ts'

/** What every text encoder's config.json comes down to. */
export interface EncoderConfig {
  readonly vocabularySize: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly intermediate: number
  /** Longest sequence in tokens, special tokens included. */
  readonly maxPositions: number
  /** Number of token types (segments); 0 where the family has none. */
  readonly tokenTypes: number
  readonly padId: number
  readonly hiddenDropout: number
  readonly attentionDropout: number
  readonly classifierDropout: number
  /** Standard deviation for new weights. */
  readonly initializerRange: number
}

/** Dropout rates that a run puts in place of the checkpoint's. */
export interface DropoutOverrides {
  readonly hidden?: number
  readonly attention?: number
  readonly classifier?: number
  /** Every word is answered: the rate of the family's token head stands for the classifier's. */
  readonly tokenHead?: true
  /** Answers are found in texts: the rate of the family's head for that. */
  readonly answerHead?: true
}

/** The batch, as the host feeds it. */
export interface TextInputs {
  /** [rows, time] int64 */
  readonly inputIds: Value
  /** [rows, time] int64 */
  readonly tokenTypeIds: Value
  /** [rows, time] int64: the family's own position numbers, see `positionOffset`. */
  readonly positionIds: Value
  /** [rows, 1, 1, time] float32 ([rows, 1, time, time] with several texts to a row): 0 where a token may be attended to, very negative elsewhere. */
  readonly attentionBias: Value
}

export type HeadKind = 'sequence-classification' | 'token-classification' | 'question-answering' | 'masked-lm'

export interface Head<C> {
  /** Tensors above the base model. `labels` is the number of outputs. */
  readonly tensors: (config: C, labels: number) => readonly TensorSpec[]
  /**
   * For sequence-classification: hidden states [tokens, width] and the index of each text's first token, [rows], to logits [rows, labels]
   * (`examples` instead of `rows` where a row holds several texts).
   * For token-classification: hidden states already picked at the tagged places, [examples, width], to logits [examples, labels].
   * For question-answering: the same at every token, to scores of being an answer's first and last, [examples, 2].
   * For masked-lm: the same at the masked places, to logits [examples, vocabulary].
   */
  readonly build: (
    s: Scope,
    config: C,
    input: { readonly hidden: Value; readonly firstTokens: Value | null; readonly labels: number }
  ) => Value
  readonly sites: (config: C, labels: number) => readonly Site[]
}

export interface Architecture<C extends EncoderConfig = EncoderConfig> {
  readonly id: string
  readonly title: string
  /** Values of `model_type` in config.json that are this family. */
  readonly modelTypes: readonly string[]
  /** Name of the base model inside a checkpoint with a head, `bert` in `bert.encoder…`; checkpoints of the bare model leave it out. */
  readonly prefix: string
  /** Old tensor names: [pattern, replacement], applied in order. */
  readonly renames: readonly (readonly [RegExp, string])[]
  /** The tied output projection, under which some checkpoints store the word embeddings: [its name, the embeddings' name]. */
  readonly tied: readonly [string, string]
  /** Buffers and unused heads that a checkpoint may hold; they are not missed and not reported as unknown. */
  readonly ignored: readonly RegExp[]
  /** Checks config.json: every switch that changes the arithmetic is honoured or refused by name (InputError). */
  readonly readConfig: (json: Readonly<Record<string, unknown>>, overrides: DropoutOverrides) => C
  /** Every weight of the base model with its shape. */
  readonly tensors: (config: C) => readonly TensorSpec[]
  /** Where adapters may attach in the base model. */
  readonly sites: (config: C) => readonly Site[]
  /** The first position number: 0, or padId + 1 in RoBERTa's family, which numbers padding as padId. */
  readonly positionOffset: (config: C) => number
  /** Token ids to final hidden states, [tokens, width]. */
  readonly build: (s: Scope, config: C, inputs: TextInputs) => Value
  readonly heads: Readonly<Record<HeadKind, Head<C>>>
}

/** Declares a model family. */
export function defineArchitecture<C extends EncoderConfig>(architecture: Architecture<C>): Architecture {
  // A family only ever receives the config that its own readConfig made.
  return architecture as unknown as Architecture
}
