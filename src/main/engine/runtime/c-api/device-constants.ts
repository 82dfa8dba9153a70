// eslint-disable-next-line no-restricted-imports -- Weights that sessions read are never sealed: the library maps the same file.
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProgramSpec, StoredConstant } from '../port.ts'
import { fileState, liesWell, type FileState, type SharedConstants } from './constants.ts'
import { DeviceBlock } from './device-block.ts'
import type { DeviceMemory } from './device-memory.ts'
import type { DeviceMoves } from './device-moves.ts'
import type { DeviceProvider } from './provider.ts'

/** Elements that are read and sent up at once, where a tensor can be written in parts. */
const stretch = 1 << 22
const floatBytes = 4

interface Resident {
  readonly block: DeviceBlock
  /** Whether the values have arrived. */
  readonly ready: Promise<void>
  users: number
}

/** Float32 constants that lie on the device once, however many sessions read them: from the first that does to the last that is gone. */
export class DeviceConstants {
  readonly #memory: DeviceMemory
  readonly #moves: DeviceMoves
  readonly #isAddressable: boolean
  readonly #residents = new Map<string, Resident>()

  constructor(memory: DeviceMemory, moves: DeviceMoves, { isAddressable }: DeviceProvider) {
    this.#memory = memory
    this.#moves = moves
    this.#isAddressable = isAddressable
  }

  /**
   * The spec's float32 constants in the device's memory, sent there where they are not yet; null where there are none. Others, and those of a file that is not as it
   * should be, are left for the library.
   */
  async share({ folder, constants = [] }: ProgramSpec): Promise<SharedConstants | null> {
    if (folder === undefined) return null
    const taken: [string, Resident][] = []
    const release = (): void => taken.forEach(([key, resident]) => this.#giveBack(key, resident))
    const values = new Map<string, number>()
    try {
      for (const constant of constants) {
        const path = join(folder, constant.location)
        const file = fileState(path)
        if (constant.type !== 'float32' || file === null || !liesWell(constant, file.bytes)) continue
        const [key, resident] = this.#take(path, file, constant)
        taken.push([key, resident])
        await resident.ready
        values.set(constant.name, resident.block.valueOf(resident.block.root))
      }
      return values.size === 0 ? null : { values, release }
    } catch (error) {
      release()
      throw error
    }
  }

  #take(path: string, file: FileState, constant: StoredConstant): [string, Resident] {
    const key = `${file.key}|${constant.offset}|${constant.shape.join(',')}`
    const known = this.#residents.get(key)
    if (known !== undefined) {
      known.users++
      return [key, known]
    }
    const block = new DeviceBlock(this.#memory, this.#moves, constant.shape, undefined, this.#isAddressable)
    const resident = { block, ready: this.#send(block, path, constant), users: 1 }
    this.#residents.set(key, resident)
    return [key, resident]
  }

  #giveBack(key: string, resident: Resident): void {
    if (--resident.users > 0) return
    this.#residents.delete(key)
    resident.block.free()
  }

  async #send(block: DeviceBlock, path: string, { offset }: StoredConstant): Promise<void> {
    const { size } = block.root
    const longest = this.#isAddressable ? Math.min(stretch, size) : size
    const file = await open(path, 'r')
    try {
      for (let at = 0; at < size; at += longest) {
        const part = new Float32Array(new ArrayBuffer(floatBytes * Math.min(longest, size - at)))
        await readWhole(file, part, offset + floatBytes * at)
        await block.write(at, part)
      }
    } finally {
      await file.close()
    }
  }
}

async function readWhole(file: FileHandle, into: Float32Array<ArrayBuffer>, position: number): Promise<void> {
  const bytes = new Uint8Array(into.buffer)
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, 1 << 26), position + done)
    if (bytesRead === 0) throw new Error('a file of weights became shorter while it was read')
    done += bytesRead
  }
}
