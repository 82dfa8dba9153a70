import type { CardReading } from '../engine/runtime/index.ts'
import type { CardEnergy } from '../report/energy.ts'

interface Looked {
  readonly at: number
  readonly reading: CardReading
}

/** What the card took since it was first looked at: by its own counter, or by its power where it has none. */
export class CardMeter {
  readonly #look: () => Promise<CardReading | null>
  readonly #now: () => number
  #first: Looked | undefined
  #last: Looked | undefined
  /** By power, and the seconds that it was known for. */
  #power = { joules: 0, seconds: 0 }

  /** `now`: seconds on a clock that only runs forward. */
  constructor(look: () => Promise<CardReading | null>, now: () => number) {
    this.#look = look
    this.#now = now
  }

  /** Looks at the card now; null where it cannot be asked. */
  async look(): Promise<CardReading | null> {
    const reading = await this.#look()
    if (reading === null) return null
    const [before, looked] = [this.#last, { at: this.#now(), reading }]
    this.#first ??= looked
    this.#last = looked
    if (before !== undefined && before.reading.watts !== null && reading.watts !== null) {
      const seconds = looked.at - before.at
      // Power changes between two looks: the mean of both ends.
      const joules = (seconds * (before.reading.watts + reading.watts)) / 2
      this.#power = { joules: this.#power.joules + joules, seconds: this.#power.seconds + seconds }
    }
    return reading
  }

  /** Null where the card tells neither. */
  energy(): CardEnergy | null {
    const [first, last] = [this.#first?.reading.joules ?? null, this.#last?.reading.joules ?? null]
    if (first !== null && last !== null) return { method: 'counter', joules: Math.max(0, last - first) }
    return this.#power.seconds > 0 ? { method: 'power', joules: this.#power.joules } : null
  }
}
