import type { Attribution } from '../../../../../preload/contract/results.ts'
import { attuneError, type AttuneError } from '../../../lib/api.ts'

/** Moving through rows with the arrow keys must not start a trainer for each. */
const PATIENCE_MS = 300

/** A stretch of a text with how strongly it is shaded, from -1 to 1. */
export interface Shaded {
  readonly text: string
  readonly strength: number
}

/** The stretches of a text, words and what stands between them, shaded by their share of the strongest word. */
export function shadesOf(text: string, { words }: Attribution): readonly Shaded[] {
  const most = words.reduce((largest, { value }) => Math.max(largest, Math.abs(value)), 0)
  const shades: Shaded[] = []
  let at = 0
  for (const { start, end, value } of words) {
    if (start > at) shades.push({ text: text.slice(at, start), strength: 0 })
    shades.push({ text: text.slice(start, end), strength: most === 0 ? 0 : value / most })
    at = end
  }
  if (at < text.length) shades.push({ text: text.slice(at), strength: 0 })
  return shades
}

/** A text, by its line in the test where it has one there, and the text beside it where two are read together. */
export interface Asked {
  readonly text: string
  readonly line: number | null
  readonly pair: string | null
}

/** Which words a text's answer rests on, asked for one text at a time. */
export class HintsState {
  readonly #attribute: (asked: Asked) => Promise<Attribution>
  #isOn = $state(false)
  #shown = $state.raw<{ readonly text: string; readonly attribution: Attribution } | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #working = $state(false)
  #turn = 0

  /** `attribute`: asks whoever answered. */
  constructor(attribute: (asked: Asked) => Promise<Attribution>) {
    this.#attribute = attribute
  }

  get isOn(): boolean {
    return this.#isOn
  }

  get working(): boolean {
    return this.#working
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  /** What was found for this text; null while nothing is known of it. */
  of(text: string): Attribution | null {
    return this.#shown?.text === text ? this.#shown.attribution : null
  }

  turn(isOn: boolean): void {
    this.#isOn = isOn
    this.#turn++
    this.#working = false
    this.#failure = null
  }

  /** Asks for a text after a moment, unless another one is opened meanwhile. Returns the function that lets it be. */
  ask(text: string, line: number | null, pair: string | null = null): () => void {
    if (!this.#isOn || text === '' || this.of(text) !== null) return () => undefined
    const turn = ++this.#turn
    const timer = setTimeout(() => void this.#read({ text, line, pair }, turn), PATIENCE_MS)
    return () => clearTimeout(timer)
  }

  async #read(asked: Asked, turn: number): Promise<void> {
    this.#working = true
    this.#failure = null
    try {
      const attribution = await this.#attribute(asked)
      if (turn === this.#turn) this.#shown = { text: asked.text, attribution }
    } catch (thrown) {
      if (turn === this.#turn) this.#failure = attuneError(thrown)
    } finally {
      if (turn === this.#turn) this.#working = false
    }
  }
}
