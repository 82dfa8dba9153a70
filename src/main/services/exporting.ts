import { join } from 'node:path'
import type { Datasets } from '../data/datasets/datasets.ts'
import { packPath, packsIn } from '../export/pack/pack-place.ts'
import { readReviews } from '../export/reviews.ts'
import { fingerprint, openSigningKey } from '../export/signing-key.ts'
import type { Events } from '../ipc/events.ts'
import { groupColumns } from '../results/group-ways.ts'
import { Exporting } from '../runs/exporting/exporting.ts'
import type { RunTask } from '../runs/serving/standby.ts'
import type { Datasheets } from './datasheets.ts'
import type { WritableDb } from '../tracker/tracker.ts'

interface ExportingParts {
  readonly runTask: RunTask
  readonly db: WritableDb
  readonly events: Events
  readonly datasets: Pick<Datasets, 'get' | 'pathOf'>
  readonly datasheets: Pick<Datasheets, 'fileOf'>
}

/** Exports, signed with the key of this data folder. */
export function makeExporting(
  { dataFolder, trainer, version }: { readonly dataFolder: string; readonly trainer: string; readonly version: string },
  { runTask, db, events, datasets, datasheets }: ExportingParts
): Exporting {
  const keyFolder = join(dataFolder, 'signing')
  return new Exporting({
    ...{ db, entry: trainer, runTask, version, keyFolder },
    ownKey: async () => fingerprint((await openSigningKey(keyFolder)).publicKey),
    columns: (dataset) => groupColumns(datasets.get(dataset)).map(({ name }) => name),
    dataFile: (dataset) => datasets.pathOf(dataset),
    // A folder that is gone, taken apart or changed has no status; checking it says why.
    statusOf: (folder) =>
      readReviews(folder).then(
        ({ status }) => status,
        () => null
      ),
    packs: { names: packsIn, path: packPath },
    datasheet: (dataset) => datasheets.fileOf(dataset),
    now: () => new Date().toISOString(),
    changed: (one) => events.emit(['exports:changed', one])
  })
}
