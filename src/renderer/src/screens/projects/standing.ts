import type { RunSummary } from '../../../../preload/contract/runs.ts'
import { decimal } from '../../lib/format.ts'
import { words } from '../../lib/words/index.ts'
import { metricName } from '../../lib/words/metrics.ts'
import { isActive } from '../../state/app.svelte.ts'

/** How a run stands, in a few words: `▶ 41 % · 3 min left`, `Macro-F1 0.88`, `paused`. */
export function standing(run: RunSummary): string {
  if (run.state === 'running') {
    const share = words.runs.share(run.step, run.totalSteps)
    return run.secondsLeft === null ? `▶ ${share}` : `▶ ${share} · ${words.common.left(run.secondsLeft)}`
  }
  if (isActive(run)) return words.runs.states[run.state]
  if (run.test) return `${metricName(run.test.metric)} ${decimal(run.test.measured.value)}`
  return words.runs.states[run.state]
}
