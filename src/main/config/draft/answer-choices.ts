import { adapterChoices } from './adapter-choices.ts'
import type { Choice, Circumstances } from './thoroughness.ts'

/** From Quick to Thorough, for a run that answers questions: how often the questions are read, and how long a pause in improvement is waited out. */
const steps = [
  { epochs: 6, rank: 8, patience: 4 },
  { epochs: 10, rank: 8, patience: 5 },
  { epochs: 14, rank: 16, patience: 6 },
  { epochs: 20, rank: 16, patience: 8 },
  { epochs: 30, rank: 32, patience: 10 }
] as const

/** Tokens of a window: the question takes its part of each. */
const WINDOW = 192
/** Of larger models, which the usual datasets of questions are read with. */
const LONG_WINDOW = 384

/**
 * The settings that a position of the slider stands for where questions are answered; for models of the practice model's size (`isSmall`) those with which
 * that model was measured (docs/decisions/0041).
 */
export function answerChoices(thoroughness: number, circumstances: Circumstances, isSmall: boolean): readonly Choice[] {
  const step = steps[thoroughness] ?? steps[2]
  const window = isSmall ? WINDOW : LONG_WINDOW
  return [
    ...(isSmall ? wholeModel : adapterChoices('Enough room for the questions; more only where more is learned.', step.rank)),
    {
      path: 'training.num_train_epochs',
      value: isSmall ? step.epochs : Math.ceil(step.epochs / 5),
      why: 'How often the questions are read at most. Training ends earlier when validation no longer improves.'
    },
    {
      path: 'training.max_length',
      value: Math.min(window, circumstances.maxTokens ?? window),
      why: 'Question and text together. Longer texts are read in windows that overlap by a quarter and repeat the question, so that nothing is cut.'
    },
    {
      path: 'training.per_device_train_batch_size',
      value: 8,
      why: 'Each question teaches two places of its text alone: small batches make more steps of the same questions.'
    },
    { path: 'training.early_stopping.patience', value: step.patience, why: 'How long a pause in improvement is waited out.' },
    ...ofAnswers
  ]
}

const wholeModel: readonly Choice[] = [
  {
    path: 'method.type',
    value: 'full',
    why: 'A model as small as this is trained whole in little memory; an add-on (LoRA) came to about the same on the practice contracts.'
  },
  {
    path: 'training.learning_rate',
    value: 1e-3,
    why: 'A small model needs larger steps than the models that the usual rate was found for.'
  },
  {
    path: 'training.weight_decay',
    value: 0.01,
    why: 'Keeps the weights from growing while few questions are read often.'
  }
]

/** What stays as declared, with the reason for it: these are the settings that people ask about. */
const ofAnswers: readonly Choice[] = [
  {
    path: 'head.max_answer_length',
    value: 30,
    why: 'Names, dates and amounts are shorter. Raise it for whole clauses: how many answers are longer is said before the start.'
  },
  {
    path: 'head.n_best_size',
    value: 20,
    why: 'Enough beginnings and ends to find the best pair; more change the confidence alone, and hardly.'
  }
]
