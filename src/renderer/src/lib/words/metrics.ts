const NAMES: Readonly<Record<string, string>> = {
  accuracy: 'Accuracy',
  balanced_accuracy: 'Balanced accuracy',
  macro_f1: 'Macro-F1',
  micro_f1: 'Micro-F1',
  weighted_f1: 'Weighted F1',
  macro_precision: 'Macro-precision',
  macro_recall: 'Macro-recall',
  micro_precision: 'Micro-precision',
  micro_recall: 'Micro-recall',
  weighted_precision: 'Weighted precision',
  weighted_recall: 'Weighted recall',
  exact_f1: 'F1, any kind',
  partial_f1: 'F1, overlap counts half',
  type_f1: 'F1, kind alone',
  answer_f1: 'F1 of answers',
  exact_match: 'Exactly right',
  has_answer_f1: 'F1, with an answer',
  has_answer_exact: 'Exactly right, with an answer',
  no_answer_exact: 'Right, without an answer',
  mcc: 'Matthews correlation',
  kappa: 'Cohen’s kappa',
  log_loss: 'Log loss',
  brier: 'Brier score',
  loss: 'Loss',
  rmse: 'RMSE',
  mae: 'Mean absolute error',
  r2: 'R²',
  pearson: 'Pearson correlation',
  spearman: 'Spearman correlation'
}

/** A metric's name as people write it. */
export const metricName = (id: string): string => NAMES[id] ?? id.replaceAll('_', ' ')
