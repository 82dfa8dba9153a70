import type { AdapterTensors, Site, SiteAdapter } from '../blocks/scope.ts'
import type { Initialisation, TensorSpec } from '../blocks/tensor-spec.ts'

/** What a method may know of the model it is applied to. */
export interface MethodModel {
  readonly layers: number
  /** The name of the base model inside the checkpoint, e.g. `bert`. */
  readonly prefix: string
  /** Every place where an adapter may attach, in the model and its head. */
  readonly sites: readonly Site[]
}

export interface AdapterTensorSpec {
  readonly shape: readonly number[]
  readonly init: Initialisation
  /** Multiplies the learning rate of this tensor (LoRA+). */
  readonly learningRateScale?: number
}

/** Base tensors and sites of a model that a method may change, as its options say. */
export interface Selection {
  /** Whether a base tensor is trained. Heads that the checkpoint lacks are always trained, whatever this says. */
  readonly trains: (tensor: TensorSpec) => boolean
  /** Whether an adapter sits at a site. */
  readonly adapts: (site: Site) => boolean
}

/**
 * A way to fine-tune: a selection of base parameters, and adapters at named sites (design §4.12). `O` are its options as run.yaml gives them.
 */
export interface PeftMethod<O> {
  readonly id: string
  readonly title: string
  readonly select: (model: MethodModel, options: O) => Selection
  /** The adapter's tensors at one site, by the names PEFT saves them under (`lora_A.weight`). */
  readonly tensors: (site: Site, options: O) => Readonly<Record<string, AdapterTensorSpec>>
  readonly attach: (options: O, tensors: AdapterTensors) => SiteAdapter
  /** Folds the adapter of a linear site into rows of its base tensors, in place: any rows, at any time. Absent where a method cannot be merged. */
  readonly merge?: (base: MergeTarget, site: Site, options: O, tensors: Readonly<Record<string, Float32Array>>) => void
}

/**
 * Rows of a linear layer, `first` and on: `weight` holds some of [out, in], `bias` some of [out]. A matrix of gigabytes is merged in such parts; either
 * may be empty where only the other is wanted.
 */
export interface MergeTarget {
  readonly weight: Float32Array
  readonly bias: Float32Array
  readonly first: number
}

/** Declares a fine-tuning method. */
export function definePeftMethod<O>(method: PeftMethod<O>): PeftMethod<O> {
  return method
}

/** A method that trains base tensors and attaches nothing. */
export function defineSelectionMethod<O>(
  method: Pick<PeftMethod<O>, 'id' | 'title'> & {
    readonly trains: (tensor: TensorSpec, model: MethodModel, options: O) => boolean
  }
): PeftMethod<O> {
  return {
    id: method.id,
    title: method.title,
    select: (model, options) => ({ trains: (tensor) => method.trains(tensor, model, options), adapts: () => false }),
    tensors: () => ({}),
    attach: () => ({})
  }
}
