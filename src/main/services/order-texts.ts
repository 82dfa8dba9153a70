import { finishedOf } from '../runs/outcome.ts'
import type { RunTask } from '../runs/serving/standby.ts'

/** Puts texts in an order in which each is unlike those before it and those that are labelled, in a process of its own. */
export const makeOrder =
  (runTask: RunTask, entry: string) =>
  async (texts: readonly string[], labelled: readonly string[]): Promise<readonly number[]> => {
    const outcome = await runTask({ kind: 'order-texts', texts, labelled }, { entry, onEvent: () => undefined })
    return finishedOf(outcome)['places'] as readonly number[] // Made by the trainer.
  }
