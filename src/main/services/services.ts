import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { InputError } from '../base/errors.ts'
import { DatasetFindings } from '../data/datasets/finding-service.ts'
import { Datasets } from '../data/datasets/datasets.ts'
import { Events } from '../ipc/events.ts'
import { routeAll } from '../ipc/routes/index.ts'
import type { ListedDispatch } from '../ipc/dispatch.ts'
import type { CompareServices } from '../ipc/routes/compare.ts'
import type { AppFacts } from '../../preload/contract/app.ts'
import { Models } from '../library/models.ts'
import { Results } from '../results/results.ts'
import { compareRuns } from '../runs/comparing.ts'
import { Runs } from '../runs/runs.ts'
import { Sweeps } from '../runs/sweeps.ts'
import { isLess } from '../report/metrics.ts'
import { runTask } from '../runs/supervisor.ts'
import { lockFolder, type FolderLock } from '../shell/folder-lock.ts'
import { openPower } from './power.ts'
import type { PowerSource } from '../runs/ports.ts'
import type { LaunchTrainer } from '../runs/trainer-process.ts'
import { prepareDataFolder } from '../shell/data-folder.ts'
import { listDatasets } from '../tracker/queries/datasets.ts'
import { listModels } from '../tracker/queries/models.ts'
import { listRuns } from '../tracker/queries/runs.ts'
import { Tracker } from '../tracker/tracker.ts'
import { makeAppServices, type AppFactsOptions } from './app-facts.ts'
import { datasetIndex } from './dataset-index.ts'
import { makeDiagnostics } from './diagnostics.ts'
import { makeDrafting } from './drafting.ts'
import { makeLabels } from './labelling.ts'
import { Faults } from './faults.ts'
import { modelIndex } from './model-index.ts'
import { Outbox } from './outbox.ts'
import { rebuild } from './rebuild.ts'
import { makeUsing } from './using.ts'

export interface ServicesOptions {
  readonly dataFolder: string
  /** The bundled samples. */
  readonly resources: string
  /** The trainer's program. */
  readonly trainer: string
  /** How a trainer is started; as a child of plain Node where left out. */
  readonly launch?: LaunchTrainer
  readonly version: string
  readonly shell: AppFacts['shell']
  readonly shellChecks?: AppFactsOptions['shellChecks']
  /** What Electron says of the PC's power; Linux is asked by itself where this is left out. */
  readonly power?: PowerSource
  /** Told of what is our own fault. */
  readonly log: (line: string) => void
}

/** Everything behind the routes, open on one data folder. */
export interface Services {
  readonly dispatch: ListedDispatch
  readonly events: Events
  readonly runs: Runs
  /** Files that a page brings lie here until they are opened; emptied at start. */
  readonly quarantine: string
  /** Finished files that a page is to save. */
  readonly outbox: Outbox
  readonly dispose: () => Promise<void>
}

/** Opens the data folder, for this process alone. Throws an InputError where another has it, or a newer Attune wrote it. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { dataFolder, version, shell, shellChecks = async () => [] } = options
  const faults = new Faults()
  const log = (line: string): void => {
    faults.hear(line)
    options.log(line)
  }
  await prepareDataFolder(dataFolder)
  const { release, cutShort } = await lockFolder(dataFolder)
  const ownPower = await openPower()
  const power = options.power ?? ownPower
  try {
    const quarantine = join(dataFolder, 'quarantine')
    await rm(quarantine, { recursive: true, force: true })
    await mkdir(quarantine, { mode: 0o700 })
    const outbox = new Outbox(join(dataFolder, 'outbox'))
    await outbox.prepare()
    // Inherited by the trainers: prepared weights, tokens and prefixes belong to the data folder, not to one run.
    process.env['ATTUNE_CACHE'] = join(dataFolder, 'cache')
    const db = await openTracker(dataFolder, log, cutShort)
    const events = new Events()
    const { datasets, models, results, runs } = build({ ...options, power, cutShort }, db, events)
    const labels = makeLabels(datasets, runs)
    await models.prepare()
    await runs.open()
    const using = makeUsing(options, { db, events, outbox, datasets })
    await using.prepare()
    const app = makeAppServices({ version, shell, dataFolder, shellChecks })
    const diagnostics = makeDiagnostics({
      facts: app.facts,
      program: join(dirname(options.trainer), '..'),
      licences: join(options.resources, '..', 'licences.json'),
      entry: options.trainer,
      runTask,
      marks: () => ({ datasets: listDatasets(db).length, models: listModels(db).length, runs: listRuns(db) }),
      faults: () => faults.all,
      outbox
    })
    const keepFolder = (folder: string): Promise<string> => keepModel(folder, quarantine, join(dataFolder, 'models'))
    return {
      dispatch: routeAll(
        {
          datasets,
          labels,
          findings: new DatasetFindings(datasets),
          models,
          results,
          runs,
          sweeps: new Sweeps({ db, runs, isLess }),
          app,
          keepFolder,
          outbox,
          diagnostics,
          using,
          compare: comparing(db, options.trainer)
        },
        log
      ),
      events,
      runs,
      quarantine,
      outbox,
      dispose: async () => {
        await outbox.clear()
        await labels.dispose()
        await using.dispose()
        await runs.dispose()
        ownPower.dispose()
        events.dispose()
        db.dispose()
        await release()
      }
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** The tracker, made again from the folders where its file is damaged or gone. */
async function openTracker(dataFolder: string, log: (line: string) => void, cutShort: FolderLock['cutShort']): Promise<Tracker> {
  const files = { file: join(dataFolder, 'attune.sqlite'), backups: join(dataFolder, 'backups') }
  let db: Tracker
  try {
    db = new Tracker(files)
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'tracker-unreadable') throw error
    log(`${error.message} It was set aside and is made again from the folders.`)
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    for (const ending of ['', '-wal', '-shm'])
      await rename(files.file + ending, `${files.file}.damaged-${stamp}${ending}`).catch(() => undefined)
    db = new Tracker(files)
  }
  const folders = {
    datasets: join(dataFolder, 'datasets'),
    runs: join(dataFolder, 'runs'),
    configurations: join(dataFolder, 'configurations')
  }
  await rebuild(db, folders, cutShort)
  return db
}

const comparing =
  (db: Tracker, entry: string): CompareServices['compare'] =>
  (ids) =>
    compareRuns({ db, entry, runTask }, ids)

interface Built {
  readonly datasets: Datasets
  readonly models: Models
  readonly results: Results
  readonly runs: Runs
}

interface BuildOptions extends ServicesOptions {
  readonly power: PowerSource
  readonly cutShort: FolderLock['cutShort']
}

function build({ dataFolder, resources, trainer, launch, power, cutShort }: BuildOptions, db: Tracker, events: Events): Built {
  const now = (): string => new Date().toISOString()
  const datasets = new Datasets({
    folder: join(dataFolder, 'datasets'),
    samplesFolder: join(resources, 'data'),
    index: datasetIndex(db),
    now,
    onReading: (progress) => events.emit(['data:reading', progress])
  })
  const bundled = { folder: join(resources, 'model'), name: 'Practice model' }
  const models = new Models({ bundled, index: modelIndex(db), now })
  const folders = {
    runs: join(dataFolder, 'runs'),
    configurations: join(dataFolder, 'configurations'),
    temporary: join(dataFolder, 'temporary'),
    bin: join(dataFolder, 'bin')
  }
  const results = new Results({ db, datasets, now })
  const runs = new Runs({
    db,
    datasets,
    models,
    folders,
    entry: trainer,
    runTask: launch ? (task, options) => runTask(task, { ...options, launch }) : runTask,
    drafting: makeDrafting(datasets, models, folders.runs),
    readResult: ({ id }) => results.result(id),
    power,
    cutShort,
    listener: {
      log: (news) => events.emit(['runs:log', news]),
      changed: (run) => events.emit(['runs:changed', run]),
      curves: (news) => events.emit(['runs:curves', news]),
      removed: (gone) => events.emit(['runs:removed', gone])
    }
  })
  return { datasets, models, runs, results: results }
}

/** A folder that a page brought would be swept: it moves to where models stay. Any other stays where the person has it. */
async function keepModel(folder: string, quarantine: string, models: string): Promise<string> {
  if (!folder.startsWith(quarantine + sep)) return folder
  await mkdir(models, { recursive: true, mode: 0o700 })
  const kept = join(models, basename(folder))
  await rename(folder, kept)
  return kept
}
