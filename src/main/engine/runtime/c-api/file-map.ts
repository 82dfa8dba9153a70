// eslint-disable-next-line no-restricted-imports -- Weights that sessions read are never sealed: the library maps the same file.
import { closeSync, openSync } from 'node:fs'
import { hold } from './api.ts'

/** Maps files into memory for reading, by the system's own calls. */
export interface FileMapper {
  /** Address of the whole file, which has `bytes` bytes and must not be empty; 0 where the system refuses. */
  readonly map: (path: string, bytes: number) => number
  readonly unmap: (address: number, bytes: number) => void
}

/** Finds a function of a system library (null: of the process itself) by its name, the type it returns and those it takes. */
export type FindFunction = (
  library: string | null,
  name: string,
  result: string,
  parameters: readonly string[]
) => (...values: readonly (number | string)[]) => unknown

// koffi's functions take and return what their types say; its typings say `any`.
const findFunction: FindFunction = (library, name, result, parameters) =>
  hold(library).func(name, result, [...parameters]) as ReturnType<FindFunction>

/**
 * How this system maps files: mmap on Linux and macOS, a file mapping object on Windows. Null where a call is not there: sessions then read
 * their weights as the library does it.
 */
export function fileMapper(platform: NodeJS.Platform = process.platform, find: FindFunction = findFunction): FileMapper | null {
  try {
    return platform === 'win32' ? windowsMapper(find) : posixMapper(find)
  } catch {
    return null
  }
}

function posixMapper(find: FindFunction): FileMapper {
  const [readable, isPrivate] = [1, 2] // PROT_READ and MAP_PRIVATE, the same numbers on Linux and macOS.
  const failed = 2 ** 64 // MAP_FAILED is the largest address there is; JavaScript's nearest number.
  const mmap = find(null, 'mmap', 'uint64', ['uint64', 'uint64', 'int', 'int', 'int', 'int64'])
  const munmap = find(null, 'munmap', 'int', ['uint64', 'uint64'])
  return {
    map(path, bytes) {
      const file = openSync(path, 'r')
      try {
        const address = Number(mmap(0, bytes, readable, isPrivate, file, 0))
        return address === failed ? 0 : address
      } finally {
        // The mapping outlives the descriptor.
        closeSync(file)
      }
    },
    unmap: (address, bytes) => void munmap(address, bytes)
  }
}

/** Never run so far: no Windows PC was at hand. The calls and their numbers are those of fileapi.h and memoryapi.h. */
function windowsMapper(find: FindFunction): FileMapper {
  const [genericRead, shareAll, openExisting, usualFile, pageReadOnly, mapRead] = [0x80000000, 7, 3, 0x80, 2, 4]
  const invalidHandle = 2 ** 64
  const kernel = 'kernel32.dll'
  const openFile = find(kernel, 'CreateFileW', 'uint64', ['str16', 'uint32', 'uint32', 'uint64', 'uint32', 'uint32', 'uint64'])
  const createMapping = find(kernel, 'CreateFileMappingW', 'uint64', ['uint64', 'uint64', 'uint32', 'uint32', 'uint32', 'uint64'])
  const mapView = find(kernel, 'MapViewOfFile', 'uint64', ['uint64', 'uint32', 'uint32', 'uint32', 'uint64'])
  const unmapView = find(kernel, 'UnmapViewOfFile', 'int', ['uint64'])
  const close = find(kernel, 'CloseHandle', 'int', ['uint64'])
  return {
    map(path) {
      const file = Number(openFile(path, genericRead, shareAll, 0, openExisting, usualFile, 0))
      if (file === invalidHandle) return 0
      const mapping = Number(createMapping(file, 0, pageReadOnly, 0, 0, 0))
      const address = mapping === 0 ? 0 : Number(mapView(mapping, mapRead, 0, 0, 0))
      // The view keeps what it needs of both.
      if (mapping !== 0) close(mapping)
      close(file)
      return address
    },
    unmap: (address) => void unmapView(address)
  }
}
