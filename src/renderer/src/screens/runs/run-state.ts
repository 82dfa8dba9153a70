import type { RunSummary } from '../../../../preload/contract/runs.ts'
import { words } from '../../lib/words/index.ts'

/** Tested, so that its screen is the result; a run stopped by hand keeps its result too. One of a sweep waits for being chosen. */
export const hasResult = ({ state, test, sweep }: RunSummary): boolean =>
  (state === 'finished' && (test !== null || sweep === null)) || (state === 'stopped' && test !== null)

/** How a run stands, in a word. */
export function standingOf({ state, interruption, failure }: RunSummary): string {
  if (interruption === 'poorer') return words.sweep.ended
  if (interruption === 'battery') return words.supervision.onBattery
  if (state === 'failed' && failure?.code.endsWith('-disconnected')) return words.supervision.disconnected
  return words.runs.states[state]
}
