import type { Program, Runtime } from '../runtime/port.ts'
import type { ParameterGroup } from './parameter-groups.ts'
import { cut, type Stretch } from './sweep.ts'

/** What one run of a norm or update program goes over, stretch after stretch; the program is the one for as many. */
export type SweepRun = readonly Stretch[]

/** How norm and optimizer go over the arena's flat arrays. */
export interface Sweeping {
  /** Copies of a program that run at once. */
  readonly lanes: number
  readonly norms: (groups: readonly ParameterGroup[]) => readonly SweepRun[]
  readonly updates: (group: ParameterGroup) => readonly SweepRun[]
}

/** On the CPU, elements whose norm is taken in one run. */
const normStretch = 1 << 17

/**
 * On the CPU, elements an optimizer program updates at a time, short enough for the cache, and how many such stretches it updates in one run, so that the
 * run's fixed cost does not outweigh them (bench/README.md).
 */
const updateStretch = 1 << 15
const stretchesPerRun = 8

/**
 * On a GPU the fixed cost of a run counts, since each waits for the card, and the memory of what lies between a program's nodes: 16 MiB each. So one run
 * goes over up to 134 million elements in stretches.
 */
const deviceStretch = 1 << 22
const mostPerRun = 32

/** How to sweep in a runtime's memory, which is the host's with DirectML. WebGPU's cannot be entered in the middle: each parameter is a stretch of its own. */
export function sweepingOf({ provider, threads }: Pick<Runtime, 'provider' | 'threads'>): Sweeping {
  if (provider === 'cpu' || provider === 'directml') {
    const norms: Sweeping['norms'] = (groups) => groups.flatMap((group) => oneByOne(cut(group, normStretch)))
    const updates: Sweeping['updates'] = (group) => cut(group, updateStretch * stretchesPerRun).map(filled)
    return { lanes: threads, norms, updates }
  }
  if (provider === 'webgpu')
    return { lanes: 1, norms: (groups) => oneByOne(groups.flatMap(slotsOf)), updates: (group) => oneByOne(slotsOf(group)) }
  const runs = (whole: Stretch): readonly SweepRun[] =>
    cut(whole, deviceStretch * mostPerRun).map((run) => cut(run, deviceStretch))
  return { lanes: 1, norms: (groups) => joined(groups).flatMap(runs), updates: runs }
}

const oneByOne = (stretches: readonly Stretch[]): readonly SweepRun[] => stretches.map((stretch) => [stretch])

/** The stretches of one run on the CPU; where the group ends earlier, the rest have no elements, so that one program serves for all runs. */
function filled(run: Stretch): SweepRun {
  const stretches = cut(run, updateStretch)
  return Array.from({ length: stretchesPerRun }, (_, part) => stretches[part] ?? { offset: run.offset, size: 0 })
}

const slotsOf = ({ slots }: ParameterGroup): readonly Stretch[] =>
  slots.map(({ offset, parameter: { size } }) => ({ offset, size }))

/** Stretches that follow each other as one. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const whole: Stretch[] = []
  for (const { offset, size } of stretches) {
    const last = whole.at(-1)
    if (last && last.offset + last.size === offset) whole[whole.length - 1] = { offset: last.offset, size: last.size + size }
    else whole.push({ offset, size })
  }
  return whole
}

/** The programs of one kind, by the number of stretches that they go over; each in as many copies as run at once. */
export class SweepPrograms {
  readonly #open: (parts: number) => Promise<readonly Program[]>
  readonly #known = new Map<number, Promise<readonly Program[]>>()

  constructor(open: (parts: number) => Promise<readonly Program[]>) {
    this.#open = open
  }

  /** The copies of the program for so many stretches, opened at the first use, or anew where that failed. */
  of(parts: number): Promise<readonly Program[]> {
    const known = this.#known.get(parts) ?? this.#open(parts)
    this.#known.set(parts, known)
    known.catch(() => this.#known.delete(parts))
    return known
  }

  /** Opens what some runs need. */
  async prepare(runs: readonly SweepRun[]): Promise<void> {
    for (const parts of new Set(runs.map(({ length }) => length))) await this.of(parts)
  }

  async dispose(): Promise<void> {
    for (const programs of this.#known.values()) for (const program of await programs) await program.dispose()
  }
}
