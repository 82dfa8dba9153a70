export { chooseMultiLabel, chooseRidge, chooseSingleLabel, probeDesigns, tfIdfDesigns } from './choose.ts'
export type { ChooseOptions, LinearBaseline, MultiLabelBaseline, Split, SplitDesigns } from './choose.ts'
export { balancedWeights } from './classifiers.ts'
export { classPrior, labelPrior, mean, repeatRow } from './constant.ts'
