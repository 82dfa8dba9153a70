import type { DeviceState } from '../../../../preload/contract/devices.ts'
import type { DeviceGuess } from '../../../../preload/contract/speed.ts'
import { words } from '../../lib/words/index.ts'

/** What the last test of a device says for a run, in a sentence. */
export interface Verdict {
  readonly text: string
  readonly tone: 'plain' | 'good' | 'look'
  /** Whether the run can be computed there. */
  readonly isUsable: boolean
}

interface Asked {
  readonly guess: DeviceGuess | undefined
  /** Bytes that the run takes on the processor; null while nobody knows. */
  readonly needed: number | null
}

/** The processor by the run's memory and time; a card by its time beside the processor's, as no plan knows its memory. */
export function verdictOf({ id, verdict }: DeviceState, { guess, needed }: Asked): Verdict {
  const { speed, devices } = words
  if (verdict === null) return { text: devices.untried, tone: 'plain', isUsable: true }
  if (verdict.refusal !== null) return { text: verdict.refusal.message, tone: 'look', isUsable: false }
  const { name, memory } = verdict
  const seconds = guess?.steps.find(({ device }) => device === id)?.seconds
  const processor = guess?.steps.find(({ device }) => device === 'cpu')?.seconds
  const isSlow = id !== 'cpu' && seconds !== undefined && processor !== undefined && seconds >= processor
  const room = memory === null ? null : roomOf(id, memory.free, needed)
  const time = seconds === undefined ? null : isSlow ? speed.slow(seconds, processor) : speed.step(seconds)
  const isTight = id === 'cpu' && memory !== null && needed !== null && needed > memory.free
  return {
    text: `${[name, time, room].filter((part) => part !== null).join(' · ')}. ${devices.triedAt(verdict.at)}`,
    tone: isSlow || isTight ? 'look' : 'good',
    isUsable: true
  }
}

function roomOf(id: DeviceState['id'], free: number, needed: number | null): string {
  const { speed } = words
  if (id !== 'cpu' || needed === null || needed === 0) return speed.free(free)
  return needed <= free ? speed.fits(needed, free) : speed.tooLarge(needed, free)
}
