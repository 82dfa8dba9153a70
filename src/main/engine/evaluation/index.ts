export * from './baselines/index.ts'
export { ANSWER_KEYS, answerMetrics, bestThreshold, scoreAnswer } from './answers.ts'
export type { AnswerKey, NoneChoice, QuestionScore } from './answers.ts'
export { evaluateAnswers } from './answer-results.ts'
export type {
  AnswerBaseline,
  AnswerError,
  AnswerInput,
  AnswerPlace,
  AnswerResult,
  JudgedAnswer,
  NoneThreshold,
  QuestionRow
} from './answer-results.ts'
export { binEvents, calibrationError, reliabilityBins } from './bins.ts'
export type { BinnedEvents, ReliabilityBin } from './bins.ts'
export { fitLabelTemperatures, fitTemperature, fitThresholds, sigmoidRows, softmaxRows } from './calibration.ts'
export type { Logits } from './calibration.ts'
export { classificationMetrics, predictedClasses, topEvents } from './classification.ts'
export type { ClassificationData, ClassificationKey } from './classification.ts'
export type { Baseline, BaselineComparison, DifferenceTest, TestMethod } from './compare.ts'
export { compareGroups } from './compare-groups.ts'
export { compareAnswerPairs } from './compare-answer-pairs.ts'
export type { ScoredAnswers } from './compare-answer-pairs.ts'
export { compareEntityPairs } from './compare-entities.ts'
export { comparePairs } from './compare-pairs.ts'
export type { PairComparison } from './compare-pairs.ts'
export { decide, surenessOf } from './decision.ts'
export type { Alarm } from './decision.ts'
export { entityMetrics, isSameMark } from './entities.ts'
export type { EntityData, EntityKey } from './entities.ts'
export { markErrors } from './entity-errors.ts'
export type { FoundMark, MarkError, MarkErrorKind } from './entity-errors.ts'
export { evaluateEntities } from './entity-results.ts'
export { lostInMarks } from './entity-loss.ts'
export type { LostInMarks } from './entity-loss.ts'
export type { EntityBaseline, EntityError, EntityInput, EntityResult, EntityRow, SoftRow } from './entity-results.ts'
export type { MatchCounts } from './entity-matching.ts'
export { lostInAnswers } from './lost-in-answers.ts'
export { numberGroups, wilson } from './intervals.ts'
export type { Estimate, ResampleOptions } from './intervals.ts'
export { confidentLearning } from './label-errors.ts'
export { fitLearningCurve } from './learning-curve.ts'
export type { CurveFit, CurvePoint } from './learning-curve.ts'
export { membershipTest } from './membership.ts'
export type { Membership, MembershipLevel } from './membership.ts'
export { FEWEST_IN_GROUP, mergeGroups } from './merge-groups.ts'
export type { MergedGroups } from './merge-groups.ts'
export { multiLabelMetrics, predictedLabels } from './multi-label.ts'
export type { MultiLabelData, MultiLabelKey } from './multi-label.ts'
export { regressionMetrics } from './regression.ts'
export type { RegressionData, RegressionKey } from './regression.ts'
export {
  alarmsAtMost,
  bestBalance,
  coverageCurve,
  findingAtLeast,
  keepingRight,
  operatingCurve,
  pointAt,
  rightAtLeast
} from './operating-points.ts'
export type { CoveragePoint, OperatingCurve, OperatingPoint } from './operating-points.ts'
export { rowScores } from './row-scores.ts'
export type { RowScores } from './row-scores.ts'
export { classLosses, labelLosses, squaredErrors } from './row-losses.ts'
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
export { fitTfIdf } from './baselines/tf-idf.ts'
export { kCenterOrder } from './k-center.ts'
export { classAgreement, passageAgreement } from './agreement.ts'
export type { PassageAgreement } from './agreement.ts'
