import { InputError } from '../../base/errors.ts'
import { inSmaller } from './back-off.ts'

/** Memory of which a run may yet take so many bytes: the processor's, as far as `memory_limit` allows, or a card's. */
export interface Room {
  readonly what: 'machine' | 'limit' | 'card'
  readonly left: number
}

/** Tells what is left of each memory that a run needs. */
export interface RoomReader {
  /** Seconds between two readings at least. */
  readonly every: number
  readonly read: () => Promise<readonly Room[]>
}

/** Readings in a row that must each be lower than any before. */
const IN_A_ROW = 8
/** Bytes by which one must be lower to count. */
const LEAST_FALL = 1e6
/** The lowest of so many readings is one of the next, slower scale. */
const GROUP = 8
/**
 * Every reading, then the lowest of 8, of 64 and of 512: a fast leak, and one that takes hours. `falls`: how many more like the last ones may be left for an alarm,
 * 64 to 128 readings' worth, enough to write a checkpoint and few enough that a growth which ends meanwhile is rare. `least`: bytes at which a slow fall, sure
 * as it is, is one too many.
 */
const SCALES = [
  { falls: 4, least: 0 },
  { falls: 8, least: 16e6 },
  { falls: 2, least: 16e6 },
  { falls: 0.25, least: 16e6 }
]

/** Readings at one pace. */
class Scale {
  readonly #enough: (typeof SCALES)[number]
  #lowest = Infinity
  #falls: readonly number[] = []
  #group: readonly number[] = []

  constructor(enough: (typeof SCALES)[number]) {
    this.#enough = enough
  }

  /** Whether memory ends soon, by a reading; and the lowest of a group that it completes. */
  add(left: number): { readonly isEnding: boolean; readonly lowest: number | null } {
    const fall = this.#lowest - left
    if (fall === Infinity || fall < LEAST_FALL) this.#falls = []
    else this.#falls = [...this.#falls, fall].slice(-IN_A_ROW)
    this.#lowest = Math.min(this.#lowest, left)
    const group = [...this.#group, left]
    this.#group = group.length < GROUP ? group : []
    return {
      // The slowest of the falls: growth that calms down as a run gets going is no leak.
      isEnding:
        this.#falls.length === IN_A_ROW && left <= Math.max(this.#enough.least, this.#enough.falls * Math.min(...this.#falls)),
      lowest: group.length < GROUP ? null : Math.min(...group)
    }
  }
}

/**
 * Whether a memory will be gone soon: what is left of it falls and falls, and would soon be used up if it went on so. However little is
 * left, a use that stays as it is or goes up and down raises no alarm, since that makes no new lows.
 */
export class Trend {
  readonly #scales = SCALES.map((enough) => new Scale(enough))

  isEnding(left: number): boolean {
    let reading: number | null = left
    let isEnding = false
    for (const scale of this.#scales) {
      if (reading === null) break
      const added = scale.add(reading)
      isEnding ||= added.isEnding
      reading = added.lowest
    }
    return isEnding
  }
}

/** Bytes that must have become free after batches were cut, for that to have helped. */
const HELPED = 16e6

/** Watches every memory that a run needs. */
export class MemoryWatch {
  readonly #reader: RoomReader
  readonly #now: () => number
  #trends = new Map<Room['what'], Trend>()
  #lookedAt = -Infinity
  /** What was left of which memory when batches were cut, and the most that was left since. */
  #cut: { readonly room: Room; readonly most: number } | undefined

  constructor(reader: RoomReader, now: () => number) {
    this.#reader = reader
    this.#now = now
  }

  /** The memory that will be gone soon; null where there is none, or it is too early to look again. */
  async ending(): Promise<Room | null> {
    if (this.#now() - this.#lookedAt < this.#reader.every) return null
    this.#lookedAt = this.#now()
    let found: Room | null = null
    for (const room of await this.#reader.read()) {
      const trend = this.#trends.get(room.what) ?? new Trend()
      this.#trends.set(room.what, trend)
      if (trend.isEnding(room.left)) found ??= room
      if (this.#cut?.room.what === room.what) this.#cut = { ...this.#cut, most: Math.max(this.#cut.most, room.left) }
    }
    return found
  }

  /** Whether cutting batches is worth a try: it was not tried yet, or helped. */
  get mayCut(): boolean {
    return this.#cut === undefined || this.#cut.most - this.#cut.room.left >= HELPED
  }

  /** Batches were cut for want of this memory; it is watched anew. */
  cut(room: Room): void {
    this.#cut = { room, most: room.left }
    this.#trends = new Map()
  }
}

const named = { machine: "The PC's memory", limit: 'The memory that memory_limit allows', card: "The card's memory" }
const advice = {
  machine: 'Close other programs',
  limit: 'Raise memory_limit',
  card: 'End what else computes on the card'
}

/** What a person is told when batches become smaller before memory has run out; `step` is the next one. */
export const endingSentence = (step: number, { what }: Room, microBatch: number): string =>
  `${named[what]} was about to run out before step ${step}. It is made, and all that follow, ${inSmaller(microBatch)}`

/** The end of a run at a checkpoint, before memory runs out. */
export function memoryEnding(step: number, { what }: Room): InputError {
  const why = `${named[what]} was about to run out after step ${step}, and smaller batches do not help, so the run stopped there. Nothing is lost.`
  const again = 'a new process begins with little memory'
  return new InputError('memory-ending', `${why} ${advice[what]}, then go on with --resume: ${again}.`, {
    inApp: `${why} ${advice[what]}, then resume it: ${again}.`
  })
}
