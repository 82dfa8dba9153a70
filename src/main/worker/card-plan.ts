import { stepSeconds } from '../devices/choose.ts'
import { readMachine, type Machine } from '../devices/machine.ts'
import { lookAtCard } from '../engine/runtime/index.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { cardWork, planCardMemory, type CardMemory, type CardRun } from '../engine/training/card-memory.ts'
import type { RunTokens } from '../engine/training/expected-time.ts'
import type { Preflight } from '../engine/training/preflight.ts'
import { machineFileHere } from './device-choice.ts'
import { sizeText } from './recomputing.ts'

/** What a run will take of the NVIDIA card that computes it: worked out, never measured there. */
export interface CardForecast {
  readonly needed_bytes: number
  readonly parts: CardMemory
  /** What is free on the card beside what this process has taken of it already; null where the card does not tell. */
  readonly free_bytes: number | null
  /** By the rate of the device's test; null where it was not tried. */
  readonly seconds_per_step: number | null
  readonly expected_seconds: number | null
}

/** How long a run of this length would take by what the device did in its test. */
export function estimateTime(
  device: Machine['devices'][keyof Machine['devices']],
  run: CardRun,
  tokens: RunTokens,
  steps: number
): Pick<CardForecast, 'seconds_per_step' | 'expected_seconds'> {
  if (device?.status !== 'ready') return { seconds_per_step: null, expected_seconds: null }
  const { operations, kernels } = cardWork(run)
  const largest = run.sizes.training['tokens'] ?? 1
  // Of the step's arithmetic by tokens; every micro-batch starts each kernel.
  const micro = Math.max(1, Math.round(tokens.step / largest))
  const step = stepSeconds(device, { operations: (operations * tokens.step) / largest, kernels: kernels * micro })
  // Forward alone is about a third of a step on every parameter, and half of one on an adapter.
  const looks = stepSeconds(device, { operations: (operations / 2) * (tokens.looks / largest), kernels: 0 })
  return { seconds_per_step: step, expected_seconds: steps * step + looks }
}

/** The forecast of a run's card; null where something else than CUDA computes it. */
export async function planCard(
  { provider }: Pick<Runtime, 'provider'>,
  preflight: Preflight,
  microBatch: number | null,
  steps: number
): Promise<CardForecast | null> {
  if (provider !== 'cuda') return null
  const run = preflight.onCard(microBatch)
  const parts = planCardMemory(run)
  const free = (await lookAtCard())?.memory?.free ?? null
  const file = machineFileHere()
  const device = file === undefined ? undefined : (await readMachine(file)).devices[provider]
  return {
    needed_bytes: parts.total,
    parts,
    // The context of this very process is part of what is needed.
    free_bytes: free === null ? null : free + parts.opened,
    ...estimateTime(device, run, preflight.tokens(), steps)
  }
}

/** A sentence for a run that may not fit the card; null where it should. */
export function cardNote({ needed_bytes: needed, free_bytes: free }: CardForecast): string | null {
  if (free === null || needed <= free) return null
  return `This run is estimated to take ${sizeText(needed)} of the card's memory, where ${sizeText(free)} are free. Where it does not suffice, fewer rows are computed at a time; close other programs that use the card.`
}
