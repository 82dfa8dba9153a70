import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where Linux shows the energy counters of processors (RAPL). Elsewhere, and for users who may not read them, there are none. */
const POWERCAP = '/sys/class/powercap'

interface Counter {
  readonly name: string
  /** Microjoules since some moment; it starts again from 0 beyond `range`. */
  readonly value: number
  readonly range: number
}

async function readCounters(folder: string): Promise<readonly Counter[]> {
  const counterOf = async (name: string): Promise<Counter> => {
    const read = async (file: string): Promise<number> => Number(await readFile(join(folder, name, file), 'utf8'))
    return { name, value: await read('energy_uj'), range: await read('max_energy_range_uj') }
  }
  try {
    // Packages alone: `intel-rapl:0:1` is a part of `intel-rapl:0`.
    const names = (await readdir(folder)).filter((name) => /^(?:intel|amd)-rapl:\d+$/.test(name))
    return await Promise.all(names.map(counterOf))
  } catch {
    // No such folder, or root's alone to read: both mean that nothing can be measured.
    return []
  }
}

/** Counters may start again within the hour; looking this often, no turn is missed. */
const LOOK_EVERY_MS = 5 * 60_000

/** What was used; `joules` is null where the machine does not tell. */
export interface Metered {
  readonly joules: number | null
  readonly busySeconds: number
}

/** Joules by the processors' counters, and seconds that this process kept threads busy. */
export class EnergyMeter {
  readonly #folder: string
  readonly #cpu = process.cpuUsage()
  readonly #timer: NodeJS.Timeout
  #last: Promise<readonly Counter[]>
  /** NaN once a counter was missing. */
  #joules = 0

  constructor(folder = POWERCAP) {
    this.#folder = folder
    this.#last = readCounters(folder)
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Since the meter was made, which ends with it; `joules` is null where the machine does not tell. */
  finish(): Promise<Metered> {
    this.dispose()
    return this.read()
  }

  /** Since the meter was made. */
  async read(): Promise<Metered> {
    await this.#look()
    const { user, system } = process.cpuUsage(this.#cpu)
    return { joules: Number.isFinite(this.#joules) ? this.#joules : null, busySeconds: (user + system) / 1e6 }
  }

  dispose(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    const before = await this.#last
    this.#last = readCounters(this.#folder)
    const after = new Map((await this.#last).map((counter) => [counter.name, counter]))
    if (before.length === 0) this.#joules = NaN
    for (const { name, value, range } of before) {
      const gain = (after.get(name)?.value ?? NaN) - value
      this.#joules += (gain < 0 ? gain + range : gain) / 1e6
    }
  }
}
