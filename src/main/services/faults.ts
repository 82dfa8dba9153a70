/** A fault of ours, without anything of the person's: where in the program it was, and of which kind. */
export interface Fault {
  /** ISO 8601. */
  readonly at: string
  readonly channel: string
  /** The error's class. */
  readonly kind: string
  /** `index.js:120:7`, the innermost first. */
  readonly frames: readonly string[]
}

const KEPT = 50

/** The last faults of this process, for the diagnostics file. An error's message may quote a path or a row, so it is not kept. */
export class Faults {
  readonly #kept: Fault[] = []

  /** `line` as `makeDispatch` logs it: the channel, a colon, a stack. */
  hear(line: string, now: Date = new Date()): void {
    const channel = /^[a-z]{1,40}:[A-Za-z]{1,40}(?=: )/.exec(line)?.[0] ?? 'main'
    const kind = /(?:^|: )([A-Za-z]{1,40}Error)\b/.exec(line)?.[1] ?? 'Error'
    const frames = [...line.matchAll(/^ {4}at .*?([^/\\()\s]+:\d+:\d+)\)?$/gm)].slice(0, 8).map((match) => match[1] ?? '')
    this.#kept.push({ at: now.toISOString(), channel, kind, frames })
    if (this.#kept.length > KEPT) this.#kept.shift()
  }

  get all(): readonly Fault[] {
    return this.#kept
  }
}
