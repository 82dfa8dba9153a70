import type { Runtime } from '../runtime/port.ts'
import type { ParameterGroup } from './parameter-groups.ts'
import { cut, type Stretch } from './sweep.ts'

/** How norm and optimizer go over the arena's flat arrays. */
export interface Sweeping {
  /** Copies of a program that run at once. */
  readonly lanes: number
  /** Stretches that one run of an update program goes over, and the longest of them. */
  readonly perRun: number
  readonly longest: number
  /** A group's pieces, one for each run of the norm program. */
  readonly norms: (group: ParameterGroup) => readonly Stretch[]
  /** A group's pieces, one for each run of an update program. */
  readonly updates: (group: ParameterGroup) => readonly Stretch[]
}

/** On the CPU, elements whose norm is taken in one run. */
const normStretch = 1 << 17

/**
 * On the CPU, elements an optimizer program updates at a time, short enough for the cache, and how many such stretches it updates in one run, so that the
 * run's fixed cost does not outweigh them (bench/README.md).
 */
const updateStretch = 1 << 15
const stretchesPerRun = 8

/** On a GPU the fixed cost of a run counts, and the memory of what lies between a program's nodes: 64 MiB each. */
const deviceStretch = 1 << 24

/** How to sweep in a runtime's memory. WebGPU's cannot be entered in the middle: each parameter is a stretch of its own. */
export function sweepingOf({ provider, threads }: Pick<Runtime, 'provider' | 'threads'>): Sweeping {
  if (provider === 'webgpu') return { lanes: 1, perRun: 1, longest: Number.MAX_SAFE_INTEGER, norms: slotsOf, updates: slotsOf }
  const isCpu = provider === 'cpu'
  const perRun = isCpu ? stretchesPerRun : 1
  const longest = isCpu ? updateStretch : deviceStretch
  const normLength = isCpu ? normStretch : deviceStretch
  return {
    lanes: isCpu ? threads : 1,
    perRun,
    longest,
    norms: (group) => cut(group, normLength),
    updates: (group) => cut(group, longest * perRun)
  }
}

const slotsOf = ({ slots }: ParameterGroup): readonly Stretch[] =>
  slots.map(({ offset, parameter: { size } }) => ({ offset, size }))
