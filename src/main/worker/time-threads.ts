import { openRuntime } from '../engine/runtime/index.ts'
import { timeThreads, type ThreadTrial } from '../engine/training/thread-trial.ts'
import type { FinishedEvent } from './protocol.ts'

/** Times a piece of a step with several numbers of threads in this process, which is thrown away afterwards. */
export async function timeThreadsHere(trial: ThreadTrial, signal: AbortSignal): Promise<FinishedEvent> {
  const now = (): number => performance.now() / 1000
  return { event: 'finished', timed: await timeThreads(trial, { open: (threads) => openRuntime({ threads }), now, signal }) }
}
