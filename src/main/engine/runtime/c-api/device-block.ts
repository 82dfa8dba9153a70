import { assert } from '../../../base/assert.ts'
import type { Piece } from '../port.ts'
import type { DeviceMemory } from './device-memory.ts'
import type { DeviceMoves } from './device-moves.ts'
import { DeviceState } from './device-state.ts'

/** Elements that go between host and device in one run. */
const stretch = 1 << 24
const floatBytes = 4

/** Memory that a pointer names, and where the provider must not write over what it reads, the memory that takes its place. */
export interface DevicePiece extends Piece {
  pointer: number
  spare: number
  /** OrtValues over `pointer` and over `spare`, by the view's place and shape. */
  values: Map<string, number>
  spareValues: Map<string, number>
}

/** One state tensor of a device with all its views. Memory is taken, and set to zero, when it is first used. */
export class DeviceBlock {
  readonly root: DeviceState
  readonly #memory: DeviceMemory
  readonly #moves: DeviceMoves
  readonly #pieces: readonly DevicePiece[]
  readonly #isAddressable: boolean
  readonly #states = new Map<string, DeviceState>()
  #ready: Promise<void> | undefined

  constructor(
    memory: DeviceMemory,
    moves: DeviceMoves,
    shape: readonly number[],
    pieces: readonly Piece[] | undefined,
    isAddressable: boolean
  ) {
    this.#memory = memory
    this.#moves = moves
    this.#isAddressable = isAddressable
    this.root = new DeviceState(this, 0, shape)
    const whole = [{ offset: 0, size: this.root.size }]
    this.#pieces = (isAddressable ? whole : (pieces ?? whole))
      .filter(({ size }) => size > 0)
      .map(({ offset, size }) => ({ offset, size, pointer: 0, spare: 0, values: new Map(), spareValues: new Map() }))
  }

  stateAt(offset: number, shape: readonly number[]): DeviceState {
    const key = keyOf(offset, shape)
    const state = this.#states.get(key) ?? new DeviceState(this, offset, shape)
    this.#states.set(key, state)
    return state
  }

  /** Takes the memory and clears it, once. */
  ready(): Promise<void> {
    this.#ready ??= this.#make()
    return this.#ready
  }

  /** The piece that a state lies in. @throws Error where it lies across pieces, which such a device does not allow. */
  pieceOf({ offset, size }: Piece): DevicePiece {
    const piece = this.#pieces.find((each) => each.offset <= offset && offset + size <= each.offset + each.size)
    assert(piece !== undefined, `a view of ${size} elements at ${offset} does not lie in one piece of a state on the device`)
    assert(
      this.#isAddressable || (piece.offset === offset && piece.size === size),
      `a view of ${size} elements at ${offset} is part of a piece of ${piece.size}`
    )
    return piece
  }

  /** The OrtValue over a state's memory, or over what takes its place. */
  valueOf(state: DeviceState, isSpare = false): number {
    const piece = this.pieceOf(state)
    if (isSpare && piece.spare === 0) piece.spare = this.#memory.take(piece.size * floatBytes)
    const values = isSpare ? piece.spareValues : piece.values
    const key = keyOf(state.offset, state.shape)
    const known = values.get(key)
    if (known !== undefined) return known
    const start = isSpare ? piece.spare : piece.pointer
    const value = this.#memory.over('float32', state.shape, start + (state.offset - piece.offset) * floatBytes)
    values.set(key, value)
    return value
  }

  async write(offset: number, data: Float32Array<ArrayBuffer>): Promise<void> {
    await this.ready()
    for (const { piece, at, size } of this.#parts(offset, data.length)) {
      const part = data.slice(at - offset, at - offset + size)
      if (this.#isAddressable || size === piece.size) await this.#moves.put(this.stateAt(at, [size]), part)
      else {
        const own = this.stateAt(piece.offset, [piece.size])
        const whole = await this.#moves.get(own)
        whole.set(part, at - piece.offset)
        await this.#moves.put(own, whole)
      }
    }
  }

  async read(offset: number, length: number): Promise<Float32Array<ArrayBuffer>> {
    await this.ready()
    const data = new Float32Array(new ArrayBuffer(length * floatBytes))
    for (const { piece, at, size } of this.#parts(offset, length)) {
      const got = this.#isAddressable
        ? await this.#moves.get(this.stateAt(at, [size]))
        : await this.#moves.getPart(this.stateAt(piece.offset, [piece.size]), at - piece.offset, size)
      data.set(got, at - offset)
    }
    return data
  }

  async clear(offset: number, length: number): Promise<void> {
    await this.ready()
    for (const { piece, at, size } of this.#parts(offset, length)) {
      assert(this.#isAddressable || size === piece.size, 'part of a piece is cleared')
      await this.#moves.fill(this.stateAt(at, [size]))
    }
  }

  /** Gives the memory back to the device. Nothing may use it any more. */
  free(): void {
    for (const piece of this.#pieces) {
      for (const value of [...piece.values.values(), ...piece.spareValues.values()]) this.#memory.drop(value)
      for (const block of [piece.pointer, piece.spare]) if (block !== 0) this.#memory.give(block)
      Object.assign(piece, { pointer: 0, spare: 0, values: new Map(), spareValues: new Map() })
    }
  }

  async #make(): Promise<void> {
    for (const piece of this.#pieces) piece.pointer = this.#memory.take(piece.size * floatBytes)
    for (const { piece, at, size } of this.#parts(0, this.root.size)) {
      assert(this.#isAddressable || size === piece.size, 'part of a piece is cleared')
      await this.#moves.fill(this.stateAt(at, [size]))
    }
  }

  /** The parts of pieces that a stretch of the whole is made of; none longer than one run moves, where parts can be addressed. */
  #parts(offset: number, length: number): readonly { readonly piece: DevicePiece; readonly at: number; readonly size: number }[] {
    const parts = []
    const end = offset + length
    for (const piece of this.#pieces) {
      const last = Math.min(end, piece.offset + piece.size)
      const longest = this.#isAddressable ? stretch : piece.size
      for (let at = Math.max(offset, piece.offset); at < last; at += longest)
        parts.push({ piece, at, size: Math.min(longest, last - at) })
    }
    return parts
  }
}

const keyOf = (offset: number, shape: readonly number[]): string => `${offset}:${shape.join(',')}`
