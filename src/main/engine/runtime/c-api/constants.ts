import { lstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { elementTypes, sizeOf } from '../element-types.ts'
import type { ProgramSpec, StoredConstant } from '../port.ts'
import type { Library } from './api.ts'
import { checkStatus, PointerArray } from './api.ts'
import { fileMapper, type FileMapper } from './file-map.ts'

/** Constants that a session reads from memory that it does not own. */
export interface SharedConstants {
  /** OrtValues, by the graph's names. */
  readonly values: ReadonlyMap<string, number>
  /** Called once the session is gone. */
  readonly release: () => void
}

/** A file as it was when it was looked at: another inode, size or time of change is another file. */
export interface FileState {
  readonly key: string
  readonly bytes: number
}

/** What tells a file's content from another's, without reading it; null where it is not there. */
export function fileState(path: string): FileState | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (!found?.isFile()) return null
  const { dev, ino, size, mtimeNs } = found
  return { key: `${path}|${dev}|${ino}|${size}|${mtimeNs}`, bytes: Number(size) }
}

/** Whether a constant lies in its file as it says, where its type can be read: on a multiple of its width. */
export function liesWell({ type, shape, offset, length }: StoredConstant, bytes: number): boolean {
  const { bytes: width } = elementTypes[type]
  return offset % width === 0 && length === sizeOf(shape) * width && length > 0 && offset + length <= bytes
}

interface Mapping extends FileState {
  readonly address: number
  users: number
}

/**
 * Files of constants, each mapped into the process once, however many sessions read it: from the first that does to the last that is gone. Read
 * pages belong to the system, which drops them when it needs the room.
 */
export class MappedConstants {
  readonly #library: Library
  readonly #mapper: FileMapper | null
  readonly #mappings = new Map<string, Mapping>()

  constructor(library: Library, mapper: FileMapper | null = fileMapper()) {
    this.#library = library
    this.#mapper = mapper
  }

  /** The spec's constants over mapped memory; null where there are none, or a file cannot be mapped: the library then reads them itself. */
  share({ folder, constants = [] }: ProgramSpec): SharedConstants | null {
    if (this.#mapper === null || folder === undefined || constants.length === 0) return null
    const taken: Mapping[] = []
    const values = new Map<string, number>()
    const release = (): void => {
      for (const value of values.values()) this.#library.api.ReleaseValue(value)
      for (const mapping of taken) this.#giveBack(mapping)
    }
    try {
      for (const [location, those] of Map.groupBy(constants, (constant) => constant.location)) {
        const mapping = this.#take(join(folder, location))
        if (mapping !== null) taken.push(mapping)
        if (mapping === null || !those.every((constant) => liesWell(constant, mapping.bytes))) {
          release()
          return null
        }
        for (const constant of those) values.set(constant.name, this.#over(constant, mapping.address + constant.offset))
      }
      return { values, release }
    } catch (error) {
      release()
      throw error
    }
  }

  #take(path: string): Mapping | null {
    // Whether a link may be followed is the library's to judge: it looks where the link leads.
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== false) return null
    const state = fileState(path)
    if (state === null || state.bytes === 0) return null
    const known = this.#mappings.get(state.key)
    if (known !== undefined) {
      known.users++
      return known
    }
    const address = this.#mapper?.map(path, state.bytes) ?? 0
    if (address === 0) return null
    const mapping = { ...state, address, users: 1 }
    this.#mappings.set(state.key, mapping)
    return mapping
  }

  #giveBack(mapping: Mapping): void {
    if (--mapping.users > 0) return
    this.#mappings.delete(mapping.key)
    this.#mapper?.unmap(mapping.address, mapping.bytes)
  }

  #over({ type, shape, length }: StoredConstant, address: number): number {
    const { api, memory } = this.#library
    const out = new PointerArray(1)
    const lengths = new PointerArray(shape.length)
    shape.forEach((size, axis) => lengths.set(axis, size))
    const { code } = elementTypes[type]
    checkStatus(
      api,
      api.CreateTensorWithDataAsOrtValue(memory, address, length, lengths.address, shape.length, code, out.address)
    )
    return out.get(0)
  }
}
