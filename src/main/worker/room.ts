import { freeMemory } from '../base/free-memory.ts'
import { processMemory } from '../base/process-memory.ts'
import { lookAtCard } from '../engine/runtime/index.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import type { Room, RoomReader } from '../engine/training/memory-watch.ts'

/** Seconds between two looks at memory: steps may be much shorter, and reading takes a millisecond. */
const EVERY = 0.25

export interface RoomOptions {
  readonly provider: Runtime['provider']
  /** Bytes of `memory_limit`; null where none was set. */
  readonly limit: number | null
  readonly free?: typeof freeMemory
  /** Bytes of this process's own. */
  readonly own?: () => number
  readonly lookAtCard?: typeof lookAtCard
}

/** What this process may yet take: of the machine's memory (a container's where that is less), of its own limit, and of the card that computes where it tells. */
export function roomHere({ provider, limit, free = freeMemory, own, lookAtCard: look = lookAtCard }: RoomOptions): RoomReader {
  const taken = own ?? ((): number => processMemory().own)
  return {
    every: EVERY,
    read: async () => {
      const card = provider === 'cuda' ? ((await look())?.memory ?? null) : null
      return [
        { what: 'machine', left: (await free()).bytes },
        ...(limit === null ? [] : [{ what: 'limit', left: limit - taken() } satisfies Room]),
        ...(card === null ? [] : [{ what: 'card', left: card.free } satisfies Room])
      ]
    }
  }
}
