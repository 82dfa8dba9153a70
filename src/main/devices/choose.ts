import type { TrainingDevice } from '../config/config-types.ts'
import type { Machine, WorkingDevice } from './machine.ts'

/** What an automatic choice came to. */
export interface DeviceChoice {
  readonly device: TrainingDevice
  /** One or two sentences. */
  readonly why: string
}

/** What one step of a run takes. */
export interface StepWork {
  /** Floating-point operations in products of matrices. */
  readonly operations: number
  /** Kernels that are started one after another. */
  readonly kernels: number
}

/** A card must be so much faster than the processor, for what was measured may be off and a card's results differ in their last digits. */
const CLEARLY = 1.5

/** Seconds of one step on a device, by what was measured: the products at its rate, and what each kernel costs to start. */
export const stepSeconds = ({ rate, latency }: WorkingDevice, { operations, kernels }: StepWork): number =>
  operations / rate + kernels * latency

/** About how long a step takes on each device that computed what it should, in seconds. */
export function timeDevices(
  { devices }: Pick<Machine, 'devices'>,
  work: StepWork
): readonly { readonly device: TrainingDevice; readonly name: string; readonly seconds: number }[] {
  return Object.entries(devices).flatMap(
    ([device, verdict]) =>
      verdict.status === 'refused'
        ? []
        : [{ device: device as TrainingDevice, name: nameOf(verdict), seconds: stepSeconds(verdict, work) }] // A key of the record.
  )
}

/**
 * The fastest device for a kind of run among those that computed what they should; the processor where none is clearly faster. `run`: what the sentence calls
 * the run.
 */
export function chooseDevice({ devices }: Machine, work: StepWork, run = 'this run'): DeviceChoice {
  const timed = timeDevices({ devices }, work)
  const own = timed.find(({ device }) => device === 'cpu')?.seconds
  if (own === undefined) return { device: 'cpu', why: untried }
  const [best] = timed.filter(({ device }) => device !== 'cpu').toSorted((a, b) => a.seconds - b.seconds)
  if (!best) return { device: 'cpu', why: alone(devices) }
  const times = `${best.name} would take about ${time(best.seconds)} for a step of ${run}, the processor ${time(own)}`
  const measured = 'by the rates measured on this PC'
  return best.seconds * CLEARLY < own
    ? { device: best.device, why: `${times}, ${measured}: ${best.name} computes.` }
    : { device: 'cpu', why: `${times}, ${measured}: the processor computes.` }
}

const untried =
  'The processor computes, as the devices of this PC were not tried yet. Settings, Device (or attune devices) tries them.'

function alone(devices: Machine['devices']): string {
  const refused = Object.values(devices).filter(({ status }) => status === 'refused')
  return refused.length === 0
    ? 'The processor computes, as no other device was tried yet. Settings, Device (or attune devices) tries them.'
    : 'The processor computes: no other device of this PC passed its test.'
}

const nameOf = ({ card, device }: WorkingDevice): string => card ?? device

function time(seconds: number): string {
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(2))} ms`
  return `${seconds < 100 ? Number(seconds.toPrecision(2)) : Math.round(seconds)} s`
}

/** A step for which a card is usually worth its while: an encoder of six layers, 768 wide, learns with every weight from 16 texts of 128 tokens. */
export const LARGE_STEP: StepWork = { operations: 522e9, kernels: 720 }
export const LARGE_RUN = 'a large run'
