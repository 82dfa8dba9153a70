import { choice, decimal, either, flag, integer, list, map, optional, text, type OptionsOf } from '../../../base/options.ts'
import type { LearningRateAdvice } from '../learning-rate.ts'

/** The widest adapter that is made or read. */
export const largestRank = 1024

/** Names and meanings are those of PEFT's LoraConfig. */
export const loraOptions = {
  from_adapter: optional(text({ format: 'path' }), {
    help:
      'A PEFT adapter folder, or one that `attune import` made, from which the run starts. Rank, strength, layers and biases are those of the ' +
      'adapter and not named here; its head is taken where its classes are those of the data.'
  }),
  adapter_labels: list(text({ maxLength: 1000 }), {
    default: [],
    unique: true,
    help: 'The classes of from_adapter in the order of its outputs, where its folder does not name them.'
  }),
  r: integer({
    default: 8,
    min: 1,
    max: largestRank,
    help: 'Rank: how wide the adapter is. A higher rank can learn more and takes more memory.'
  }),
  lora_alpha: decimal({
    default: 16,
    above: 0,
    max: 100_000,
    help: 'Strength of the adapter, which is scaled by lora_alpha / r. Usually twice the rank.'
  }),
  lora_dropout: decimal({
    default: 0,
    max: 0.9,
    help: "Share of the adapter's inputs that is dropped at random while training."
  }),
  target_modules: either([list(text({ maxLength: 500 }), { min: 1 }), text({ format: 'pattern', maxLength: 500 })], {
    // The attention's query and value, as PEFT chooses them: in BERT's and RoBERTa's names, and in DistilBERT's.
    default: ['query', 'value', 'q_lin', 'v_lin'],
    help:
      'Which linear layers get an adapter: a list of names (`query` stands for every layer whose path ends in `.query`), one regular ' +
      'expression that the whole path must match, or `all-linear`. By default the query and value of every attention.'
  }),
  use_rslora: flag({
    default: false,
    help: 'Scales the adapter by lora_alpha / √r (rank-stabilised LoRA), which keeps high ranks steady.'
  }),
  loraplus_lr_ratio: optional(decimal({ above: 0, max: 1000 }), {
    help: 'LoRA+: the learning rate of the B matrices as a multiple of that of the A matrices, e.g. 16. Null gives both the same.'
  }),
  rank_pattern: optional(map(integer({ min: 1, max: largestRank }), { keys: 'layers' }), {
    help: 'Layers whose rank is another than r, by name as in target_modules: `{ query: 16 }`. The first name that fits counts.'
  }),
  alpha_pattern: optional(map(decimal({ above: 0, max: 100_000 }), { keys: 'layers' }), {
    help: 'Layers whose strength is another than lora_alpha, by name as in target_modules: `{ query: 32 }`. The first name that fits counts.'
  }),
  layers_to_transform: optional(list(integer({ max: 9999 }), { min: 1, unique: true }), {
    help: 'Numbers of the transformer layers that get adapters, counted from 0. Null means all.'
  }),
  modules_to_save: list(text({ maxLength: 500 }), {
    default: [],
    help: 'Modules that are trained in full, with all inside them, and saved with the adapter. The head of the task always is and need not be named.'
  }),
  bias: choice({
    values: ['none', 'all', 'lora_only'],
    default: 'none',
    help: 'Which bias terms are trained too: none, all, or those of the layers with an adapter.'
  }),
  init_lora_weights: either([flag({}), choice({ values: ['gaussian'] })], {
    default: true,
    help:
      'How the adapter starts. With true (A uniform, B zero) and gaussian (A normal, B zero) the first step equals the base model; ' +
      'with false it does not.'
  })
}

export type LoraOptions = OptionsOf<typeof loraOptions>

export const loraLearningRate: LearningRateAdvice = { default: 5e-4, usual: [5e-5, 5e-3] }
