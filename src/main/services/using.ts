import { join } from 'node:path'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { Events } from '../ipc/events.ts'
import type { Models } from '../library/models.ts'
import { readDecision } from '../report/fixed-decision.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'
import { Using } from '../runs/use/using.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { Adapters } from '../library/adapters.ts'
import { makeLaying } from './laying.ts'
import type { Outbox } from './outbox.ts'

interface UsingParts {
  readonly db: WritableDb
  readonly events: Events
  readonly outbox: Outbox
  readonly datasets: Datasets
  readonly adapters: Adapters
  readonly models: Models
}

/** Answers for documents and tables, below the temporary folder. */
export function makeUsing(
  { dataFolder, trainer }: { readonly dataFolder: string; readonly trainer: string },
  { db, events, outbox, datasets, models, adapters }: UsingParts
): Using {
  return new Using({
    db,
    models,
    entry: trainer,
    runTask,
    laying: makeLaying(trainer),
    folder: join(dataFolder, 'use'),
    looksFolder: join(dataFolder, 'runs'),
    outbox: { newPath: (ending) => outbox.newPath(ending), offer: (path, name) => outbox.offer(path, name) },
    adapter: async (id) => {
      const { name, model, sha256 } = await adapters.get(id)
      return { folder: await adapters.folderOf(id), name, modelName: model.name, sha256 }
    },
    fixedThreshold: async (runFolder) => (await readDecision(runFolder)).person?.below ?? null,
    keep: (path, name) => datasets.open(path, name),
    listener: {
      changed: (job) => events.emit(['use:changed', job]),
      reading: (progress) => events.emit(['use:reading', progress])
    }
  })
}
