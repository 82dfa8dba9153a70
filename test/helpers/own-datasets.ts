import { join } from 'node:path'
import type { ProjectId } from '../../src/preload/contract/common.ts'
import { Datasets, type StoredDataset } from '../../src/main/data/datasets/datasets.ts'

/** Data sets in a folder of a test's own, listed in memory. */
export function ownDatasets(folder: string): Datasets {
  const known = new Map<string, StoredDataset>()
  return new Datasets({
    folder: join(folder, 'datasets'),
    samplesFolder: folder,
    index: {
      list: () => [...known.values()],
      find: (id) => known.get(id) ?? null,
      save: (dataset) => void known.set(dataset.id, dataset),
      saveChoices: (dataset) => void known.set(dataset.id, dataset)
    },
    projects: {
      reserve: async () => 'p-1' as ProjectId,
      release: async () => undefined,
      forFile: async () => 'p-1' as ProjectId,
      forSample: async () => 'p-2' as ProjectId
    },
    restore: async () => undefined,
    now: () => '2026-01-01T00:00:00Z',
    onReading: () => undefined
  })
}
