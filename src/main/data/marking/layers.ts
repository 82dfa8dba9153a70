import type { Passage } from '../../../preload/contract/marking.ts'
import type { Layer } from './entries.ts'
import { tidied } from './passages.ts'

/** What each person marked, row by row, and how many passages of each kind that makes. */
export class Layers {
  readonly #byPerson = new Map<string, Map<number, Layer>>()
  readonly #counts = new Map<string, Map<string, number>>()

  get people(): readonly string[] {
    return [...this.#byPerson.keys()]
  }

  of(by: string): ReadonlyMap<number, Layer> {
    return this.#byPerson.get(by) ?? new Map<number, Layer>()
  }

  at(by: string, line: number): Layer | undefined {
    return this.#byPerson.get(by)?.get(line)
  }

  /** Passages of each kind of a person, those that were only counted included. */
  countsOf(by: string): ReadonlyMap<string, number> {
    return this.#counts.get(by) ?? new Map<string, number>()
  }

  count(by: string, passages: readonly Passage[], times: number): void {
    const counts = this.#counts.get(by) ?? new Map<string, number>()
    this.#counts.set(by, counts)
    for (const { kind } of passages) counts.set(kind, (counts.get(kind) ?? 0) + times)
  }

  /** Puts down what a person marked in a row; what stood there is no longer counted. */
  set(by: string, line: number, layer: Layer): void {
    this.count(by, this.at(by, line)?.passages ?? [], -1)
    this.count(by, layer.passages, 1)
    this.put(by, line, layer)
  }

  /** The same where its passages are counted already. */
  put(by: string, line: number, layer: Layer): void {
    const own = this.#byPerson.get(by) ?? new Map<number, Layer>()
    this.#byPerson.set(by, own)
    own.set(line, layer)
  }

  /** Gives passages of a kind another one; returns the lines of rows that have some. */
  rename(from: string, to: string): readonly number[] {
    const lines: number[] = []
    for (const own of this.#byPerson.values())
      for (const [line, layer] of own) {
        const passages = renamed(layer.passages, from, to)
        if (passages === layer.passages) continue
        lines.push(line)
        own.set(line, { ...layer, passages })
      }
    for (const counts of this.#counts.values()) {
      counts.set(to, (counts.get(to) ?? 0) + (counts.get(from) ?? 0))
      counts.delete(from)
    }
    return lines
  }
}

/** Passages of which some have another kind; the very same ones where none has it. */
export function renamed(passages: readonly Passage[], from: string, to: string): readonly Passage[] {
  if (!passages.some(({ kind }) => kind === from)) return passages
  return tidied(passages.map((each) => (each.kind === from ? { ...each, kind: to } : each)))
}
