/** Numbers from 0 as they are held and given out. */
export type Numbers = Uint8Array | Uint16Array | Int32Array

/** Bytes of a piece: small tables take little, and no piece is ever copied to grow. */
const pieceBytes = 1 << 16

/** Numbers from 0 to `highest`, one behind the other, each in as few bytes as that takes (1, 2 or 4). */
export class IdColumn {
  readonly #make: (size: number) => Numbers
  /** Numbers to a piece. */
  readonly #each: number
  readonly #pieces: Numbers[] = []
  #length = 0

  constructor(highest: number) {
    const width = highest < 1 << 8 ? 1 : highest < 1 << 16 ? 2 : 4
    this.#each = pieceBytes / width
    this.#make =
      width === 1
        ? (size) => new Uint8Array(size)
        : width === 2
          ? (size) => new Uint16Array(size)
          : (size) => new Int32Array(size)
  }

  get length(): number {
    return this.#length
  }

  append(values: Numbers): void {
    for (let done = 0; done < values.length;) {
      const at = this.#length % this.#each
      const piece = this.#pieceAt(Math.floor(this.#length / this.#each))
      const part = values.subarray(done, done + this.#each - at)
      piece.set(part, at)
      done += part.length
      this.#length += part.length
    }
  }

  /** Fills `into` with the numbers from `start` on. */
  read(start: number, into: Numbers): void {
    for (let done = 0; done < into.length;) {
      const at = (start + done) % this.#each
      const piece = this.#pieceAt(Math.floor((start + done) / this.#each))
      const part = piece.subarray(at, at + into.length - done)
      into.set(part, done)
      done += part.length
    }
  }

  #pieceAt(index: number): Numbers {
    return (this.#pieces[index] ??= this.#make(this.#each))
  }
}
