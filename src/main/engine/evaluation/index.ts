export * from './baselines/index.ts'
export { BINS } from './bins.ts'
export type { ReliabilityBin } from './bins.ts'
export { fitLabelTemperatures, fitTemperature, fitThresholds, sigmoidRows, softmaxRows } from './calibration.ts'
export type { Logits } from './calibration.ts'
export { CLASSIFICATION_KEYS, classificationMetrics, predictedClasses } from './classification.ts'
export type { ClassificationData, ClassificationKey } from './classification.ts'
export { isLowerBetter, SIGNIFICANCE } from './compare.ts'
export type { Baseline, BaselineComparison, DifferenceTest, TestMethod } from './compare.ts'
export { bootstrap, numberGroups, wilson } from './intervals.ts'
export type { Estimate, ResampleOptions } from './intervals.ts'
export { MULTI_LABEL_KEYS, multiLabelMetrics, predictedLabels } from './multi-label.ts'
export type { MultiLabelData, MultiLabelKey } from './multi-label.ts'
export { holm, mcnemarExact, signFlipTest } from './paired.ts'
export { REGRESSION_KEYS, regressionMetrics } from './regression.ts'
export type { RegressionData, RegressionKey } from './regression.ts'
export { evaluate } from './report-data.ts'
export type {
  ClassRow,
  ConfidenceBar,
  EvaluationInput,
  EvaluationOptions,
  EvaluationResult,
  IntervalMethod,
  MultiLabelResult,
  RegressionResult,
  SingleLabelResult,
  TaskKind
} from './results.ts'
