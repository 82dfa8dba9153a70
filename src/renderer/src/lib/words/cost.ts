import type { RunCost } from '../../../../preload/contract/costs.ts'
import { bytes, count, percent, significant } from '../format.ts'

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** `3.4 TFLOP`. */
function flop(operations: number, unit: string): string {
  const power = operations < 1 ? 0 : Math.min(PREFIXES.length - 1, Math.floor(Math.log10(operations) / 3))
  return `${significant(operations / 1000 ** power)}\u00a0${PREFIXES[power] ?? ''}${unit}`
}

/** A range of which no more than one digit is known. */
function about(low: number, high: number, unit: string): string {
  const short = (value: number): string => significant(Number(value.toPrecision(1)))
  return low === high ? `${short(low)}\u00a0${unit}` : `${short(low)} to ${short(high)}\u00a0${unit}`
}

const KILOWATT_HOUR = 3.6e6

export const cost = {
  tab: 'Cost',
  title: 'What this training takes',
  waiting: 'Told once training has gone on for a few seconds.',
  ended: 'What the training took stands in its report.',
  line: ({ rowsPerSecond, memory }: RunCost) => `${significant(rowsPerSecond)} rows a second · ${bytes(memory)}`,
  speed: 'Speed',
  speedOf: ({ rowsPerSecond, tokensPerSecond }: RunCost) =>
    `${significant(rowsPerSecond)} rows, ${count(Math.round(tokensPerSecond))} tokens a second`,
  work: 'Arithmetic',
  workOf: ({ rate, operations }: RunCost) => `${flop(rate, 'FLOP/s')}, ${flop(operations, 'FLOP')} so far`,
  share: (share: number) => `${percent(share)} of the fastest product of matrices measured here`,
  noShare: 'Settings, Device measures how fast this PC multiplies; then the share is told, too.',
  memory: 'Memory',
  memoryOf: ({ memory, peakMemory }: RunCost) => `${bytes(memory)} now, ${bytes(peakMemory)} at most`,
  busy: 'Processor',
  busyOf: (share: number) => `${percent(share)} of the run’s threads busy`,
  card: 'Card',
  cardOf: ({ busy, used, total }: NonNullable<RunCost['card']>) =>
    `${busy === null ? '' : `${percent(busy)} in use, `}${bytes(used)} of ${bytes(total)} memory`,
  waits: 'The card waits: reading and preparing rows may be what takes the time.',
  energy: 'Electricity',
  energyOf: ({ low, high }: NonNullable<RunCost['energy']>) => `about ${about(low / 3600, high / 3600, 'Wh')} so far`,
  counter: 'Read from the processor’s own counter (RAPL), with whatever else runs.',
  assumed: 'Assumed, not measured: 3 to 15 W for each busy thread.',
  carbonOf: ({ low, high }: NonNullable<RunCost['energy']>, grams: number) =>
    `about ${about((low / KILOWATT_HOUR) * grams, (high / KILOWATT_HOUR) * grams, 'g')} of CO2e at ${significant(grams)} g to a kilowatt-hour`
}
