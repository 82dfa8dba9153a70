import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetId, ModelId, RunId } from '../../preload/contract/common.ts'
import type { AdapterSummary, Feasibility, ModelFit } from '../../preload/contract/library.ts'
import { freeMemory } from '../base/free-memory.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { Events } from '../ipc/events.ts'
import type { LibraryServices } from '../ipc/routes/library.ts'
import { verdictOf } from '../library/feasibility.ts'
import { Library, type ModelRecords } from '../library/library.ts'
import type { Models } from '../library/models.ts'
import { finishedOf } from '../runs/outcome.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'
import { filesOfModel, findModelRecord, modelByHash, saveModelRecord } from '../tracker/queries/model-records.ts'
import { listRuns, type RunRow } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'

interface LibraryParts {
  readonly dataFolder: string
  readonly quarantine: string
  readonly trainer: string
  readonly db: WritableDb
  readonly events: Events
  readonly models: Models
  readonly datasets: Datasets
}

/** The library over the tracker, and what it says of fit and adapters. */
export function makeLibrary(parts: LibraryParts): LibraryServices {
  const { dataFolder, quarantine, db, events, models } = parts
  const library = new Library({
    models,
    records: modelRecords(db),
    folder: join(dataFolder, 'models'),
    notes: join(dataFolder, 'model-notes'),
    quarantine,
    now: () => new Date().toISOString(),
    onHashing: (progress) => events.emit(['library:hashing', progress])
  })
  return {
    library,
    fit: fitting(parts),
    feasibility: weighing(parts),
    adapters: async () => Promise.all(adapterRuns(db).map(adapterOf))
  }
}

export function modelRecords(db: WritableDb): ModelRecords {
  return {
    find: (id) => {
      const row = findModelRecord(db, id)
      if (!row) return null
      const files = filesOfModel(db, id).map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }))
      const tags = row.tags === '' ? [] : row.tags.split(',')
      return { hash: row.hash, place: row.place, card: row.card, tags, checkedAt: row.checked_at, files }
    },
    byHash: (hash) => modelByHash(db, hash),
    save: (id, { hash, place, card, tags, checkedAt, files }) =>
      saveModelRecord(
        db,
        { model_id: id, hash, place, card, tags: tags.join(','), checked_at: checkedAt },
        files.map((file) => ({ model_id: id, ...file }))
      )
  }
}

/** Texts that are looked at, and characters of each: some seconds on a slow machine, whatever the data. */
const SAMPLE_TEXTS = 300
const SAMPLE_CHARACTERS = 20_000

/** Fits by model, data and text column; looking takes a second or two. */
function fitting({ models, datasets, trainer }: LibraryParts): LibraryServices['fit'] {
  const known = new Map<string, Promise<ModelFit>>()
  const look = async (model: ModelId, dataset: DatasetId): Promise<ModelFit> => {
    const { maxTokens } = await models.get(model)
    const modelFolder = await models.folderOf(model)
    const texts = await datasets.someTexts(dataset, SAMPLE_TEXTS, SAMPLE_CHARACTERS)
    const task = { kind: 'fit', modelFolder, texts, limit: maxTokens ?? 0 } as const
    const found = finishedOf(await runTask(task, { entry: trainer, onEvent: () => undefined }))
    return { model, ...(found['fit'] as Omit<ModelFit, 'model'>) } // Made by fitRun.
  }
  return (model, dataset) => {
    const key = JSON.stringify([model, dataset, datasets.get(dataset).roles.text])
    const fit = known.get(key) ?? look(model, dataset)
    known.set(key, fit)
    // What failed may go better another time.
    fit.catch(() => known.delete(key))
    return fit
  }
}

/** What training each model takes, worked out once; what is free is asked each time. */
function weighing({ models, trainer }: LibraryParts): LibraryServices['feasibility'] {
  const known = new Map<ModelId, Promise<Pick<Feasibility, 'usual' | 'least'>>>()
  const weigh = async (model: ModelId): Promise<Pick<Feasibility, 'usual' | 'least'>> => {
    const task = { kind: 'fit', modelFolder: await models.folderOf(model), texts: [], limit: 0 } as const
    const found = finishedOf(await runTask(task, { entry: trainer, onEvent: () => undefined }))
    return found['memory'] as Pick<Feasibility, 'usual' | 'least'> // Made by fitRun.
  }
  return async (model) => {
    const weighed = known.get(model) ?? weigh(model)
    known.set(model, weighed)
    // What failed may go better another time.
    weighed.catch(() => known.delete(model))
    const [memory, { bytes: free }] = await Promise.all([weighed, freeMemory()])
    return { model, ...memory, free, verdict: verdictOf({ ...memory, free }) }
  }
}

/** Runs that learned something beside their base model. A full fine-tune is a model of its own, no adapter. */
const adapterRuns = (db: WritableDb): readonly RunRow[] =>
  listRuns(db).filter(
    ({ folder, method, state }) => folder !== null && method !== 'full' && (state === 'finished' || state === 'stopped')
  )

async function adapterOf(row: RunRow): Promise<AdapterSummary> {
  return {
    run: row.id as RunId, // Ids of these kinds; they only travelled through the database.
    name: row.name,
    model: { id: row.model_id as ModelId, name: row.model_name },
    dataset: { id: row.dataset_id as DatasetId, name: row.dataset_name },
    method: row.method,
    bytes: await weightsIn(join(row.folder ?? '', 'checkpoints')),
    createdAt: row.created_at
  }
}

/** Bytes of the best weights of a run; null where there are none. */
async function weightsIn(folder: string): Promise<number | null> {
  const entries = await readdir(folder).catch((): string[] => [])
  const best = entries
    .filter((name) => name.startsWith('best'))
    .sort()
    .at(-1)
  if (best === undefined) return null
  const files = await readdir(join(folder, best)).catch((): string[] => [])
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, best, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
