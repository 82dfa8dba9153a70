import type { RunId } from '../../../preload/contract/common.ts'
import type { RunSummary } from '../../../preload/contract/runs.ts'

/** What is needed of the runs. */
export interface Holdable {
  readonly list: () => readonly Pick<RunSummary, 'id' | 'state' | 'place'>[]
  readonly pause: (id: RunId) => void
  readonly resume: (id: RunId) => void
}

const underWay = new Set<RunSummary['state']>(['preparing', 'running', 'testing'])
const LOOK_EVERY = 50

/** The run that is under way, if one is. */
export function runUnderWay<Run extends Pick<RunSummary, 'state'>>(runs: readonly Run[]): Run | null {
  return runs.find(({ state }) => underWay.has(state)) ?? null
}

/**
 * Pauses what waits, then what is under way, and resolves once nothing is: a trainer that began without keys must not write on. Returns the function that
 * lets them go on, in their order.
 */
export async function holdRuns(runs: Holdable): Promise<() => void> {
  const waiting = runs.list().filter(({ state }) => state === 'queued')
  const inOrder = waiting.toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0))
  for (const { id } of inOrder) runs.pause(id)
  const active = runUnderWay(runs.list())
  if (active) runs.pause(active.id)
  while (runUnderWay(runs.list())) await new Promise((done) => setTimeout(done, LOOK_EVERY))
  const held = [...(active ? [active] : []), ...inOrder]
  return () => {
    const now = new Map(runs.list().map(({ id, state }) => [id, state]))
    // Some may have been discarded meanwhile, and one may have ended by itself.
    for (const { id } of held) if (now.get(id) === 'paused') runs.resume(id)
  }
}
