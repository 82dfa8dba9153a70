import { bytes, choice, decimal, either, flag, group, integer, list, map, optional, type OptionsOf } from '../../base/options.ts'
import { ENTITY_KEYS } from '../evaluation/entities.ts'
import { ANSWER_KEYS } from '../evaluation/answers.ts'
import { CLASSIFICATION_KEYS } from '../evaluation/classification.ts'
import { MULTI_LABEL_KEYS } from '../evaluation/multi-label.ts'
import { REGRESSION_KEYS } from '../evaluation/regression.ts'
import { inputOptions } from './input-options.ts'
import { optimizerOptions } from './optimizer-options.ts'

/** Metrics on the validation rows that can choose the best checkpoint, the default first. `loss` is the loss that is trained. */
export const metricsFor = {
  single_label_classification: ['macro_f1', 'loss', ...CLASSIFICATION_KEYS.filter((key) => key !== 'macro_f1')],
  multi_label_classification: ['macro_f1', 'loss', ...MULTI_LABEL_KEYS.filter((key) => key !== 'macro_f1')],
  'token-classification': ['micro_f1', 'loss', ...ENTITY_KEYS.filter((key) => key !== 'micro_f1')],
  'question-answering': ['answer_f1', 'loss', ...ANSWER_KEYS.filter((key) => key !== 'answer_f1')],
  regression: ['rmse', 'loss', ...REGRESSION_KEYS.filter((key) => key !== 'rmse')],
  'masked-lm': ['loss']
} as const

/** Losses by kind of problem, the default first. */
export const lossesFor = {
  single_label_classification: ['cross_entropy', 'focal'],
  multi_label_classification: ['bce'],
  'token-classification': ['cross_entropy', 'focal'],
  'question-answering': ['cross_entropy'],
  regression: ['mse', 'l1', 'huber'],
  'masked-lm': ['cross_entropy']
} as const

export type ProblemName = keyof typeof metricsFor
export type MetricName = (typeof metricsFor)[ProblemName][number]
export type LossName = (typeof lossesFor)[ProblemName][number]

const metricNames: readonly MetricName[] = [...new Set(Object.values(metricsFor).flat())]
const defaultMetrics =
  'macro_f1 for text classification, micro_f1 for token classification, answer_f1 for question answering, rmse for regression, loss for masked-lm'
const largestSeed = 2 ** 32 - 1

const length = {
  num_train_epochs: decimal({
    default: 3,
    above: 0,
    max: 100_000,
    unit: 'epochs',
    help: 'How often training goes through all rows; early stopping may end it sooner.'
  }),
  max_steps: integer({
    default: -1,
    min: -1,
    unit: 'steps',
    help: 'Ends training after this many optimizer steps, whatever num_train_epochs says. -1 turns this off; 0, with method.from_adapter, tests the adapter as it is.'
  }),
  per_device_train_batch_size: integer({
    default: 16,
    min: 1,
    max: 65_536,
    unit: 'rows',
    help: 'Rows per batch. Larger batches are steadier and take more memory.'
  }),
  per_device_eval_batch_size: integer({
    default: 32,
    min: 1,
    max: 65_536,
    unit: 'rows',
    help: 'Rows per batch when the model is only evaluated. It changes speed and memory, not results.'
  }),
  gradient_accumulation_steps: integer({
    default: 1,
    min: 1,
    max: 65_536,
    unit: 'batches',
    help: 'Batches that make up one optimizer step: a large batch in the memory of a small one.'
  })
}

const loss = {
  loss: choice({
    values: ['auto', 'cross_entropy', 'focal', 'bce', 'mse', 'l1', 'huber'],
    default: 'auto',
    help: 'What training makes small. auto: cross_entropy, or bce for several labels, or mse for numbers. l1 and huber mind outliers less.'
  }),
  focal_gamma: decimal({ default: 2, max: 20, help: 'loss focal: how much less the rows count that are already right.' }),
  huber_delta: decimal({
    default: 1,
    above: 0,
    max: 1e9,
    help: 'loss huber: the error from which on it grows in a straight line.'
  }),
  label_smoothing_factor: decimal({
    default: 0,
    below: 1,
    help: 'loss cross_entropy: share of each label that is spread over all classes, against overconfidence.'
  }),
  class_weights: either([choice({ values: ['none', 'balanced'] }), map(decimal({ above: 0, max: 1e6 }), { keys: 'class' })], {
    default: 'none',
    help: 'How much the rows of each class (or the words of each type, and O for those unmarked) count: all the same, rare ones more, or a number for each.'
  }),
  hidden_dropout_prob: optional(decimal({ max: 0.9 }), {
    help: 'Dropout in the trained layers.',
    derived: "the model's own"
  }),
  attention_probs_dropout_prob: optional(decimal({ max: 0.9 }), {
    help: 'Dropout of attention in the trained layers.',
    derived: "the model's own"
  }),
  classifier_dropout: optional(decimal({ max: 0.9 }), { help: 'Dropout in the head of the task.', derived: "the model's own" })
}

const course = {
  eval_strategy: choice({
    values: ['epoch', 'steps', 'no'],
    default: 'epoch',
    help: 'When the validation rows are looked at: after each epoch, every eval_steps, or never. YAML reads no as it stands.'
  }),
  eval_steps: optional(integer({ min: 1, unit: 'steps' }), {
    help: 'Looks at the validation rows every this many optimizer steps; with eval_strategy epoch, in addition.'
  }),
  metric_for_best_model: optional(choice({ values: metricNames }), {
    help: 'The validation metric by which the best checkpoint is chosen.',
    derived: `early_stopping.metric if given, else ${defaultMetrics}`
  }),
  early_stopping: optional(
    group(
      {
        metric: optional(choice({ values: metricNames }), {
          help: 'The validation metric that must improve.',
          derived: `metric_for_best_model if given, else ${defaultMetrics}`
        }),
        patience: integer({
          default: 3,
          min: 1,
          max: 10_000,
          unit: 'evaluations',
          help: 'How many evaluations in a row may pass without improvement.'
        }),
        threshold: decimal({ default: 0, max: 1e9, help: 'The least improvement that counts.' })
      },
      {}
    ),
    { default: {}, help: 'Ends training when validation stops improving. Null turns it off.' }
  ),
  gradual_unfreezing: optional(
    group(
      {
        every_epochs: integer({
          default: 1,
          min: 1,
          max: 10_000,
          unit: 'epochs',
          help: 'Epochs until the next layers join. The head starts alone.'
        }),
        layers_per_phase: integer({
          default: 1,
          min: 1,
          max: 1000,
          unit: 'layers',
          help: 'Layers that join each time, from the last.'
        }),
        stop_at_layer: integer({
          default: 0,
          max: 9999,
          help: 'The lowest layer that ever joins, counted from 0. Embeddings join after layer 0 where the method trains them.'
        })
      },
      {}
    ),
    { help: 'Trains the head first and then one layer after the other, from the last. Helps small data sets. Null turns it off.' }
  ),
  logging_steps: integer({ default: 1, min: 1, unit: 'steps', help: 'Reports progress every this many optimizer steps.' }),
  save_steps: optional(integer({ min: 1, unit: 'steps' }), {
    help: 'Also takes a checkpoint every this many optimizer steps.',
    derived: 'at each evaluation, and so often that at most a minute is lost'
  }),
  seed: integer({
    default: 42,
    max: largestSeed,
    help: 'Decides every random draw: the split, the new weights, the order of rows, dropout. The same seed gives the same result.'
  }),
  seeds: list(integer({ max: largestSeed }), {
    default: [],
    max: 100,
    unique: true,
    help: 'Trains once with each of these seeds, on the split that seed gives, and reports the mean and spread.'
  })
}

const machine = {
  device: choice({
    values: ['cpu', 'cuda', 'webgpu', 'directml', 'auto'],
    default: 'cpu',
    help: 'What computes the training: the processor, an NVIDIA card (CUDA pack), or a graphics card over WebGPU or, on Windows, DirectML. auto takes a card that was measured clearly faster here for a run of this size, else the processor, which also answers later.'
  }),
  tf32: flag({
    default: false,
    help: 'device cuda: multiplies matrices in TF32, several times as fast and with a thousandth of the precision.'
  }),
  precision: choice({
    values: ['float32', 'bf16', 'fp16'],
    default: 'float32',
    help: 'What matrix products are computed in, on a graphics card that can: bf16 (device cuda) or fp16, which scales losses so that small gradients survive. Weights, gradients, losses and the optimizer stay float32.'
  }),
  frozen_weights: choice({
    values: ['float32', 'int8'],
    default: 'float32',
    help: 'int8: while training, the frozen layers compute forward in 8 bits, which takes LoRA a quarter less time on processors with VNNI. What it costs is measured before training. Gradients, validation, test and exports stay in float32.'
  }),
  threads: optional(either([integer({ min: 1, max: 1024 }), choice({ values: ['auto'] })], {}), {
    help: 'Processor threads; a run keeps its number, also where it goes on later. A different number can change the last digits of the results.',
    derived: 'the quickest number as timed on this PC (auto), or one for each physical core where a run is short'
  }),
  memory_limit: optional(bytes({ min: 2 ** 26 }), {
    help: 'The most memory the run may take, e.g. `4 GB`. A run that cannot fit is refused before it starts.',
    derived: 'what is free'
  }),
  gradient_checkpointing: either([integer({ max: 9999, unit: 'layers' }), flag({}), choice({ values: ['auto'] })], {
    default: 'auto',
    help: 'Computes what layers give a second time in the backward pass instead of keeping it: less memory, more time, the same result. true: wherever that saves memory; a number: of so many, from the first that learns; auto: of as few as make the run fit.'
  }),
  cache: group(
    {
      prefix: flag({
        default: true,
        help: 'Computes the layers below the first trained one only once. They then run without dropout.'
      }),
      budget: bytes({
        default: '4 GB',
        help: 'The most disk space for that. Without enough of it the layers are computed each time.'
      })
    },
    { default: {}, help: 'Keeps on disk what does not change during training.' }
  )
}

const results = {
  bootstrap_resamples: integer({
    default: 1000,
    max: 100_000,
    help: 'Resamples behind the 95 % intervals of the metrics. 0 gives no intervals.'
  }),
  baselines: flag({
    default: true,
    help: 'Also measures what needs no training (the majority class, keywords and the untouched model; a dictionary of the marked passages), to show what training has gained.'
  })
}

/** The `training` section of run.yaml; names as in transformers.TrainingArguments where it has them. */
export const trainingOptions = {
  ...length,
  ...optimizerOptions,
  ...inputOptions,
  ...loss,
  ...course,
  ...machine,
  ...results
}

export type TrainingOptions = OptionsOf<typeof trainingOptions>
