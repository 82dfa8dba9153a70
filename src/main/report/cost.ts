import { energySentence, type EnergyFacts } from './energy.ts'
import { compact, duration, NO_BREAK, percent, significant, whole } from './numbers.ts'
import { count, number, object, optional, orNull, truth, type Check } from './shape.ts'

/** What the steps of a training took. */
export interface CostFacts {
  /** Floating-point operations in products of matrices, counted from the graph. */
  readonly operations: number
  /** Seconds of the steps, evaluations and checkpoints left out. */
  readonly seconds: number
  readonly rows: number
  /** Operations in a second that this machine was measured to do at most; null where it was not measured. */
  readonly machineRate: number | null
  /** Grams of CO2e to a kilowatt-hour, as the person said; null where they had not. */
  readonly gridIntensity: number | null
  /** Whether the run had begun before: what was taken until then is not in these numbers. */
  readonly goesOn: boolean
  /** Tokens that are not padding. Reports made before it was counted lack this and what follows. */
  readonly tokens?: number
  /** Seconds that passed, and seconds that the processor's threads were busy, added up. */
  readonly elapsed?: number
  readonly busySeconds?: number
  readonly waits?: WaitFacts
  readonly reused?: ReusedFacts
}

/** Seconds in which nothing was computed: a step waited for its rows, or for a checkpoint to be written. */
export interface WaitFacts {
  readonly rows: number
  readonly disk: number
}

/** What was read from caches instead of being computed. */
export interface ReusedFacts {
  /** Passes of a row through frozen layers that were not computed again. */
  readonly passes: number
  /** Rows whose vectors an earlier run had left on disk. */
  readonly found: number
  /** Seconds that computing them took when it was done, times those passes; null where nobody wrote that down. */
  readonly seconds: number | null
  /** Rows of data whose tokens were on disk. */
  readonly texts: number
}

const facts = object<CostFacts>({
  operations: number,
  seconds: number,
  rows: count,
  machineRate: orNull(number),
  gridIntensity: orNull(number),
  goesOn: truth,
  tokens: optional(count),
  elapsed: optional(number),
  busySeconds: optional(number),
  waits: optional(object<WaitFacts>({ rows: number, disk: number })),
  reused: optional(object<ReusedFacts>({ passes: count, found: count, seconds: orNull(number), texts: count }))
})

/** Reports made before it was counted lack it. */
export const checkCost: Check = optional(facts)

const noWaits: WaitFacts = { rows: 0, disk: 0 }
const nothingReused: ReusedFacts = { passes: 0, found: 0, seconds: 0, texts: 0 }

/** What several trainings took together. @throws Error where there is none */
export function sumCosts(all: readonly CostFacts[]): CostFacts {
  return all.reduce((a, b) => ({
    operations: a.operations + b.operations,
    seconds: a.seconds + b.seconds,
    rows: a.rows + b.rows,
    // A share of two rates is a share of neither.
    machineRate: a.machineRate === b.machineRate ? a.machineRate : null,
    gridIntensity: b.gridIntensity ?? a.gridIntensity,
    goesOn: a.goesOn || b.goesOn,
    tokens: (a.tokens ?? 0) + (b.tokens ?? 0),
    elapsed: (a.elapsed ?? 0) + (b.elapsed ?? 0),
    busySeconds: (a.busySeconds ?? 0) + (b.busySeconds ?? 0),
    waits: sumWaits(a.waits ?? noWaits, b.waits ?? noWaits),
    reused: sumReused(a.reused ?? nothingReused, b.reused ?? nothingReused)
  }))
}

const sumWaits = (a: WaitFacts, b: WaitFacts): WaitFacts => ({ rows: a.rows + b.rows, disk: a.disk + b.disk })

const sumReused = (a: ReusedFacts, b: ReusedFacts): ReusedFacts => ({
  passes: a.passes + b.passes,
  found: a.found + b.found,
  seconds: a.seconds === null || b.seconds === null ? null : a.seconds + b.seconds,
  texts: a.texts + b.texts
})

/** From this share of the time on it is said what steps wait for: whatever is done about it, a run ends earlier by that share at most. */
const HINT_SHARE = 0.2
/** Seconds before which a share says little. */
const HINT_SECONDS = 10

/** Shares of the time of training in which steps waited. */
export function waitShares({ seconds, waits = noWaits }: CostFacts): WaitFacts {
  const whole = Math.max(seconds + waits.rows + waits.disk, Number.MIN_VALUE)
  return { rows: waits.rows / whole, disk: waits.disk / whole }
}

/** What holds a training up most, where that is worth a word. */
export function bottleneckOf(cost: CostFacts): keyof WaitFacts | null {
  const { rows, disk } = waitShares(cost)
  if (Math.max(rows, disk) < HINT_SHARE || cost.seconds < HINT_SECONDS) return null
  return rows >= disk ? 'rows' : 'disk'
}

/** What steps waited for, and what to do about it; null where that is not worth a word. */
export function waitSentence(cost: CostFacts): string | null {
  const what = bottleneckOf(cost)
  if (what === null) return null
  const share = percent(waitShares(cost)[what])
  return what === 'rows'
    ? `In ${share} of the time of training the next rows were not ready when a step was. Dropout of 0 or a data folder on a quicker disk help.`
    : `${share} of the time of training went into writing checkpoints. A higher save_steps, validation less often (each better one is kept) and a quicker disk help.`
}

/** What the caches saved; null where they saved nothing. */
export function reusedSentence({ reused = nothingReused }: CostFacts): string | null {
  const { passes, found, seconds, texts } = reused
  const kept = found > 0 ? `, the vectors of ${whole(found)} rows from an earlier run` : ''
  const time = seconds === null || passes === 0 ? '' : `; computing them took ${duration(seconds)} at the pace of the first time`
  const layers =
    passes > 0 ? [`${whole(passes)} passes of a row through frozen layers were read, not computed again${kept}${time}.`] : []
  return layers.length + texts === 0
    ? null
    : [...layers, ...(texts > 0 ? [`The tokens of ${whole(texts)} rows were on disk.`] : [])].join(' ')
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** `3.4 TFLOP`: three digits and the prefix that keeps them short. */
export function flopText(operations: number, unit = 'FLOP'): string {
  const power = operations < 1 ? 0 : Math.min(PREFIXES.length - 1, Math.floor(Math.log10(operations) / 3))
  return `${compact(operations / 1000 ** power)}${NO_BREAK}${PREFIXES[power] ?? ''}${unit}`
}

/** What the steps took of arithmetic, and how near that is to what the machine does at most; null where there were no steps. */
export function workSentence({ operations, seconds, machineRate, goesOn }: CostFacts): string | null {
  if (operations <= 0 || seconds <= 0) return null
  const rate = operations / seconds
  // A machine that was busy when it was measured does more than it then seemed to.
  const share =
    machineRate === null ? '' : `, ${percent(Math.min(1, rate / machineRate))} of the fastest product of matrices measured here`
  const part = goesOn ? ' Since it was continued; what came before is not counted.' : ''
  return `${flopText(operations)} in products of matrices, ${flopText(rate, 'FLOP/s')}${share}.${part}`
}

/** The estimate of electricity, and of CO2e where the person said what a kilowatt-hour costs. */
export function electricitySentence(energy: EnergyFacts, gridIntensity: number | null): string {
  const sentence = energySentence(energy)
  if (gridIntensity === null) return sentence
  const grams = (joules: number): string => significant((joules / 3.6e6) * gridIntensity, 1)
  const [low, high] = [grams(energy.low), grams(energy.high)]
  const range = low === high ? `About ${low}` : `Roughly ${low} to ${high}`
  return `${sentence} ${range}${NO_BREAK}g of CO2e, at ${compact(gridIntensity)}${NO_BREAK}g to a kilowatt-hour, as set on this PC.`
}

const titles = { work: 'Arithmetic', taken: 'Taken in all', waits: 'Held up', reused: 'From caches' }

/** What a report says of the cost of a training besides electricity, each with its title. */
export function costRows(cost: CostFacts): readonly (readonly [title: string, value: string])[] {
  const rows: readonly (readonly [string, string | null])[] = [
    [titles.work, workSentence(cost)],
    [titles.taken, takenSentence(cost)],
    [titles.waits, waitSentence(cost)],
    [titles.reused, reusedSentence(cost)]
  ]
  return rows.flatMap(([title, value]) => (value === null ? [] : [[title, value] as const]))
}

function takenSentence({ tokens, elapsed, busySeconds }: CostFacts): string | null {
  if (tokens === undefined || elapsed === undefined || busySeconds === undefined) return null
  return `${whole(tokens)} tokens in ${duration(elapsed)}; processor threads were busy for ${duration(busySeconds)} in all.`
}
