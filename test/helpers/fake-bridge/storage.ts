import type { StorageOverview } from '../../../src/preload/contract/storage.ts'

const backup = {
  id: 'b-0123456789abcdef',
  name: 'Attune backup 2026-11-20 08.15.00',
  madeAt: '2026-11-20T08:15:00Z',
  version: '0.1.0',
  bytes: 141_000_000
}

const overview: StorageOverview = {
  folder: '/users/anna/.local/share/attune',
  backupsFolder: '/users/anna/.local/share/attune-backups',
  free: 58e9,
  sizes: [
    { kind: 'caches', bytes: 312_000_000 },
    { kind: 'runs', bytes: 96_400_000 },
    { kind: 'data', bytes: 38_100_000 },
    { kind: 'bin', bytes: 85_500_000 },
    { kind: 'tracker', bytes: 6_200_000 },
    { kind: 'other', bytes: 4_100 }
  ],
  total: 538_204_100,
  budget: null,
  risk: null,
  backups: [backup],
  asides: [{ id: 'b-fedcba9876543210', name: 'attune-before-restore-2026-11-21 09.00.00', bytes: 120_000_000 }],
  task: null
}

/** Storage of the fake; `change` lets a scene show another state of it. */
export function storageHandlers(change: Partial<StorageOverview> = {}) {
  return {
    overview: () => ({ ...overview, ...change }),
    emptyCaches: () => undefined,
    setBudget: () => undefined,
    backUp: () => backup,
    restore: () => undefined,
    move: () => undefined,
    cancel: () => undefined,
    removeBackup: () => undefined,
    removeAside: () => undefined,
    deleteAll: () => undefined
  }
}
