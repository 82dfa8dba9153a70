import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { lazy } from '../base/lazy.ts'
import { readFile } from '../base/sealed/fs.ts'

/** The cores that this process may compute on; what the system does not tell is null. */
export interface Cores {
  /** Hardware threads, as far as affinity and a container's quota leave them. */
  readonly logical: number
  readonly physical: number | null
  /** On processors with cores of two kinds, the quick ones and their hardware threads. */
  readonly quick: { readonly physical: number; readonly logical: number } | null
}

/** What a system is asked with. */
export interface CoreSource {
  readonly platform: NodeJS.Platform
  readonly logical: number
  /** A file's text; null where there is none. */
  readonly read: (path: string) => Promise<string | null>
  /** What macOS's `sysctl -n` says of some names, one a line; null where it cannot be asked. */
  readonly sysctl: (names: readonly string[]) => Promise<string | null>
}

const here = (): CoreSource => ({
  platform: process.platform,
  logical: availableParallelism(),
  read: (path) => readFile(path, 'utf8').catch(() => null),
  sysctl: (names) =>
    promisify(execFile)('/usr/sbin/sysctl', ['-n', ...names]).then(
      ({ stdout }) => stdout,
      () => null
    )
})

const own = lazy(() => readCores(here()))

/** The cores of this machine, asked once. */
export const coresHere = (): Promise<Cores> => own()

/** Asks the system. Windows tells no more than the hardware threads without a call of its own. */
export async function readCores(source: CoreSource): Promise<Cores> {
  if (source.platform === 'linux') return ofLinux(source)
  if (source.platform === 'darwin') return ofMac(source)
  return { logical: source.logical, physical: null, quick: null }
}

/**
 * Linux names each processor's siblings on its core (`topology/thread_siblings_list`), on Intel's processors of two kinds the quick ones (`cpu_core`), and on
 * ARM's how much each can do (`cpu_capacity`).
 */
async function ofLinux({ logical, read }: CoreSource): Promise<Cores> {
  const status = await read('/proc/self/status')
  const allowed = numbersIn(/^Cpus_allowed_list:\s*(\S+)/m.exec(status ?? '')?.[1])
  const cpus = await Promise.all(
    allowed.map(async (cpu) => {
      const folder = `/sys/devices/system/cpu/cpu${cpu}`
      const core = await read(`${folder}/topology/thread_siblings_list`)
      return { cpu, core: core?.trim() ?? null, capacity: Number((await read(`${folder}/cpu_capacity`)) ?? Number.NaN) }
    })
  )
  const [first] = cpus
  if (first === undefined || cpus.some(({ core }) => core === null)) return { logical, physical: null, quick: null }
  const named = new Set(numbersIn((await read('/sys/devices/cpu_core/cpus'))?.trim()))
  const most = Math.max(...cpus.map(({ capacity }) => capacity))
  const quick = cpus.filter(({ cpu, capacity }) => (named.size > 0 ? named.has(cpu) : capacity === most))
  const coresOf = (some: typeof cpus): number => new Set(some.map(({ core }) => core)).size
  const isMixed = quick.length > 0 && quick.length < cpus.length
  const bounded = (count: number): number => Math.min(count, logical)
  return {
    logical,
    physical: bounded(coresOf(cpus)),
    quick: isMixed ? { physical: bounded(coresOf(quick)), logical: bounded(quick.length) } : null
  }
}

/** The numbers of a list such as `0-3,8`. */
function numbersIn(list: string | undefined): readonly number[] {
  return (list ?? '').split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number)
    if (part === '' || from === undefined || to === undefined || !(to >= from)) return []
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}

/** Apple's processors have no second hardware thread on a core; level 0 are the quick ones. */
async function ofMac({ logical, sysctl }: CoreSource): Promise<Cores> {
  const [physical] = ((await sysctl(['hw.physicalcpu'])) ?? '').split('\n').map(Number)
  const [quick] = ((await sysctl(['hw.perflevel0.physicalcpu'])) ?? '').split('\n').map(Number)
  const isMixed = quick !== undefined && quick > 0 && physical !== undefined && quick < physical
  return {
    logical,
    physical: physical !== undefined && physical > 0 ? Math.min(physical, logical) : null,
    quick: isMixed ? { physical: quick, logical: quick } : null
  }
}

/** Threads of a run on a machine of which nothing was timed. A product of matrices gains little from a core's second thread; with few threads every one counts. */
export function usualThreads({ logical }: Pick<Cores, 'logical'>): number {
  return logical > 4 ? Math.ceil(logical / 2) : logical
}

/** The numbers of threads that may be the best here, the usual one first. */
export function candidateThreads(cores: Cores): readonly number[] {
  const { logical, physical, quick } = cores
  const all = [usualThreads(cores), physical, logical, quick?.physical, quick?.logical]
  return [...new Set(all.filter((count): count is number => typeof count === 'number' && count > 0))]
}
