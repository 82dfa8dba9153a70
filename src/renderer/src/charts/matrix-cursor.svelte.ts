/** The one cell of a square matrix that the Tab key reaches; arrows move it. */
export class MatrixCursor {
  #row = $state(0)
  #column = $state(0)
  readonly #size: () => number

  constructor(size: () => number) {
    this.#size = size
  }

  get row(): number {
    return this.#row
  }

  get column(): number {
    return this.#column
  }

  set(row: number, column: number): void {
    this.#row = row
    this.#column = column
  }

  /** False where the key means nothing here. */
  move(key: string): boolean {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1]
    }
    const step = steps[key]
    if (!step) return false
    const last = this.#size() - 1
    this.set(Math.max(0, Math.min(last, this.#row + step[0])), Math.max(0, Math.min(last, this.#column + step[1])))
    return true
  }
}
