export * from './baselines/index.ts'
export type { ReliabilityBin } from './bins.ts'
export { fitLabelTemperatures, fitTemperature, fitThresholds, sigmoidRows, softmaxRows } from './calibration.ts'
export type { Logits } from './calibration.ts'
export { classificationMetrics } from './classification.ts'
export type { ClassificationData, ClassificationKey } from './classification.ts'
export type { Baseline, BaselineComparison, DifferenceTest, TestMethod } from './compare.ts'
export { comparePairs } from './compare-pairs.ts'
export type { PairComparison } from './compare-pairs.ts'
export { numberGroups } from './intervals.ts'
export type { Estimate, ResampleOptions } from './intervals.ts'
export { multiLabelMetrics } from './multi-label.ts'
export type { MultiLabelData, MultiLabelKey } from './multi-label.ts'
export { regressionMetrics } from './regression.ts'
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
