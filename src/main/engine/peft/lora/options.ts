import { choice, decimal, either, flag, integer, list, optional, text, type OptionsOf } from '../../../base/options.ts'
import type { LearningRateAdvice } from '../learning-rate.ts'

/** Names and meanings are those of PEFT's LoraConfig. */
export const loraOptions = {
  r: integer({
    default: 8,
    min: 1,
    max: 1024,
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
