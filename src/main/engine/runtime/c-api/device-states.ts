import { assert } from '../../../base/assert.ts'
import type { ElementType, Piece, RunRequest, StateTensor } from '../port.ts'
import { DeviceBlock } from './device-block.ts'
import type { DeviceMemory } from './device-memory.ts'
import type { DeviceMoves } from './device-moves.ts'
import { DeviceState } from './device-state.ts'
import type { DeviceProvider } from './provider.ts'
import type { StateStore } from './state-store.ts'

/**
 * State on a device. Where a kernel may not write over what it reads (WebGPU), a state that a run both reads and writes is written to memory beside it, and
 * the two change places once the run has ended.
 */
export class DeviceStates implements StateStore {
  readonly #memory: DeviceMemory
  readonly #moves: DeviceMoves
  readonly #isAddressable: boolean

  constructor(memory: DeviceMemory, moves: DeviceMoves, { isAddressable }: DeviceProvider) {
    this.#memory = memory
    this.#moves = moves
    this.#isAddressable = isAddressable
  }

  allocate(type: ElementType, shape: readonly number[], pieces?: readonly Piece[]): StateTensor {
    assert(type === 'float32', `state on a device is float32, not ${type}`)
    return new DeviceBlock(this.#memory, this.#moves, shape, pieces, this.#isAddressable).root
  }

  readonly owns = isDeviceState
  readonly read = valueOf

  async prepare(request: RunRequest): Promise<void> {
    const states = [...Object.values(request.inputs), ...Object.values(request.outputs ?? {})].filter(isDeviceState)
    await Promise.all([...new Set(states.map(({ block }) => block))].map((block) => block.ready()))
  }

  write(state: StateTensor, request: RunRequest): number {
    assert(isDeviceState(state), 'checked state')
    return state.block.valueOf(state, this.#isApart(state, request))
  }

  commit(request: RunRequest): void {
    if (this.#isAddressable) return
    const written = Object.values(request.outputs ?? {}).filter(isDeviceState)
    for (const state of written.filter((each) => this.#isApart(each, request))) {
      const piece = state.block.pieceOf(state)
      const { pointer, values } = piece
      Object.assign(piece, { pointer: piece.spare, values: piece.spareValues, spare: pointer, spareValues: values })
    }
  }

  /** Whether a run reads what it writes here, on a device where it may not. */
  #isApart(state: DeviceState, { inputs }: RunRequest): boolean {
    if (this.#isAddressable) return false
    return Object.values(inputs).some(
      (input) => isDeviceState(input) && input.block === state.block && input.offset === state.offset
    )
  }
}

/** The states of the programs that move numbers: their memory is seen to before. */
export const movedStates: StateStore = {
  owns: (tensor) => isDeviceState(tensor),
  read: (state) => valueOf(state),
  write: (state) => valueOf(state)
}

function valueOf(state: StateTensor): number {
  assert(isDeviceState(state), 'checked state')
  return state.block.valueOf(state)
}

const isDeviceState = (tensor: unknown): tensor is DeviceState => tensor instanceof DeviceState
