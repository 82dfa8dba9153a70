import type { Reused, RunCost, RunEnergy, SweepCost } from '../../../../preload/contract/costs.ts'
import { bytes, count, duration, percent, plural, significant } from '../format.ts'

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
  energyOf: ({ low, high }: RunEnergy) => `about ${about(low / 3600, high / 3600, 'Wh')} so far`,
  counter: 'Read from the processor’s own counter (RAPL), with whatever else runs.',
  assumed: 'Assumed, not measured: 3 to 15 W for each busy thread.',
  cardPart: { counter: 'The card by its own counter (NVML).', power: 'The card by the power that it tells (NVML).' },
  carbonOf: ({ low, high }: RunEnergy, grams: number) =>
    `about ${about((low / KILOWATT_HOUR) * grams, (high / KILOWATT_HOUR) * grams, 'g')} of CO2e at ${significant(grams)} g to a kilowatt-hour`,
  heldUp: 'Held up',
  heldUpBy: {
    rows: 'Steps wait for their rows. Dropout of 0, or the data folder on a quicker disk, may help.',
    disk: 'Steps wait for checkpoints. A higher save_steps, or validation less often, may help.'
  },
  reused: 'From caches',
  reusedOf: ({ passes, found, texts }: Reused) =>
    [
      ...(passes > 0 ? [`${count(passes)} passes of a row through frozen layers`] : []),
      ...(found > 0 ? [`vectors of ${plural(found, 'row', 'rows')} of an earlier run`] : []),
      ...(texts > 0 ? [`tokens of ${plural(texts, 'row', 'rows')}`] : [])
    ].join(', '),
  saved: ({ seconds, passes }: Reused) =>
    seconds === null || passes === 0 ? null : `Not computed again: about ${duration(seconds)}.`,
  sweep: 'Taken in all',
  sweepOf: ({ runs, isPartial, seconds, busySeconds, tokens }: SweepCost) =>
    `${plural(runs, 'ended run', 'ended runs')}${isPartial ? ' (one in part)' : ''}: ${duration(seconds)}, threads busy for ${duration(busySeconds)}, ${plural(tokens, 'token', 'tokens')}`,
  sweepEnergy: ({ energy, gridIntensity }: SweepCost): string | null => {
    if (energy === null) return null
    const grams = (joules: number): number => (joules / KILOWATT_HOUR) * (gridIntensity ?? 0)
    const carbon = gridIntensity === null ? '' : `, about ${about(grams(energy.low), grams(energy.high), 'g')} of CO2e`
    return `about ${about(energy.low / 3600, energy.high / 3600, 'Wh')}${carbon}`
  }
}
