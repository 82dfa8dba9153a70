import { adapterChoices } from './adapter-choices.ts'
import type { Choice, Circumstances } from './thoroughness.ts'

/** From Quick to Thorough, for a run that finds passages: how often the texts are read, and how long a pause in improvement is waited out. */
const steps = [
  { epochs: 14, rank: 8, patience: 4 },
  { epochs: 20, rank: 8, patience: 6 },
  { epochs: 30, rank: 16, patience: 8 },
  { epochs: 45, rank: 16, patience: 10 },
  { epochs: 60, rank: 32, patience: 12 }
] as const

/** Windows overlap and nothing is cut, so that a longer one buys context alone. */
const WINDOW = 256

/**
 * The settings that a position of the slider stands for where passages are found; for models of the practice model's size (`isSmall`) those with
 * which that model was measured (docs/decisions/0035).
 */
export function markChoices(thoroughness: number, circumstances: Circumstances, isSmall: boolean): readonly Choice[] {
  const step = steps[thoroughness] ?? steps[2]
  return [
    ...(isSmall
      ? wholeModel
      : adapterChoices('Enough room for the kinds and their borders; more only where more is learned.', step.rank)),
    {
      path: 'training.num_train_epochs',
      value: isSmall ? step.epochs : Math.ceil(step.epochs / 2),
      why: 'How often the texts are read at most; borders of passages are learned late. Training ends earlier when validation no longer improves.'
    },
    {
      path: 'training.max_length',
      value: Math.min(WINDOW, circumstances.maxTokens ?? WINDOW),
      why: 'Longer texts are read in windows of this length that overlap by a quarter, so that nothing of them is cut.'
    },
    {
      path: 'training.per_device_train_batch_size',
      value: 8,
      why: 'A text gives many words to learn from at once: small batches make more steps of the same texts.'
    },
    {
      path: 'training.early_stopping.patience',
      value: step.patience,
      why: 'How long a pause in improvement is waited out. It is counted only once some passage is found right.'
    },
    ...ofTags
  ]
}

const wholeModel: readonly Choice[] = [
  {
    path: 'method.type',
    value: 'full',
    why: 'All of a model as small as this has to learn new words: an add-on (LoRA) was far behind, F1 0.21 against 0.76 after six epochs of practice letters.'
  },
  {
    path: 'training.learning_rate',
    value: 1e-3,
    why: 'A small model needs larger steps than the models that the usual rate was found for.'
  },
  {
    path: 'training.weight_decay',
    value: 0.01,
    why: 'Keeps the weights from growing while few texts are read often.'
  }
]

/** What stays as declared, with the reason for it: these are the settings that people ask about. */
const ofTags: readonly Choice[] = [
  {
    path: 'head.scheme',
    value: 'BIO',
    why: 'Two tags for each kind. BILOU has four, which tell more of borders but are each seen less often: worth a try with many texts.'
  },
  {
    path: 'head.labelled',
    value: 'first',
    why: 'One tag for each word, so that a word is never half in a passage. Choose all where marks end inside words.'
  },
  {
    path: 'head.crf',
    value: false,
    why: 'Tags that cannot follow each other are ruled out without it. It also learns which usually do: hardly better on practice letters, and slower.'
  },
  {
    path: 'training.class_weights',
    value: 'none',
    why: 'Most words are in no passage, and that is so in new texts too. Weights for the kinds find more and invent more.'
  }
]
