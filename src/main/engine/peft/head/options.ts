import type { OptionsOf } from '../../../base/options.ts'
import type { LearningRateAdvice } from '../learning-rate.ts'

/** A linear probe has nothing to choose. */
export const headOptions = {}

export type HeadOptions = OptionsOf<typeof headOptions>

/** A new layer on frozen features stands a high rate. */
export const headLearningRate: LearningRateAdvice = { default: 1e-3, usual: [1e-4, 1e-1] }
