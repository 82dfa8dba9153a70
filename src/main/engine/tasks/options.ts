import { choice, flag, integer, list, optional, type OptionsOf } from '../../base/options.ts'

export const taskNames = ['text-classification', 'token-classification', 'question-answering', 'regression', 'masked-lm'] as const
export type TaskName = (typeof taskNames)[number]

export const problemType = optional(choice({ values: ['single_label_classification', 'multi_label_classification'] }), {
  help: 'Whether a text has exactly one label, or any number of them in one cell, divided by label_separator.',
  derived: 'multi-label where label_separator is given, else single-label'
})

/** The layers that turn the hidden states into an answer. */
export const headOptions = {
  pooling: choice({
    values: ['default', 'cls', 'mean', 'max'],
    default: 'default',
    help: "What of a text goes into the head: the family's own choice, the first token, or the mean or maximum over all tokens."
  }),
  hidden_sizes: list(integer({ min: 1, max: 16_384, unit: 'units' }), {
    default: [],
    max: 4,
    help: "Widths of extra layers in the head, from the text to the answer. Empty keeps the family's own head."
  }),
  init: choice({
    values: ['default', 'xavier_uniform', 'kaiming_uniform'],
    default: 'default',
    help: "How the new layers start: the family's own normal distribution, Xavier (Glorot) or Kaiming (He). The seed decides the draw."
  })
}

export type HeadOptions = OptionsOf<typeof headOptions>

/** How passages are told by tags, and the layer that gives them. */
export const tagOptions = {
  scheme: choice({
    values: ['BIO', 'BILOU'],
    default: 'BIO',
    help: 'The tags that tell of passages. BILOU also marks the last word, and passages of one word; it needs more examples.'
  }),
  labelled: choice({
    values: ['first', 'all'],
    default: 'first',
    help: 'Which tokens are tagged: the first of each word (a run of letters and digits, or one other character), or all.'
  }),
  decoding: choice({
    values: ['constrained', 'independent'],
    default: 'constrained',
    help: 'constrained: the likeliest tags that make whole passages. independent: the likeliest tag of each word, whatever stands beside it.'
  }),
  crf: flag({
    default: false,
    help: 'Adds a conditional random field: which tags follow each other is learned, and whole sequences are judged. Slower; may help with few examples.'
  }),
  init: headOptions.init
}

export type TagOptions = OptionsOf<typeof tagOptions>

/** How answers are found in texts, and the layer that scores their first and last token. */
export const answerOptions = {
  max_answer_length: integer({
    default: 30,
    min: 1,
    max: 10_000,
    unit: 'tokens',
    help: 'The longest answer that is given. Answers of a clause need more than the usual 30.'
  }),
  n_best_size: integer({
    default: 20,
    min: 1,
    max: 1000,
    unit: 'answers',
    help: 'How many beginnings and ends of each window are tried with each other, and how many answers are weighed against none.'
  }),
  init: headOptions.init
}

export type AnswerOptions = OptionsOf<typeof answerOptions>

export const targetScaling = choice({
  values: ['standard', 'none'],
  default: 'standard',
  help: 'Whether the numbers to be learned are brought to mean 0 and standard deviation 1 while training. Results are in the original unit.'
})
