import { absRule } from './abs.ts'
import { addRule } from './add.ts'
import { castRule } from './cast.ts'
import { concatRule } from './concat.ts'
import { divRule } from './div.ts'
import { erfRule } from './erf.ts'
import { expRule } from './exp.ts'
import { expandRule } from './expand.ts'
import { fastGeluRule } from './fast-gelu.ts'
import { fusedMatMulRule } from './fused-mat-mul.ts'
import { gatherElementsRule } from './gather-elements.ts'
import { gatherRule } from './gather.ts'
import { geluRule } from './gelu.ts'
import { gemmRule } from './gemm.ts'
import { hardSigmoidRule } from './hard-sigmoid.ts'
import { identityRule } from './identity.ts'
import { layerNormalizationRule } from './layer-normalization.ts'
import { logSoftmaxRule } from './log-softmax.ts'
import { logRule } from './log.ts'
import { matMulRule } from './mat-mul.ts'
import { maxRule } from './max.ts'
import { minRule } from './min.ts'
import { mulRule } from './mul.ts'
import { negRule } from './neg.ts'
import { padRule } from './pad.ts'
import { powRule } from './pow.ts'
import { quickGeluRule } from './quick-gelu.ts'
import { reciprocalRule } from './reciprocal.ts'
import { reduceSumRule, reduceMeanRule, reduceSumSquareRule, reduceMaxRule } from './reductions.ts'
import { reluRule } from './relu.ts'
import { reshapeRule } from './reshape.ts'
import { scatterElementsRule } from './scatter-elements.ts'
import { sigmoidRule } from './sigmoid.ts'
import { sliceRule } from './slice.ts'
import { softmaxRule } from './softmax.ts'
import { softplusRule } from './softplus.ts'
import { sqrtRule } from './sqrt.ts'
import { squeezeRule } from './squeeze.ts'
import { subRule } from './sub.ts'
import { tanhRule } from './tanh.ts'
import { transposeRule } from './transpose.ts'
import { unsqueezeRule } from './unsqueeze.ts'
import { whereRule } from './where.ts'
import { allOps } from '../../graph/ops/index.ts'
import type { Rule } from '../define-rule.ts'

/** How gradients flow through each differentiable op. */
export const rules: readonly Rule[] = [
  absRule,
  addRule,
  castRule,
  concatRule,
  divRule,
  erfRule,
  expRule,
  expandRule,
  fastGeluRule,
  fusedMatMulRule,
  gatherElementsRule,
  gatherRule,
  geluRule,
  gemmRule,
  hardSigmoidRule,
  identityRule,
  layerNormalizationRule,
  logSoftmaxRule,
  logRule,
  matMulRule,
  maxRule,
  minRule,
  mulRule,
  negRule,
  padRule,
  powRule,
  quickGeluRule,
  reciprocalRule,
  reduceSumRule,
  reduceMeanRule,
  reduceSumSquareRule,
  reduceMaxRule,
  reluRule,
  reshapeRule,
  scatterElementsRule,
  sigmoidRule,
  sliceRule,
  softmaxRule,
  softplusRule,
  sqrtRule,
  squeezeRule,
  subRule,
  tanhRule,
  transposeRule,
  unsqueezeRule,
  whereRule
]

/** Ops whose output does not change with a small change of the input, or that take no floats: no gradient flows, by mathematics. */
export const nonDifferentiable = [
  allOps.Equal,
  allOps.Greater,
  allOps.Less,
  allOps.Not,
  allOps.IsNaN,
  allOps.Sign,
  allOps.OneHot,
  allOps.Shape,
  allOps.ConstantOfShape
] as const

/** Ops used only where no gradient passes: masks made from integers. Meeting one on a gradient's path is an error. */
export const forwardOnly = [allOps.DequantizeLinear] as const
