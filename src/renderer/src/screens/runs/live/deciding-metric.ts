import type { Curves, RunSummary } from '../../../../../preload/contract/runs.ts'

/** A metric that people look for beside the one that decides. */
export const BESIDE: Readonly<Record<string, string>> = { answer_f1: 'exact_match' }

/** The metric that chooses the best weights: the run says it; until then the first that an evaluation brought. */
export function decidingMetric({ best }: RunSummary, { evaluations }: Curves): string {
  const [metric] = Object.keys(evaluations[0]?.metrics ?? {}).filter((name) => name !== 'loss')
  return best?.metric ?? metric ?? 'macro_f1'
}
