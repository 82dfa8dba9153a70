const NAMES: Readonly<Record<string, string>> = {
  accuracy: 'Accuracy',
  balanced_accuracy: 'Balanced accuracy',
  macro_f1: 'Macro-F1',
  micro_f1: 'Micro-F1',
  weighted_f1: 'Weighted F1',
  macro_precision: 'Macro-precision',
  macro_recall: 'Macro-recall',
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
