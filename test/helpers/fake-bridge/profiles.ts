import type { RunId } from '../../../src/preload/contract/common.ts'
import type { PartTimes, ProfilesApi, ProfilesEvents, RunProfile, TimeRow } from '../../../src/preload/contract/profiles.ts'

const TOTAL = 201.6

const row = (name: string, calls: number, parts: PartTimes, gflopPerSecond: number | null): TimeRow => {
  const milliseconds = parts.forward + parts.recomputed + parts.backward
  return { name, calls, parts, milliseconds, share: milliseconds / TOTAL, gflopPerSecond }
}
const times = (forward: number, recomputed: number, backward: number): PartTimes => ({ forward, recomputed, backward })

const blocks = [
  row('embeddings', 14, times(3.1, 0, 1.2), null),
  ...[1, 2, 3].map((layer) => row(`layer ${layer - 1}`, 118, times(19.8, 17.4, 22.1 + layer), 96)),
  row('head', 12, times(0.2, 0, 0.3), 4),
  row('loss', 22, times(0.1, 0, 0.2), null)
]
const operators = [
  row('Gemm', 96, times(31.5, 28.2, 40.6), 128),
  row('FusedMatMul', 48, times(8.4, 7.9, 15.8), 61),
  row('Softmax', 6, times(6.2, 5.6, 7.1), null),
  row('Gelu', 6, times(7.4, 6.6, 8.2), null),
  row('LayerNormalization', 13, times(4.2, 2.6, 3.1), null),
  row('Mul', 88, times(4.1, 1.4, 5.2), null),
  row('Add', 71, times(1.0, 0.2, 3.3), null)
]

/** What was measured of a run that never was. */
const profile: RunProfile = {
  ...{ at: '2026-11-25T11:40:00.000Z', device: 'CPU, 2 threads', steps: 5, texts: 16, tokens: 3_104, microBatches: 1 },
  ...{ preparing: 4.2, computing: 214.5, norm: 0.4, optimizer: 1.9 },
  operators: { parts: times(62.8, 52.2, 86.6), milliseconds: TOTAL, gflopPerSecond: 93, blocks, operators }
}

/** `isStill`: a measurement never ends. */
export function profilesHandlers(
  isMeasured: boolean,
  isStill: boolean,
  onProgress: (news: ProfilesEvents['progress']) => void
): { readonly [Name in keyof ProfilesApi]: (argument: never) => unknown } {
  return {
    get: () => (isMeasured ? profile : null),
    measure: (id: RunId) => {
      onProgress({ id, phase: 'probing', done: 0, total: 1 })
      return isStill ? new Promise(() => undefined) : profile
    },
    stop: () => undefined
  }
}
