import type { MarkKind } from '../../../preload/contract/marking.ts'
import { compareLabels } from '../label-order.ts'

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** The kinds of passages: their keys, what was written about them, and other names that they had. */
export class Kinds {
  readonly #keys = new Map<string, string | null>()
  readonly #notes = new Map<string, string>()
  readonly #newNames = new Map<string, string>()
  /** Names of versions before, and what they are called in the table. */
  readonly #former = new Map<string, string>()

  get names(): readonly string[] {
    return [...this.#keys.keys()]
  }

  /** Kinds that nobody named before get the digits, in their order. */
  meet(names: Iterable<string>): void {
    for (const name of [...names].sort(compareLabels)) if (!this.#keys.has(name)) this.#keys.set(name, this.freeKey())
  }

  has(name: string): boolean {
    return this.#keys.has(name)
  }

  /** Gives a kind a key; whichever had it has none from then on. */
  name(name: string, key: string | null): void {
    for (const [other, theirs] of this.#keys) if (key !== null && theirs === key && other !== name) this.#keys.set(other, null)
    this.#keys.set(name, key)
  }

  keyOf(name: string): string | null {
    return this.#keys.get(name) ?? null
  }

  freeKey(): string | null {
    const taken = new Set(this.#keys.values())
    return DIGITS.find((digit) => !taken.has(digit)) ?? null
  }

  note(kind: string): string {
    return this.#notes.get(kind) ?? ''
  }

  setNote(kind: string, text: string): void {
    this.#notes.set(kind, text)
  }

  /** Renames a kind in its place; into the name of another one it becomes part of that. False where nothing changes. */
  rename(from: string, to: string): boolean {
    if (from === to || to === '' || !this.#keys.has(from)) return false
    const isMerged = this.#keys.has(to)
    const entries = [...this.#keys].filter(([name]) => !isMerged || name !== from)
    this.#keys.clear()
    for (const [name, key] of entries) this.#keys.set(name === from ? to : name, key)
    const notes = [this.#notes.get(to), this.#notes.get(from)].filter((note) => note !== undefined && note !== '')
    this.#notes.delete(from)
    if (notes.length > 0) this.#notes.set(to, notes.join('\n'))
    for (const [old, now] of this.#newNames) if (now === from) this.#newNames.set(old, to)
    this.#newNames.delete(to)
    this.#newNames.set(from, to)
    return true
  }

  /** Whether the table still has kinds under other names. */
  get isRenamed(): boolean {
    return this.#newNames.size > 0
  }

  setFormer(from: string, to: string): void {
    this.#former.set(from, to)
  }

  /** Every other name that a kind had, here or in versions before, with the one that it has by now. */
  get former(): readonly (readonly [from: string, to: string])[] {
    const before = [...this.#former].map(([from, to]) => [from, this.nowOf(to)] as const)
    return [...before, ...this.#newNames]
  }

  /** What a run that was trained before means by a name: a kind that there is keeps its own. */
  meantBy(name: string): string {
    return this.has(name) ? name : this.nowOf(this.#former.get(name) ?? name)
  }

  /** How a kind of the table is called by now. */
  nowOf(name: string): string {
    return this.#newNames.get(name) ?? name
  }

  shown(counts: ReadonlyMap<string, number>): readonly MarkKind[] {
    return [...this.#keys].map(([name, key]) => ({ name, key, count: counts.get(name) ?? 0, note: this.note(name) }))
  }
}
