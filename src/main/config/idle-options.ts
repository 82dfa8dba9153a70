import { group } from '../base/options.ts'
import { trainingOptions, type TrainingOptions } from '../engine/training/options.ts'
import type { Contradiction } from './contradictions.ts'
import { pathText } from './problem-sentence.ts'
import { readOption } from './read-options.ts'
import { problemOf } from './resolve.ts'
import type { RawRun } from './schema.ts'

interface Need {
  readonly keys: readonly (keyof TrainingOptions)[]
  /** What the options need in order to do anything. */
  readonly needs: string
  readonly isMet: (run: RawRun) => boolean
}

const isClassification = ({ task }: RawRun): boolean => task === 'text-classification' || task === 'token-classification'
/** Whether places in the text are answered, not the text as a whole. */
const isOfPlaces = ({ task }: RawRun): boolean => task === 'token-classification' || task === 'question-answering'

const needs: readonly Need[] = [
  { keys: ['focal_gamma'], needs: 'loss: focal', isMet: ({ training }) => training.loss === 'focal' },
  { keys: ['huber_delta'], needs: 'loss: huber', isMet: ({ training }) => training.loss === 'huber' },
  {
    keys: ['label_smoothing_factor'],
    needs: 'the loss cross_entropy of a text or a word with one label',
    isMet: (run) =>
      (problemOf(run) === 'single_label_classification' || run.task === 'token-classification') && run.training.loss !== 'focal'
  },
  { keys: ['class_weights'], needs: 'task: text-classification or token-classification', isMet: isClassification },
  { keys: ['momentum'], needs: 'optim: sgd', isMet: ({ training }) => training.optim === 'sgd' },
  {
    keys: ['adam_beta1', 'adam_beta2', 'adam_epsilon'],
    needs: 'optim: adamw, adamw_8bit or adam',
    isMet: ({ training }) => training.optim !== 'sgd'
  },
  {
    keys: ['stride'],
    needs: 'truncation: windows',
    isMet: (run) => run.training.truncation === 'windows' || (isOfPlaces(run) && run.training.truncation === null)
  },
  {
    keys: ['window_pooling'],
    needs: 'truncation: windows, and an answer to the whole text',
    isMet: (run) => run.training.truncation === 'windows' && !isOfPlaces(run)
  },
  {
    keys: ['frozen_weights'],
    needs: 'a method that leaves layers frozen (not full), and device: cpu',
    isMet: ({ method, training }) => method.type !== 'full' && training.device === 'cpu'
  },
  { keys: ['head_share'], needs: 'truncation: head_tail', isMet: ({ training }) => training.truncation === 'head_tail' },
  { keys: ['mlm_probability', 'whole_word_mask'], needs: 'task: masked-lm', isMet: ({ task }) => task === 'masked-lm' },
  { keys: ['classifier_dropout'], needs: 'a task with a head of its own', isMet: ({ task }) => task !== 'masked-lm' },
  {
    keys: ['layerwise_lr_decay', 'gradual_unfreezing', 'head_lr_ratio', 'head_learning_rate'],
    needs: 'a method that trains more than the head',
    isMet: ({ method }) => method.type !== 'head'
  }
]

const schedulesOf: Readonly<Record<keyof TrainingOptions['lr_scheduler_kwargs'], readonly string[]>> = {
  num_cycles: ['cosine', 'cosine_with_restarts'],
  power: ['polynomial'],
  lr_end: ['polynomial'],
  cut_frac: ['slanted_triangular'],
  ratio: ['slanted_triangular']
}

/** Options that were changed and would do nothing: better refused than silently ignored. */
export function idleOptions(run: RawRun): readonly Contradiction[] {
  const defaults = readOption(group(trainingOptions, {}), {}).value
  const idle = needs
    .filter(({ isMet }) => !isMet(run))
    .flatMap(({ keys, needs: what }) =>
      keys
        .filter((key) => JSON.stringify(run.training[key]) !== JSON.stringify(defaults[key]))
        .map((key) => contradiction(['training', key], what))
    )
  const { lr_scheduler_type: type, lr_scheduler_kwargs: kwargs, parameter_groups: groups } = run.training
  return [
    ...idle,
    ...idleKwargs(type, kwargs, ['training', 'lr_scheduler_kwargs']),
    ...groups.flatMap((each, index) =>
      idleKwargs(each.lr_scheduler_type ?? type, each.lr_scheduler_kwargs, [
        'training',
        'parameter_groups',
        index,
        'lr_scheduler_kwargs'
      ])
    )
  ]
}

function idleKwargs(
  schedule: string,
  kwargs: TrainingOptions['lr_scheduler_kwargs'],
  path: Contradiction['path']
): readonly Contradiction[] {
  const idle = Object.entries(schedulesOf).filter(
    ([key, schedules]) =>
      Object.entries(kwargs).some(([name, value]) => name === key && value !== null) && !schedules.includes(schedule)
  )
  return idle.map(([key, schedules]) => contradiction([...path, key], `lr_scheduler_type: ${schedules.join(' or ')}`))
}

function contradiction(path: Contradiction['path'], what: string): Contradiction {
  return { path, message: `${pathText(path)} would do nothing: it needs ${what}. Remove it or change that.` }
}
