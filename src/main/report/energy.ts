import { count, number, object, oneOf, optional, type Check } from './shape.ts'
import { duration, NO_BREAK, significant } from './numbers.ts'

/** What a run took in electricity, as far as the machine tells. */
export interface EnergyFacts {
  /** `counter`: read from the processor's own counter (RAPL). `assumed`: busy seconds times an assumed power. */
  readonly method: 'counter' | 'assumed'
  /** Joules, those of a card included; equal where they were read. */
  readonly low: number
  readonly high: number
  /** Seconds that processor threads were busy, added up, and seconds that passed. */
  readonly busySeconds: number
  readonly seconds: number
  /** Threads that the run was given. */
  readonly threads: number
  /** Of these joules, those of a graphics card; left out where none computed. */
  readonly card?: CardEnergy
}

/** What a card took: read from its own counter, or its power as it told it every few seconds, times the time between. */
export interface CardEnergy {
  readonly method: 'counter' | 'power'
  readonly joules: number
}

/** Watts of one busy thread, from a frugal laptop to a desktop or server: an assumption, so the range is wide. */
const ASSUMED_WATTS = [3, 15] as const

const facts = object<EnergyFacts>({
  method: oneOf('counter', 'assumed'),
  low: number,
  high: number,
  busySeconds: number,
  seconds: number,
  threads: count,
  card: optional(object<CardEnergy>({ method: oneOf('counter', 'power'), joules: number }))
})

/** Reports made before it was estimated lack it. */
export const checkEnergy: Check = optional(facts)

/** What a meter read, as the report keeps it. `joules`: null where the machine does not tell. `card`: what its card took besides, where one computed. */
export function energyOf(
  { joules, busySeconds }: { readonly joules: number | null; readonly busySeconds: number },
  seconds: number,
  threads: number,
  card?: CardEnergy
): EnergyFacts {
  const [least, most] = joules === null ? ASSUMED_WATTS.map((watts) => busySeconds * watts) : [joules, joules]
  const besides = card?.joules ?? 0
  return {
    method: joules === null ? 'assumed' : 'counter',
    low: (least ?? 0) + besides,
    high: (most ?? 0) + besides,
    ...{ busySeconds, seconds, threads },
    ...(card && { card })
  }
}

/** What several trainings took together; null where that of one is not known. What was read of only some of them counts as assumed. */
export function sumEnergy(all: readonly (EnergyFacts | null)[]): EnergyFacts | null {
  const known = all.filter((each) => each !== null)
  if (known.length === 0 || known.length < all.length) return null
  const sum = (of: (each: EnergyFacts) => number): number => known.reduce((total, each) => total + of(each), 0)
  const cards = known.flatMap(({ card }) => (card ? [card] : []))
  const card: CardEnergy = {
    method: cards.every(({ method }) => method === 'counter') ? 'counter' : 'power',
    joules: sum((each) => each.card?.joules ?? 0)
  }
  return {
    method: known.every(({ method }) => method === 'counter') ? 'counter' : 'assumed',
    low: sum(({ low }) => low),
    high: sum(({ high }) => high),
    busySeconds: sum(({ busySeconds }) => busySeconds),
    seconds: sum(({ seconds }) => seconds),
    threads: Math.max(...known.map(({ threads }) => threads)),
    ...(cards.length > 0 && { card })
  }
}

/** 0.01 Wh: less is not worth telling apart. */
const LEAST_JOULES = 36

const wattHours = (joules: number): string => significant(joules / 3600, 1)

/** The estimate with its method; one significant digit, as no more is known. */
export function energySentence({ card, ...all }: EnergyFacts): string {
  const besides = card?.joules ?? 0
  const sentence = processorSentence({ ...all, low: all.low - besides, high: all.high - besides })
  return card ? `${cardSentence(card)} ${sentence}` : sentence
}

function cardSentence({ method, joules }: CardEnergy): string {
  const how =
    method === 'counter'
      ? 'by its own counter (NVML)'
      : 'by the power that it told every few seconds (NVML), times the time between'
  return `About ${wattHours(joules)}${NO_BREAK}Wh for the card, ${how}, with whatever else ran on it.`
}

function processorSentence({ method, low, high, busySeconds, seconds }: EnergyFacts): string {
  if (method === 'counter')
    return `About ${wattHours(low)}${NO_BREAK}Wh for processor and memory in ${duration(seconds)}, by the processor's own counter (RAPL), with whatever else ran meanwhile.`
  const [least, most] = ASSUMED_WATTS
  const amount = high < LEAST_JOULES ? `Less than ${wattHours(LEAST_JOULES)}` : `Roughly ${wattHours(low)} to ${wattHours(high)}`
  return `${amount}${NO_BREAK}Wh, assumed, not measured: threads were busy for ${duration(busySeconds)} in all, at ${least} to ${most}${NO_BREAK}W each. Screen, disks and cooling are left out.`
}
