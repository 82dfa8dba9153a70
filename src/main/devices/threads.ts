import { z } from 'zod'
import { counted, listed } from '../base/wording.ts'

/** How long the same work took with so many threads. */
export interface ThreadTime {
  readonly threads: number
  readonly seconds: number
}

/** A number of threads, and what it was chosen by. */
export interface ThreadChoice {
  readonly threads: number
  /** What was timed, the fewest threads first. */
  readonly timed: readonly ThreadTime[]
}

const finished = z.object({
  event: z.literal('finished'),
  timed: z.array(z.object({ threads: z.number().int().positive(), seconds: z.number().positive() })).min(1)
})

/** The times in the last event of the task `time-threads`; null where it failed. */
export function readTimes(outcome: unknown): readonly ThreadTime[] | null {
  const read = finished.safeParse(outcome)
  return read.success ? read.data.timed : null
}

/** Another number of threads must be so much quicker than the usual one: what is timed within a second is off by some hundredths. */
const CLEARLY = 1.05

/** The quickest of the timed numbers of threads; the usual one where none is clearly quicker. */
export function chooseThreads(timed: readonly ThreadTime[], usual: number): ThreadChoice {
  const sorted = timed.toSorted((a, b) => a.threads - b.threads)
  const own = timed.find(({ threads }) => threads === usual)
  const [best] = timed.toSorted((a, b) => a.seconds - b.seconds)
  const isClear = best !== undefined && (own === undefined || best.seconds * CLEARLY <= own.seconds)
  return { threads: isClear ? best.threads : usual, timed: sorted }
}

/** Says what was chosen and by what, in one sentence. */
export function threadsSentence({ threads, timed }: ThreadChoice): string {
  const times = timed.map((each) => `${time(each.seconds)} with ${each.threads}`)
  return `${counted(threads, 'thread')} ${threads === 1 ? 'computes' : 'compute'}, as timed on this PC: the same piece of a step took ${listed(times, times.length)}.`
}

/** What a run says that goes on with more threads than there are now. */
export const fewerSentence = (threads: number, now: number): string =>
  `The run goes on with ${counted(threads, 'thread')}, as it began, though only ${now === 1 ? 'one can' : `${now} can`} run at once here: the result stays the same, it takes longer.`

function time(seconds: number): string {
  return `${Number((seconds * 1000).toPrecision(3))} ms`
}
