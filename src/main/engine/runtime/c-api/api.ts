import { basename } from 'node:path'
import { address, config, decode, load, proto } from 'koffi'
import { assert } from '../../../base/assert.ts'
import { assertSilent, libraryPath, noteLibrary } from '../library.ts'
import type { CudaPack } from '../port.ts'
import { keepWorkspacesSmall } from './card-workspace.ts'
import { apiTable, apiVersion } from './table.ts'

/**
 * koffi runs each call on a stack of its own, and asynchronous ones get 128 KiB by default: too little for a library that parses models and walks
 * graphs there. Only touched pages cost memory.
 */
const stackBytes = 8 * 2 ** 20

type Argument = number | string | Uint8Array<ArrayBuffer>

/** One C function. `async` runs it on a thread of its own; what its pointers name must be kept alive until it calls back. */
interface ApiFunction {
  (...values: Argument[]): number
  async(...values: [...Argument[], (error: unknown, result: number) => void]): void
}

export type Api = Readonly<Record<keyof typeof apiTable, ApiFunction>>

export interface Library {
  /** Version of ONNX Runtime, e.g. `1.30.0`. */
  readonly version: string
  readonly api: Api
  /** OrtMemoryInfo of ordinary host memory. */
  readonly memory: number
  /** OrtAllocator that owns the strings the library hands out. */
  readonly allocator: number
  /** C's memcpy(to, from, bytes): koffi's own way of reading memory keeps a type per length for ever, and is slow. */
  readonly copyMemory: (to: number, from: number, bytes: number) => void
}

let loaded: Library | undefined
/** koffi closes a library whose object is collected, under the feet of every function taken from it. These are held for the life of the process. */
const held: unknown[] = []

/** Loads a library, null for what the process itself is linked with, and keeps it. */
export function hold(path: string | null): ReturnType<typeof load> {
  const library = load(path)
  held.push(library)
  return library
}

function holdNeeded(path: string): void {
  try {
    hold(path)
  } catch (error) {
    // koffi's message does not say which file it was about.
    throw new Error(`${basename(path)} of NVIDIA's CUDA 13 cannot be loaded: it is not there, or does not fit this system.`, {
      cause: error
    })
  }
}

/** The file that `loaded` came from. */
let loadedFrom = ''

/**
 * Loads ONNX Runtime's library, once per process: Attune's own, or a CUDA pack's in its place.
 * @throws Error when telemetry is on, there is no library that can be loaded, or this process has another one already.
 */
export function loadLibrary(pack?: CudaPack): Library {
  assertSilent()
  const path = pack?.library ?? libraryPath()
  if (pack !== undefined && loaded === undefined) keepWorkspacesSmall(process.env)
  loaded ??= open(path, pack?.needs ?? [])
  if (loadedFrom !== path) throw new Error('This process has loaded another build of ONNX Runtime already.')
  return loaded
}

function open(path: string, needs: readonly string[]): Library {
  if ((config().async_stack_size ?? 0) < stackBytes)
    config({ ...config(), sync_stack_size: stackBytes, async_stack_size: stackBytes })
  returnLargeBlocks()
  // A library that is loaded already is found by its name, wherever it lies: the system's search path need not know the pack's folder.
  for (const need of needs) holdNeeded(need)
  const base = Number(hold(path).func('OrtGetApiBase', 'uint64', [])())
  assert(base !== 0, 'OrtGetApiBase returned nothing')
  const getApi = functionAt(pointerAt(base, 0), 'uint64', ['uint32'])
  const version = textAt(functionAt(pointerAt(base, 1), 'uint64', [])())
  const table = getApi(apiVersion)
  if (table === 0) throw new Error(`ONNX Runtime ${version} does not offer version ${apiVersion} of its C API.`)
  const api = Object.fromEntries(
    Object.entries(apiTable).map(([name, entry]) => [
      name,
      functionAt(pointerAt(table, entry.index), entry.result, entry.parameters)
    ])
  ) as unknown as Api // The keys are apiTable's own, and koffi's functions take and return what the table says.
  const out = new PointerArray(1)
  checkStatus(api, api.CreateCpuMemoryInfo(0, 0, out.address))
  const memory = out.get(0)
  loadedFrom = path
  noteLibrary(path)
  checkStatus(api, api.GetAllocatorWithDefaultOptions(out.address))
  const copyMemory = hold(process.platform === 'win32' ? 'ucrtbase.dll' : null).func('memcpy', 'void', [
    'uint64',
    'uint64',
    'uint64'
  ])
  return { version, api, memory, allocator: out.get(0), copyMemory }
}

/**
 * Makes glibc ask the system for every block of 128 KiB or more, and give it back when it is freed. Left alone it raises that limit to the largest
 * block ever freed (up to 32 MB) and keeps smaller ones for itself: of a pool that was given back, half stayed (measured). Other systems have no
 * such call.
 */
function returnLargeBlocks(): void {
  if (process.platform !== 'linux') return
  const [largeBlock, bytes] = [-3, 128 * 1024] // M_MMAP_THRESHOLD, at the value that glibc begins with.
  try {
    hold(null).func('mallopt', 'int', ['int', 'int'])(largeBlock, bytes)
  } catch {
    // musl has no mallopt, and gives large blocks back by itself.
  }
}

function functionAt(pointer: number, result: string, parameters: readonly string[]): ApiFunction {
  // koffi decodes a prototype to a function of that prototype; its typings say `any`.
  return decode(pointer, proto(result, [...parameters])) as ApiFunction
}

function pointerAt(pointer: number, index: number): number {
  return Number(decode.uint64(pointer + 8 * index))
}

/** Turns a failed OrtStatus into an Error with the library's message, and releases it. */
export function checkStatus(api: Api, status: number): void {
  if (status === 0) return
  const message = textAt(api.GetErrorMessage(status)).trim()
  api.ReleaseStatus(status)
  throw new Error(message)
}

/** What calls under way use: the library holds bare addresses, which the garbage collector does not see. */
const inUse = new Set<unknown>()

/** Calls `fn` on another thread and checks its status. `kept` owns the memory that the pointers name, and stays alive until the call is over. */
export async function callAsync(api: Api, kept: object, fn: ApiFunction, ...values: Argument[]): Promise<void> {
  inUse.add(kept)
  try {
    const status = await new Promise<number>((resolve, reject) => {
      fn.async(...values, (error, result) => {
        if (error instanceof Error) reject(error)
        else resolve(result)
      })
    })
    checkStatus(api, status)
  } finally {
    inUse.delete(kept)
  }
}

/** Copies `bytes` bytes of the library's memory into a new buffer. */
export function copyOut({ copyMemory }: Library, pointer: number, bytes: number): ArrayBuffer {
  const copy = new ArrayBuffer(bytes)
  if (bytes > 0) copyMemory(addressOf(copy), pointer, bytes)
  return copy
}

/** The NUL-terminated UTF-8 text at a pointer. */
export function textAt(pointer: number): string {
  return decode.string(pointer)
}

/** Where a buffer's memory lies. Valid while the buffer is alive: V8 never moves it. */
export function addressOf(buffer: ArrayBuffer): number {
  return Number(address(buffer))
}

/** Pointers in memory that the library reads and writes. */
export class PointerArray {
  readonly address: number
  readonly #values: BigUint64Array<ArrayBuffer>

  constructor(length: number) {
    this.#values = new BigUint64Array(new ArrayBuffer(Math.max(length, 1) * 8))
    this.address = addressOf(this.#values.buffer)
  }

  get(index: number): number {
    return Number(this.#values[index])
  }

  /** A 64-bit signed number, such as a dimension. */
  getSigned(index: number): number {
    return Number(BigInt.asIntN(64, this.#values[index] ?? 0n))
  }

  set(index: number, pointer: number): void {
    this.#values[index] = BigInt(pointer)
  }
}

/** Texts in memory as the library reads them: an array of pointers to NUL-terminated UTF-8. */
export class TextArray {
  readonly length: number
  readonly #pointers: PointerArray
  // Held only to stay alive: the pointers name it.
  readonly #bytes: Uint8Array<ArrayBuffer>

  constructor(texts: readonly string[]) {
    const encoded = texts.map((text) => Buffer.from(`${text}\0`))
    this.length = texts.length
    this.#bytes = new Uint8Array(new ArrayBuffer(encoded.reduce((sum, text) => sum + text.length, 1)))
    this.#pointers = new PointerArray(texts.length)
    let offset = 0
    encoded.forEach((text, index) => {
      this.#bytes.set(text, offset)
      this.#pointers.set(index, addressOf(this.#bytes.buffer) + offset)
      offset += text.length
    })
  }

  get address(): number {
    return this.#pointers.address
  }
}
