import type { SettingValue } from '../../../preload/contract/common.ts'
import type { Roles } from '../../../preload/contract/data.ts'
import { answerChoices } from './answer-choices.ts'
import { markChoices } from './mark-choices.ts'

/** One setting that the slider chooses, and why it has this value. */
export interface Choice {
  readonly path: string
  readonly value: SettingValue
  readonly why: string
}

/** The setting that says what computes. */
export const DEVICE = 'training.device'

export const MOST_THOROUGH = 4

/** From Quick to Thorough: what a step more buys is seen rows, length of text and room in the adapter. */
const steps = [
  { epochs: 2, rank: 4, length: 128, patience: 2 },
  { epochs: 3, rank: 8, length: 192, patience: 2 },
  { epochs: 6, rank: 8, length: 256, patience: 3 },
  { epochs: 10, rank: 16, length: 384, patience: 4 },
  { epochs: 15, rank: 32, length: 512, patience: 5 }
] as const

/** What is known of a run before any setting is chosen. */
export interface Circumstances {
  readonly task: Roles['task']
  /** Of the model; null where it could not be read. */
  readonly parameters: number | null
  readonly maxTokens: number | null
  readonly mustNotMiss: string | null
  /** The data say that rare classes count more. */
  readonly weighsClasses?: boolean
  /** Whether a graphics card of this PC passed its test. */
  readonly hasCard?: boolean
  /** Threads for a run that leaves half of the machine alone; null for all. */
  readonly threads: number | null
}

/** The settings that a position of the slider stands for. Everything else has the default of its declaration. */
export function choicesFor(thoroughness: number, circumstances: Circumstances): readonly Choice[] {
  const position = Math.min(MOST_THOROUGH, Math.max(0, Math.round(thoroughness)))
  return [...choicesOf(position, circumstances), ...threadsFor(circumstances), ...deviceFor(circumstances)]
}

function choicesOf(position: number, circumstances: Circumstances): readonly Choice[] {
  const small = isSmall(circumstances)
  if (circumstances.task === 'token-classification') return markChoices(position, circumstances, small)
  return circumstances.task === 'question-answering'
    ? answerChoices(position, circumstances, small)
    : textChoices(position, circumstances)
}

/** Those of a run that answers whole texts. */
function textChoices(position: number, circumstances: Circumstances): readonly Choice[] {
  const step = steps[position] ?? steps[2]
  return [
    { path: 'method.type', value: 'lora', why: 'A small add-on learns nearly as much as the whole model, in far less memory.' },
    { path: 'method.r', value: step.rank, why: 'Enough room for the task; more only where more is learned.' },
    {
      path: 'method.lora_alpha',
      value: 2 * step.rank,
      why: 'Twice the rank, so that the add-on is equally strong at every rank.'
    },
    {
      path: 'method.target_modules',
      value: 'all-linear',
      why: 'An add-on on every layer reaches what full fine-tuning reaches; on query and value alone it often does not.'
    },
    ...headFor(circumstances),
    {
      path: 'training.num_train_epochs',
      value: isSmall(circumstances) ? Math.round((step.epochs * 5) / 3) : step.epochs,
      why: 'How often the rows are seen at most; a small model has to see them oftener. Training ends earlier when validation no longer improves.'
    },
    ...lengthOf(step.length, circumstances),
    { path: 'training.early_stopping.patience', value: step.patience, why: 'How long a pause in improvement is waited out.' },
    ...rateFor(circumstances),
    ...weightsFor(circumstances)
  ]
}

/** A larger model keeps the head that its family is known by, which other programs know too. */
function headFor(circumstances: Circumstances): Choice[] {
  const why = 'The mean over all words says more of a text than the first token of a model that was never taught to use it.'
  return isSmall(circumstances) ? [{ path: 'head.pooling', value: 'mean', why }] : []
}

function lengthOf(length: number, { maxTokens }: Circumstances): Choice[] {
  const value = Math.min(length, maxTokens ?? length)
  return [
    {
      path: 'training.max_length',
      value,
      why: 'Time grows with the length of the texts; the rest of longer ones is cut and counted.'
    }
  ]
}

/** Of the practice model's size: what follows from it was found with that model (resources/sample/letters.yaml). */
const isSmall = ({ parameters }: Circumstances): boolean => parameters !== null && parameters < 10e6

/** Models of the usual size take the declared default; 1e-3 in between is a guess that nothing measured yet supports. */
function rateFor(circumstances: Circumstances): Choice[] {
  const { parameters } = circumstances
  if (parameters === null || parameters >= 50e6) return []
  const value = isSmall(circumstances) ? 2e-3 : 1e-3
  return [
    ...(isSmall(circumstances) ? dropoutOff : []),
    {
      path: 'training.learning_rate',
      value,
      why: 'A small model needs larger steps than the models that the usual rate was found for.'
    }
  ]
}

const dropoutOff: readonly Choice[] = ['training.hidden_dropout_prob', 'training.attention_probs_dropout_prob'].map((path) => ({
  path,
  value: 0,
  why: 'A model as small as this has nothing to spare: leaving parts of it out at random slows it more than it helps.'
}))

function weightsFor({ mustNotMiss, weighsClasses }: Circumstances): Choice[] {
  if (weighsClasses === true)
    return [{ path: 'training.class_weights', value: 'balanced', why: 'The data say that rare classes count more.' }]
  if (mustNotMiss === null) return []
  const why = 'A class that must not be missed counts more where it is rare.'
  return [{ path: 'training.class_weights', value: 'balanced', why }]
}

function threadsFor({ threads }: Circumstances): Choice[] {
  if (threads === null) return []
  return [{ path: 'training.threads', value: threads, why: 'Half of the processor, so that you can go on working.' }]
}

function deviceFor({ hasCard }: Circumstances): Choice[] {
  if (hasCard !== true) return []
  return [
    {
      path: DEVICE,
      value: 'auto',
      why: 'A graphics card of this PC passed its test: it computes what it computes clearly faster.'
    }
  ]
}
