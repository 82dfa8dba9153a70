/** Whole numbers of 32 bits, as many as are added; 4 bytes each, and room for as many again at most. */
export class IntList {
  #values = new Int32Array(1 << 6)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The number at an index; 0 beyond the end. */
  at(index: number): number {
    return index < this.#length ? (this.#values[index] ?? 0) : 0
  }

  push(value: number): void {
    this.#reserve(1)
    this.#values[this.#length++] = value
  }

  append(values: Int32Array): void {
    this.#reserve(values.length)
    this.#values.set(values, this.#length)
    this.#length += values.length
  }

  /** A copy of all of them. */
  all(): Int32Array {
    return this.#values.slice(0, this.#length)
  }

  #reserve(more: number): void {
    const size = this.#length + more
    if (size <= this.#values.length) return
    this.#values = moved(this.#values, new Int32Array(Math.max(size, 2 * this.#values.length)))
  }
}

/** Moves numbers to a larger array. What they took is given back at once; memory of the new one that was never written takes no room. */
export function moved<T extends Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(from: T, to: T): T {
  to.set(from)
  from.buffer.transfer(0)
  return to
}
