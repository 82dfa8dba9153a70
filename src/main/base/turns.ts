import { setImmediate } from 'node:timers/promises'

/** Long work in small parts: it yields where other work may have its turn. */
export type Turns<T> = Generator<undefined, T, undefined>

/** Milliseconds that a turn takes at most, give or take one part of the work. */
const TURN = 12

/** Does the work in one go. */
export function atOnce<T>(work: Turns<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}

/** Does the work once everything that this turn began is under way: what other threads compute then goes on beside it. */
export async function afterTurn<T>(work: () => Promise<T>): Promise<T> {
  await setImmediate()
  return work()
}

/** Does the work in turns between which the process answers to others: the result is the same, later. */
export async function inTurns<T>(work: Turns<T>): Promise<T> {
  for (;;) {
    const until = performance.now() + TURN
    do {
      const { done, value } = work.next()
      if (done === true) return value
    } while (performance.now() < until)
    await setImmediate()
  }
}
