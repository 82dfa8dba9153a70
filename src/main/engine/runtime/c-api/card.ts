import { load } from 'koffi'

/** What an NVIDIA card says of itself now; null for what it does not say. */
export interface CardReading {
  readonly name: string | null
  /** Bytes of its memory. */
  readonly memory: { readonly total: number; readonly free: number } | null
  /** Share of the last moments in which it computed, 0 to 1. */
  readonly busy: number | null
  /** Energy since the driver was loaded, in joules. */
  readonly joules: number | null
  /** Power of the last moments, in watts. */
  readonly watts: number | null
}

/** A function of a C library: its arguments are numbers and the memory that it writes into; 0 is success. */
type CFunction = (...values: readonly (number | bigint | string | Uint8Array | BigUint64Array | Uint32Array)[]) => number

/** Looks up a C function that returns an int; throws where the library has none of the name. */
export type FindFunction = (name: string, parameters: readonly string[]) => CFunction

/** NVIDIA's two libraries: CUDA's runtime, which the pack brings, and what the driver brings to look after cards (NVML). */
export interface CardLibraries {
  readonly cuda: FindFunction
  /** Null where the driver brings none. */
  readonly care: FindFunction | null
}

/** koffi closes a library whose object is collected, under the feet of every function taken from it. */
const held: unknown[] = []

function findIn(names: readonly string[]): FindFunction {
  const library = names.map((name) => load(name)).at(-1)
  if (!library) throw new Error('no library was named')
  held.push(library)
  const found = new Map<string, CFunction>()
  return (name, parameters) => {
    // koffi's functions take and return what their parameters say.
    const known = found.get(name) ?? library.func(name, 'int', [...parameters])
    found.set(name, known)
    return known
  }
}

/** The libraries of this process, in which the CUDA pack is loaded already. @throws Error where it is not */
export function cardLibraries(): CardLibraries {
  const isWindows = process.platform === 'win32'
  const cuda = findIn([isWindows ? 'cudart64_13.dll' : 'libcudart.so.13'])
  try {
    return { cuda, care: findIn([isWindows ? 'nvml.dll' : 'libnvidia-ml.so.1']) }
  } catch {
    // A container may be given a card without this library; memory is told by CUDA itself.
    return { cuda, care: null }
  }
}

const TEXT_BYTES = 96

/** NVML and its handle of a card. */
interface Care {
  readonly find: FindFunction
  readonly device: bigint
}

/** The card that this process computes on: CUDA's first. */
export class Card {
  readonly #memoryInfo: CFunction
  readonly #care: Care | null

  private constructor(memoryInfo: CFunction, care: Care | null) {
    this.#memoryInfo = memoryInfo
    this.#care = care
  }

  /** Finds the card by its place on the bus: the two libraries count cards in different orders. */
  static open({ cuda, care }: CardLibraries): Card {
    const memoryInfo = cuda('cudaMemGetInfo', ['void *', 'void *'])
    if (care === null) return new Card(memoryInfo, null)
    const place = new Uint8Array(TEXT_BYTES)
    const device = new BigUint64Array(1)
    const isFound =
      cuda('cudaDeviceGetPCIBusId', ['void *', 'int', 'int'])(place, place.length, 0) === 0 &&
      care('nvmlInit_v2', [])() === 0 &&
      care('nvmlDeviceGetHandleByPciBusId_v2', ['str', 'void *'])(textOf(place), device) === 0
    return new Card(memoryInfo, isFound ? { find: care, device: device[0] ?? 0n } : null)
  }

  look(): CardReading {
    const free = new BigUint64Array(1)
    const total = new BigUint64Array(1)
    const isTold = this.#memoryInfo(free, total) === 0
    return {
      name: this.#name(),
      memory: isTold ? { total: Number(total[0]), free: Number(free[0]) } : null,
      busy: this.#busy(),
      joules: this.#joules(),
      watts: this.#watts()
    }
  }

  #name(): string | null {
    if (this.#care === null) return null
    const name = new Uint8Array(TEXT_BYTES)
    const ask = this.#care.find('nvmlDeviceGetName', ['uint64', 'void *', 'uint'])
    return ask(this.#care.device, name, name.length) === 0 ? textOf(name) : null
  }

  /** nvmlUtilization_t: per cent of the last sample in which a kernel ran, and of reading or writing memory. */
  #busy(): number | null {
    if (this.#care === null) return null
    const shares = new Uint32Array(2)
    const ask = this.#care.find('nvmlDeviceGetUtilizationRates', ['uint64', 'void *'])
    return ask(this.#care.device, shares) === 0 ? (shares[0] ?? 0) / 100 : null
  }

  /** In millijoules, on cards from Volta on; others refuse. */
  #joules(): number | null {
    if (this.#care === null) return null
    const millijoules = new BigUint64Array(1)
    const ask = this.#care.find('nvmlDeviceGetTotalEnergyConsumption', ['uint64', 'void *'])
    return ask(this.#care.device, millijoules) === 0 ? Number(millijoules[0]) / 1000 : null
  }

  /** In milliwatts, of the whole board. */
  #watts(): number | null {
    if (this.#care === null) return null
    const milliwatts = new Uint32Array(1)
    const ask = this.#care.find('nvmlDeviceGetPowerUsage', ['uint64', 'void *'])
    return ask(this.#care.device, milliwatts) === 0 ? (milliwatts[0] ?? 0) / 1000 : null
  }
}

const textOf = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0)
  return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString('utf8')
}
