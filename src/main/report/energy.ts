import { count, number, object, oneOf, type Check } from './shape.ts'
import { duration, NO_BREAK, significant } from './numbers.ts'

/** What a run took in electricity, as far as the machine tells. */
export interface EnergyFacts {
  /** `counter`: read from the processor's own counter (RAPL). `assumed`: busy seconds times an assumed power. */
  readonly method: 'counter' | 'assumed'
  /** Joules; equal where they were read. */
  readonly low: number
  readonly high: number
  /** Seconds that processor threads were busy, added up, and seconds that passed. */
  readonly busySeconds: number
  readonly seconds: number
  /** Threads that the run was given. */
  readonly threads: number
}

/** Watts of one busy thread, from a frugal laptop to a desktop or server: an assumption, so the range is wide. */
const ASSUMED_WATTS = [3, 15] as const

const facts = object<EnergyFacts>({
  method: oneOf('counter', 'assumed'),
  low: number,
  high: number,
  busySeconds: number,
  seconds: number,
  threads: count
})

/** Reports made before it was estimated lack it. */
export const checkEnergy: Check = (value) => (value === undefined ? null : facts(value))

/** What a meter read, as the report keeps it. `joules`: null where the machine does not tell. */
export function energyOf(
  { joules, busySeconds }: { readonly joules: number | null; readonly busySeconds: number },
  seconds: number,
  threads: number
): EnergyFacts {
  const [least, most] = ASSUMED_WATTS
  const common = { busySeconds, seconds, threads }
  return joules === null
    ? { method: 'assumed', low: busySeconds * least, high: busySeconds * most, ...common }
    : { method: 'counter', low: joules, high: joules, ...common }
}

/** 0.01 Wh: less is not worth telling apart. */
const LEAST_JOULES = 36

const wattHours = (joules: number): string => significant(joules / 3600, 1)

/** The estimate with its method; one significant digit, as no more is known. */
export function energySentence({ method, low, high, busySeconds, seconds }: EnergyFacts): string {
  if (method === 'counter')
    return `About ${wattHours(low)}${NO_BREAK}Wh for processor and memory in ${duration(seconds)}, by the processor's own counter (RAPL), with whatever else ran meanwhile.`
  const [least, most] = ASSUMED_WATTS
  const amount = high < LEAST_JOULES ? `Less than ${wattHours(LEAST_JOULES)}` : `Roughly ${wattHours(low)} to ${wattHours(high)}`
  return `${amount}${NO_BREAK}Wh, assumed, not measured: threads were busy for ${duration(busySeconds)} in all, at ${least} to ${most}${NO_BREAK}W each. Screen, disks and cooling are left out.`
}
