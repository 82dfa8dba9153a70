import type { RunId } from '../../../../preload/contract/common.ts'

const MOST = 6

/** Which runs are chosen to be set side by side: two to six. */
export class Selection {
  #ids = $state.raw<readonly RunId[]>([])

  get ids(): readonly RunId[] {
    return this.#ids
  }

  has(id: RunId): boolean {
    return this.#ids.includes(id)
  }

  /** The seventh is refused. */
  toggle(id: RunId): void {
    if (this.has(id)) this.#ids = this.#ids.filter((one) => one !== id)
    else if (this.#ids.length < MOST) this.#ids = [...this.#ids, id]
  }

  readonly canCompare = $derived.by(() => this.#ids.length >= 2)
}
