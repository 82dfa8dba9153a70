import type { Curves, RunSummary } from '../../../../../preload/contract/runs.ts'

/** A metric that people look for beside the one that decides. */
export const BESIDE: Readonly<Record<string, string>> = { answer_f1: 'exact_match' }

/** What decides where nobody chose another metric. */
const USUAL: Readonly<Record<RunSummary['task'], string>> = {
  'text-classification': 'macro_f1',
  'token-classification': 'micro_f1',
  'question-answering': 'answer_f1',
  regression: 'rmse',
  'masked-lm': 'loss'
}

/** The metric that chooses the best weights: the run says it; until then the first that an evaluation brought, and before that the usual one. */
export function decidingMetric({ best, task }: RunSummary, { evaluations }: Curves): string {
  const [metric] = Object.keys(evaluations[0]?.metrics ?? {}).filter((name) => name !== 'loss')
  return best?.metric ?? metric ?? USUAL[task]
}
