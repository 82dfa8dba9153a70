import type { Ops } from '../graph/operations.ts'
import type { Shape, Value } from '../graph/types.ts'

export type SiteKind = 'linear' | 'sublayer' | 'attention-kv' | 'embedding'

/** A place where an adapter may attach. Its path is the checkpoint's module name, e.g. `bert.encoder.layer.0.attention.self.query`. */
export interface Site {
  readonly kind: SiteKind
  readonly path: string
  /** Width of what enters. For `attention-kv`: the width of one head. */
  readonly in: number
  /** Width of what leaves. For `attention-kv`: the number of heads. */
  readonly out: number
  /** Index of the transformer layer that holds the site; null outside the layers. */
  readonly layer: number | null
}

/** The tensors an adapter owns at one site, by their short names. */
export type AdapterTensors = Readonly<Record<string, Value>>

export interface LinearContext {
  readonly g: Ops
  readonly site: Site
  /** What enters, [tokens, in]. */
  readonly x: Value
  /** The base weight, [out, in], and bias, [out]. */
  readonly weight: Value
  readonly bias: Value | null
  /** The layer's own output x·Wᵀ + b, [tokens, out], made on first use. */
  readonly base: () => Value
}

export interface KeyValueContext {
  readonly g: Ops
  readonly site: Site
  /** [rows, heads, time, head width] */
  readonly keys: Value
  readonly values: Value
  /** Added to the scores: [rows, 1, 1, time] or [rows, 1, time, time], 0 or very negative. */
  readonly bias: Value
}

/** What an adapter does where it sits. A method provides the ones that fit its kinds of site. */
export interface SiteAdapter {
  /** Replaces the output of a linear layer. */
  linear?(context: LinearContext): Value
  /** Changes the output of a sublayer (attention or feed-forward) before it joins the residual stream, [tokens, width]. */
  sublayer?(context: { readonly g: Ops; readonly site: Site; readonly x: Value }): Value
  /** Changes the rows looked up in an embedding table, [tokens, width]. */
  embedding?(context: { readonly g: Ops; readonly site: Site; readonly rows: Value; readonly ids: Value }): Value
  /** Adds keys and values that every token may attend to. */
  keyValue?(context: KeyValueContext): { readonly keys: Value; readonly values: Value; readonly bias: Value }
}

/** What surrounds a model while its graph is built. */
export interface Surroundings {
  readonly g: Ops
  /** The value of a base tensor: a frozen weight, or a state slot where it is trained. */
  param(name: string, shape: Shape): Value
  adapterAt(path: string): SiteAdapter | undefined
  /**
   * Called with the word embeddings (`words`, [tokens, width]), with the hidden states after all embeddings (`embeddings`), after each layer (`layer.0` …) and with the pooled vectors (`pooled`).
   * May return something else to go on with, such as a cached copy.
   */
  mark(boundary: string, value: Value): Value
}

/** A module path inside a model that is being built. Its names are the checkpoint's. */
export class Scope {
  readonly g: Ops
  readonly path: string
  readonly surroundings: Surroundings

  constructor(surroundings: Surroundings, path = '') {
    this.g = surroundings.g
    this.surroundings = surroundings
    this.path = path
  }

  /** The module `name` inside this one. An empty name is this module. */
  at(name: string): Scope {
    if (name === '') return this
    return new Scope(this.surroundings, this.path === '' ? name : `${this.path}.${name}`)
  }

  /** The tensor `name` of this module. */
  param(name: string, shape: Shape): Value {
    return this.surroundings.param(this.path === '' ? name : `${this.path}.${name}`, shape)
  }

  /** Runs `make` with node names under this path. */
  run(make: () => Value): Value {
    return this.g.within(this.path, make)
  }

  get adapter(): SiteAdapter | undefined {
    return this.surroundings.adapterAt(this.path)
  }
}
