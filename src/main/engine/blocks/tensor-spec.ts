/** How a tensor that the checkpoint lacks is first filled; the family's own rule (`_init_weights` in transformers). */
export type Initialisation =
  | { readonly kind: 'normal'; readonly std: number }
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  /** Uniform in ±1/√fan_in: torch's `kaiming_uniform_(a=√5)`, with fan_in the last dimension. */
  | { readonly kind: 'kaiming-uniform' }
  /** Uniform in ±√(6 / (fan_in + fan_out)) (Glorot). */
  | { readonly kind: 'xavier-uniform' }
  /** Uniform in ±√(6 / fan_in) (He): torch's `kaiming_uniform_` with its own gain, √2. */
  | { readonly kind: 'he-uniform' }
  /** Computed from the frozen weight of its site. */
  | { readonly kind: 'from-weight'; readonly make: (weight: Float32Array, shape: readonly number[]) => Float32Array }

export interface TensorSpec {
  /** The checkpoint's name, with the family's prefix, e.g. `bert.embeddings.word_embeddings.weight`. */
  readonly name: string
  readonly shape: readonly number[]
  readonly init: Initialisation
  /** The transformer layer it belongs to; null for embeddings and heads. */
  readonly layer: number | null
  readonly role: 'embedding' | 'layer' | 'head'
}
