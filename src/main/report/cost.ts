import { energySentence, type EnergyFacts } from './energy.ts'
import { compact, NO_BREAK, percent, significant } from './numbers.ts'
import { count, number, object, orNull, truth, type Check } from './shape.ts'

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
}

const facts = object<CostFacts>({
  operations: number,
  seconds: number,
  rows: count,
  machineRate: orNull(number),
  gridIntensity: orNull(number),
  goesOn: truth
})

/** Reports made before it was counted lack it. */
export const checkCost: Check = (value) => (value === undefined ? null : facts(value))

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
