/** A run that lasts less is not worth the trip to another thread and back, which costs some 30 µs. */
const shortRun = 0.2

/** JavaScript never goes without its turn for longer than this, however many short runs follow each other. */
const longestBlock = 8

/** When JavaScript last had a turn between runs, as far as this module knows; shared by all programs of the process. */
let lastTurn = 0

/** Decides whether a program's next run may block JavaScript because it will be over at once. Times are milliseconds of `performance.now`. */
export class Pace {
  #short = false
  #blocking = false

  /** Whether a run that starts at `now` may block: the last one was short, and others had a turn lately. */
  mayBlock(now: number): boolean {
    this.#blocking = this.#short && now - lastTurn < longestBlock
    return this.#blocking
  }

  record(started: number, ended: number): void {
    this.#short = ended - started < shortRun
    if (!this.#blocking) lastTurn = ended
  }
}
