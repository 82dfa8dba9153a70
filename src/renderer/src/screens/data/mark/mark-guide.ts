import type { Overlap } from '../../../../../preload/contract/marking.ts'
import type { Api } from '../../../lib/api.ts'
import type { MarkState } from './mark.svelte.ts'

/** What is to be marked and how: kinds, their keys, the guideline, and whether marks may lie within marks. */
export class MarkGuide {
  readonly #api: Api['marking']
  readonly #state: MarkState

  constructor(api: Api['marking'], state: MarkState) {
    this.#api = api
    this.#state = state
  }

  async setKind(name: string, key: string | null): Promise<void> {
    this.#state.book.set(await this.#api.setKind({ ...this.#here(), name, key }))
  }

  /** Into the name of another kind it becomes part of that. */
  async rename(from: string, to: string): Promise<void> {
    this.#state.book.set(await this.#api.renameKind({ ...this.#here(), from, to }))
    await this.#state.document.load()
  }

  async setOverlap(overlap: Overlap): Promise<void> {
    this.#state.book.set(await this.#api.setOverlap({ ...this.#here(), overlap }))
  }

  /** For one kind, or for all of the marking. */
  async setNote(kind: string | null, text: string): Promise<void> {
    this.#state.book.set(await this.#api.setNote({ ...this.#here(), kind, text }))
  }

  #here(): Pick<MarkState, 'id' | 'by'> {
    const { id, by } = this.#state
    return { id, by }
  }
}
