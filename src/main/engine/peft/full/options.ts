import { flag, list, text, type OptionsOf } from '../../../base/options.ts'
import type { LearningRateAdvice } from '../learning-rate.ts'

export const fullOptions = {
  freeze_embeddings: flag({
    default: false,
    help: 'Leaves the embeddings as they are. Saves much memory on models with large vocabularies, and keeps what rare words mean.'
  }),
  freeze: list(text({ format: 'pattern', maxLength: 500 }), {
    default: [],
    max: 100,
    help: 'Regular expressions. Every weight whose name one of them matches anywhere stays as it is, e.g. `encoder\\.layer\\.[0-3]\\.`.'
  })
}

export type FullOptions = OptionsOf<typeof fullOptions>

/** transformers' own default; 1e-6 to 1e-4 protects what the model knows. */
export const fullLearningRate: LearningRateAdvice = { default: 5e-5, usual: [1e-6, 1e-4] }
