import { integer, type OptionsOf } from '../../../base/options.ts'
import type { LearningRateAdvice } from '../learning-rate.ts'

export const lastNOptions = {
  layers: integer({
    default: 2,
    min: 1,
    max: 1000,
    unit: 'layers',
    help: 'How many transformer layers are trained, counted from the last. The less the task resembles the pre-training, the more it needs.'
  })
}

export type LastNOptions = OptionsOf<typeof lastNOptions>

export const lastNLearningRate: LearningRateAdvice = { default: 5e-5, usual: [1e-6, 5e-4] }
