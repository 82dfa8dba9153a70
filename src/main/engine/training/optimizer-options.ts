import { choice, decimal, either, group, integer, list, optional, text } from '../../base/options.ts'
import type { ScheduleId } from '../optimizers/schedules.ts'
import type { OptimizerId } from '../optimizers/state.ts'

const optimizers = ['adamw', 'adamw_8bit', 'adam', 'sgd'] as const satisfies readonly OptimizerId[]
const schedules = [
  'linear',
  'cosine',
  'cosine_with_restarts',
  'polynomial',
  'constant',
  'constant_with_warmup',
  'slanted_triangular'
] as const satisfies readonly ScheduleId[]

const learningRate = decimal({ above: 0, max: 10 })

const kwargs = group(
  {
    num_cycles: optional(decimal({ above: 0, max: 1000 }), {
      help: 'cosine: waves, 0.5 falls once from the top to zero. cosine_with_restarts: how often it starts anew.',
      derived: '0.5 for cosine, 1 for cosine_with_restarts'
    }),
    power: optional(decimal({ above: 0, max: 100 }), { help: 'polynomial: the exponent.', derived: '1' }),
    lr_end: optional(decimal({ max: 10 }), { help: 'polynomial: the learning rate at the end.', derived: '1e-7' }),
    cut_frac: optional(decimal({ above: 0, below: 1 }), {
      help: 'slanted_triangular: share of the steps in which the rate rises.',
      derived: '0.1'
    }),
    ratio: optional(decimal({ min: 1, max: 1e6 }), {
      help: 'slanted_triangular: how many times lower than the top the lowest rate is.',
      derived: '32'
    })
  },
  { default: {}, help: 'Settings of the schedule. Each belongs to the schedules that its description names.' }
)

/** Learning rates, schedules and the optimizer; names as in transformers.TrainingArguments where it has them. */
export const optimizerOptions = {
  learning_rate: optional(learningRate, {
    help: 'How far each step moves the weights; the setting that matters most.',
    derived: 'by method: full and last_n 5e-5, lora and bitfit 5e-4, head 1e-3'
  }),
  lr_scheduler_type: choice({
    values: schedules,
    default: 'linear',
    help: 'How the learning rate changes during training.'
  }),
  lr_scheduler_kwargs: kwargs,
  warmup_ratio: optional(decimal({ below: 1 }), {
    help: 'Share of the steps in which the learning rate rises from zero.',
    derived: '0.06; 0 where warmup_steps is given or the schedule has no warm-up'
  }),
  warmup_steps: integer({ default: 0, unit: 'steps', help: 'The same as a number of steps. Give this or warmup_ratio.' }),
  optim: choice({
    values: optimizers,
    default: 'adamw',
    help: 'The optimizer. adamw suits nearly always; adamw_8bit keeps a quarter of its state in memory and takes a little longer; sgd keeps half.'
  }),
  adam_beta1: decimal({ default: 0.9, below: 1, help: 'adamw, adamw_8bit, adam: how slowly the mean of the gradients changes.' }),
  adam_beta2: decimal({
    default: 0.999,
    below: 1,
    help: 'adamw, adamw_8bit, adam: how slowly the mean of the squared gradients changes.'
  }),
  adam_epsilon: decimal({ default: 1e-8, above: 0, max: 1, help: 'adamw, adamw_8bit, adam: keeps a division from overflowing.' }),
  momentum: decimal({ default: 0.9, below: 1, help: 'sgd: share of the last step that is carried into the next.' }),
  weight_decay: decimal({
    default: 0.01,
    max: 10,
    help: 'Pulls weights towards zero, which dampens overfitting. Biases and normalisation weights are left out.'
  }),
  max_grad_norm: decimal({ default: 1, max: 1e6, help: 'Gradients longer than this are shortened to it. 0 turns this off.' }),
  layerwise_lr_decay: decimal({
    default: 1,
    above: 0,
    max: 1,
    help: 'The learning rate of each layer as a share of the one above it; embeddings get the least. 1 gives all the same.'
  }),
  head_learning_rate: optional(learningRate, {
    help: 'A learning rate of its own for the head of the task. Give this or head_lr_ratio.'
  }),
  head_lr_ratio: optional(decimal({ above: 0, max: 10_000 }), {
    help: "The head's learning rate as a multiple of learning_rate; 10 is a common start for full fine-tuning. Null gives it the same."
  }),
  parameter_groups: list(
    group(
      {
        modules: either([list(text({ maxLength: 500 }), { min: 1 }), text({ format: 'pattern', maxLength: 500 })], {
          help: 'The modules meant, with all inside them: a list of names (a name stands for paths that end in it) or one regular expression for the whole path.'
        }),
        learning_rate: optional(learningRate, { help: "The group's learning rate; layerwise_lr_decay does not change it." }),
        weight_decay: optional(decimal({ max: 10 }), { help: "The group's weight decay." }),
        lr_scheduler_type: optional(choice({ values: schedules }), { help: "The group's schedule." }),
        lr_scheduler_kwargs: kwargs
      },
      {}
    ),
    {
      default: [],
      max: 100,
      help: "Learning rate, weight decay and schedule for some modules alone. The first group that names a weight's module decides."
    }
  )
}
