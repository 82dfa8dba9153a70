import type { OptionsOf } from '../../../base/options.ts'
import type { LearningRateAdvice } from '../learning-rate.ts'

/** BitFit trains every bias; there is nothing to choose. */
export const bitfitOptions = {}

export type BitfitOptions = OptionsOf<typeof bitfitOptions>

/** arXiv:2106.10199 searched 1e-4 to 1e-3. */
export const bitfitLearningRate: LearningRateAdvice = { default: 5e-4, usual: [1e-4, 2e-3] }
