/** The library's unit of memory, in bytes. */
const unit = 256
/** A piece is handed out whole where less than this would be left of it (runtime/c-api/environment.ts), in bytes. */
const leastRest = 4096

interface Piece {
  size: number
  isFree: boolean
  before: Piece | null
  after: Piece | null
}

/** A piece of the pool that is in use. */
export type Held = Piece

/**
 * ONNX Runtime's pool of memory for intermediate values (`bfc_arena.cc`) without the memory: the smallest free piece that is large enough is used and
 * its rest kept, free neighbours become one piece, and where none fits the pool grows by exactly what is asked for. Pieces of different
 * stretches never join, so the pool takes more than the values alive at once; how much more depends on their order, which is known.
 */
export class PoolModel {
  /** Bytes asked from the system so far. */
  bytes = 0
  /** Free pieces, the smallest first. */
  readonly #free: Piece[] = []

  take(bytes: number): Held {
    const size = Math.max(1, Math.ceil(bytes / unit)) * unit
    const [found] = this.#free.splice(this.#placeOf(size), 1)
    if (!found) this.bytes += size
    const piece = found ?? { size, isFree: false, before: null, after: null }
    piece.isFree = false
    if (piece.size >= 2 * size || piece.size - size >= leastRest) this.#split(piece, size)
    return piece
  }

  giveBack(piece: Held): void {
    const { before, after } = piece
    if (after?.isFree) this.#absorb(piece, after)
    if (before?.isFree) {
      this.#absorb(before, piece)
      this.#forget(before)
      this.#keep(before)
    } else this.#keep(piece)
  }

  #split(piece: Piece, size: number): void {
    const rest: Piece = { size: piece.size - size, isFree: true, before: piece, after: piece.after }
    if (piece.after) piece.after.before = rest
    piece.after = rest
    piece.size = size
    this.#keep(rest)
  }

  #absorb(piece: Piece, next: Piece): void {
    if (next.isFree) this.#forget(next)
    piece.size += next.size
    piece.after = next.after
    if (next.after) next.after.before = piece
  }

  #keep(piece: Piece): void {
    piece.isFree = true
    this.#free.splice(this.#placeOf(piece.size), 0, piece)
  }

  #forget(piece: Piece): void {
    this.#free.splice(this.#free.indexOf(piece), 1)
  }

  /** Where the free pieces of at least `size` bytes begin. */
  #placeOf(size: number): number {
    let [low, high] = [0, this.#free.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#free[middle]?.size ?? 0) < size) low = middle + 1
      else high = middle
    }
    return low
  }
}
