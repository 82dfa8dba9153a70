import { join } from 'node:path'
import { Datasets, type DatasetIndex } from '../data/datasets/datasets.ts'
import type { Events } from '../ipc/events.ts'
import type { AdapterModels } from '../library/adapters.ts'
import { Models } from '../library/models.ts'
import { isModelId } from '../library/trained-model.ts'
import { isLess } from '../report/metrics.ts'
import { Results, type ResultsOptions } from '../results/results.ts'
import { finishedOf } from '../runs/outcome.ts'
import { Runs } from '../runs/runs.ts'
import type { RunTask } from '../runs/serving/standby.ts'
import type { FolderLock } from '../shell/folder-lock.ts'
import type { PowerSource } from '../runs/ports.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { AdapterServices } from '../ipc/routes/adapters.ts'
import { makeAdapters } from './adapters.ts'
import { datasetIndex } from './dataset-index.ts'
import { makeDrafting } from './drafting.ts'
import type { Drafting } from '../runs/ports.ts'
import { makeInspecting } from './inspecting.ts'
import { makeLaying } from './laying.ts'
import { modelIndex } from './model-index.ts'
import type { Outbox } from './outbox.ts'
import type { ProjectKeys } from './protection/project-keys.ts'
import { makeRecord, type Record } from './record.ts'
import type { ServicesOptions } from './services.ts'

/** What the data, models and runs of one open data folder are done with. */
export interface Built {
  readonly datasets: Datasets
  readonly models: Models
  readonly adapters: AdapterServices
  readonly results: Results
  readonly runs: Runs
  readonly record: Record
  readonly drafting: Drafting
}

interface BuildOptions extends Pick<ServicesOptions, 'dataFolder' | 'resources' | 'trainer'> {
  readonly power: PowerSource
  readonly runTask: RunTask
  readonly cutShort: FolderLock['cutShort']
  readonly outbox: Outbox
  readonly keys: ProjectKeys
}

/** Makes them, each with what it needs of the others. `onOwnFile` is told when a data set of the person's own is added. */
export function build(options: BuildOptions, db: Tracker, events: Events, onOwnFile: () => void): Built {
  const { dataFolder, resources, trainer, runTask, power, cutShort, outbox, keys } = options
  const now = (): string => new Date().toISOString()
  // The bin ends runs, and runs go into the bin.
  const late: { runs?: Runs } = {}
  const endRun = async (id: string): Promise<void> => late.runs?.end(id)
  const record = makeRecord({ db, dataFolder, events, now, endRun, keys })
  const { journal, bin, projects, artifacts } = record
  const datasets = new Datasets({
    projects,
    restore: (id) => (bin.has(id) ? bin.restore(id) : Promise.resolve()),
    folder: join(dataFolder, 'datasets'),
    samplesFolder: join(resources, 'data'),
    index: noticing(datasetIndex(db), onOwnFile),
    laying: makeLaying(trainer),
    inspect: makeInspecting(trainer, (news) => events.emit(['data:looking', news])).report,
    now,
    onReading: (progress) => events.emit(['data:reading', progress])
  })
  const bundled = { folder: join(resources, 'model'), name: 'Practice model' }
  const models = new Models({ bundled, index: modelIndex(db), now })
  const adapters = makeAdapters({
    dataFolder,
    quarantine: join(dataFolder, 'quarantine'),
    trainer,
    runTask,
    models: forAdapters(models)
  })
  const folders = {
    runs: join(dataFolder, 'runs'),
    configurations: join(dataFolder, 'configurations'),
    temporary: join(dataFolder, 'temporary'),
    bin: join(dataFolder, 'bin')
  }
  const ask: ResultsOptions['ask'] = async (task) => finishedOf(await runTask(task, { entry: trainer, onEvent: () => undefined }))
  const trainedModel: ResultsOptions['trainedModel'] = async (id) => (isModelId(id) ? models.trained(id) : null)
  const drafting = makeDrafting(datasets, models, adapters.imported, folders.runs)
  const results = new Results({ db, datasets, now, ask, trainedModel, outbox })
  const runs = new Runs({
    db,
    datasets,
    models,
    folders,
    entry: trainer,
    runTask,
    record: journal.record,
    discard: (id) => bin.discardRun(id),
    onResult: (id) => void artifacts.collect(id).catch(() => undefined),
    drafting,
    readResult: ({ id }) => results.result(id),
    isLess,
    power,
    cutShort,
    listener: {
      log: (news) => events.emit(['runs:log', news]),
      changed: (run) => events.emit(['runs:changed', run]),
      curves: (news) => events.emit(['runs:curves', news]),
      removed: (gone) => events.emit(['runs:removed', gone])
    }
  })
  late.runs = runs
  return { datasets, models, adapters, runs, record, results, drafting }
}

/** Calls `onOwnFile` when a data set of the person's own is added. */
function noticing(index: DatasetIndex, onOwnFile: () => void): DatasetIndex {
  return {
    ...index,
    save: (dataset) => {
      index.save(dataset)
      if (dataset.sample === null) onOwnFile()
    }
  }
}

const forAdapters = (models: Models): AdapterModels => ({ list: () => models.list(), folderOf: (id) => models.folderOf(id) })
