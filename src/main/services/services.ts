import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatasetFindings } from '../data/datasets/finding-service.ts'
import { Events } from '../ipc/events.ts'
import { allChannels, routeAll } from '../ipc/routes/index.ts'
import type { ListedDispatch } from '../ipc/dispatch.ts'
import type { CompareServices } from '../ipc/routes/compare.ts'
import type { PersonalEvents } from '../../preload/contract/personal.ts'
import type { AppFacts } from '../../preload/contract/app.ts'
import { compareRuns } from '../runs/comparing.ts'
import type { Runs } from '../runs/runs.ts'
import { gate } from '../ipc/gate.ts'
import { makeDispatch } from '../ipc/dispatch.ts'
import { answeredWhileLocked, vaultRoutes } from '../ipc/routes/vault.ts'
import { Sweeps } from '../runs/sweeps.ts'
import { costOf } from './sweep-cost.ts'
import { isLess } from '../report/metrics.ts'
import { runTaskBehind } from '../runs/supervisor.ts'
import { lockFolder, type FolderLock } from '../shell/folder-lock.ts'
import { openPower } from './power.ts'
import type { PowerSource } from '../runs/ports.ts'
import { cudaFolder, machineFile, prepareDataFolder } from '../shell/data-folder.ts'
import { makeDevices } from './devices.ts'
import { Profiles } from './profiles.ts'
import { makeDrafts } from './drafts.ts'
import { listDatasets } from '../tracker/queries/datasets.ts'
import { isModelId } from '../library/trained-model.ts'
import type { TrainedId } from '../../preload/contract/common.ts'
import { listModels } from '../tracker/queries/models.ts'
import { findRun, listRuns } from '../tracker/queries/runs.ts'
import { finishMove, undoMove } from '../storage/move.ts'
import { recoverRestore, sweepRestore } from '../storage/restore.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { Keyring } from '../vault/vault.ts'
import { makeAppServices, type AppFactsOptions } from './app-facts.ts'
import { makeDiagnostics } from './diagnostics.ts'
import { makeInspecting } from './inspecting.ts'
import { makeLabels } from './labelling.ts'
import { makeMarking } from './marking.ts'
import { makeOrder } from './order-texts.ts'
import { Faults } from './faults.ts'
import { makeRejectedList } from './rejected-list.ts'
import { makeLibrary, modelRecords } from './library.ts'
import { LibraryWatch } from './library-watch.ts'
import { Outbox } from './outbox.ts'
import { belongingsIn } from './protection/belongings.ts'
import { Protection, type Inside } from './protection/protection.ts'
import { makeKeeping, type Keeping } from './keeping.ts'
import { Cards } from './cards.ts'
import { Copies } from './copies.ts'
import { KeptMappings } from './kept-mappings.ts'
import { Lengths } from './lengths.ts'
import { Datasheets } from './datasheets.ts'
import { makeExporting } from './exporting.ts'
import { PersonalData } from './personal.ts'
import { Scrutiny } from './scrutiny.ts'
import { makePacks } from './packs.ts'
import { lettingGo, makeStanding, type Standing } from './standing.ts'
import { makeServing } from './serving/index.ts'
import { makeUsing } from './using.ts'
import { build } from './building.ts'
import { openTracker } from './open-tracker.ts'

export interface ServicesOptions {
  readonly dataFolder: string
  /** The bundled samples. */
  readonly resources: string
  /** The trainer's program. */
  readonly trainer: string
  readonly version: string
  readonly shell: AppFacts['shell']
  readonly shellChecks?: AppFactsOptions['shellChecks']
  /** The operating system's store of secrets, where the shell reaches one. */
  readonly keyring?: Keyring
  /** Closes the program: the page asks for it where it cannot be unlocked. */
  readonly quit?: () => void
  /** Seconds on a clock that only runs forward. */
  readonly now?: () => number
  /** What Electron says of the PC's power; Linux is asked by itself where this is left out. */
  readonly power?: PowerSource
  /** Told of what is our own fault. */
  readonly log: (line: string) => void
}

/** Everything behind the routes, open on one data folder. */
export interface Services {
  readonly dispatch: ListedDispatch
  readonly events: Events
  /** None until the data folder was unlocked. */
  readonly runs: Pick<Runs, 'list'>
  /** Whether names may be seen now: a shell passes no file on while they may not. */
  readonly isLocked: () => boolean
  /** Hides everything until it is unlocked again: for whoever sees the machine go to sleep. */
  readonly lock: () => void
  /** Nobody looks at the window any more: what was to end with it ends. */
  readonly windowGone: () => void
  /** Files that a page brings lie here until they are opened; emptied at start. */
  readonly quarantine: string
  /** Finished files that a page is to save. */
  readonly outbox: Outbox
  /** What may be done with the folder as a whole; null while it is locked. */
  readonly keeping: () => Keeping | null
  /** Has something that was done with the folder written down once it is unlocked. */
  readonly owe: Protection<Inside>['owe']
  readonly dispose: () => Promise<void>
}

/** Opens the data folder, for this process alone. Throws an InputError where another has it, or a newer Attune wrote it. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { dataFolder } = options
  const faults = new Faults()
  const log = (line: string): void => {
    faults.hear(line)
    options.log(line)
  }
  await recoverRestore(dataFolder)
  await prepareDataFolder(dataFolder)
  const { release, cutShort } = await lockFolder(dataFolder)
  const ownPower = await openPower()
  const power = options.power ?? ownPower
  try {
    await sweepRestore(dataFolder)
    await undoMove(dataFolder)
    await finishMove(dataFolder)
    const quarantine = join(dataFolder, 'quarantine')
    await rm(quarantine, { recursive: true, force: true })
    await mkdir(quarantine, { mode: 0o700 })
    await rm(join(dataFolder, 'temporary'), { recursive: true, force: true })
    const outbox = new Outbox(join(dataFolder, 'outbox'))
    await outbox.prepare()
    // Inherited by the trainers: prepared weights, tokens and prefixes belong to the data folder, not to one run.
    process.env['ATTUNE_CACHE'] = join(dataFolder, 'cache')
    process.env['ATTUNE_CUDA'] ??= cudaFolder(dataFolder)
    process.env['ATTUNE_MACHINE'] = machineFile(dataFolder)
    const events = new Events()
    const standing = makeStanding(options.trainer)
    const protection = await Protection.open<Routed>({
      dataFolder,
      keyring: options.keyring ?? null,
      open: (key, vault) =>
        openInside(options, { events, outbox, quarantine, key, log, faults, vault, power, standing, cutShort }),
      onChange: (status) => events.emit(['vault:changed', status]),
      onLocked: (isLocked) => {
        events.hush(isLocked)
        // Whoever cannot see names asks nothing; a training goes on.
        if (isLocked) void standing.standby.release()
      },
      quit: options.quit ?? ((): void => undefined),
      ...(options.now && { now: options.now })
    })
    return {
      dispatch: gate({
        vault: makeDispatch({ vault: vaultRoutes(protection) }, log),
        channels: allChannels(),
        inside: () => protection.inside?.dispatch ?? null,
        isLocked: () => protection.isLocked,
        answered: answeredWhileLocked
      }),
      events,
      runs: { list: () => protection.inside?.runs.list() ?? [] },
      isLocked: () => protection.isLocked,
      lock: () => void protection.lock(),
      windowGone: () => protection.inside?.windowGone(),
      quarantine,
      outbox,
      keeping: () => protection.inside?.keeping ?? null,
      owe: (event) => protection.owe(event),
      dispose: async () => {
        await outbox.clear()
        await protection.dispose()
        await standing.standby.release()
        ownPower.dispose()
        events.dispose()
        await release()
      }
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** What opens with the record, and the routes to it. */
interface Routed extends Inside {
  readonly windowGone: () => void
  readonly keeping: Keeping
  readonly dispatch: ListedDispatch
}

interface Around {
  readonly events: Events
  readonly outbox: Outbox
  readonly quarantine: string
  /** The record's key, where it is encrypted. */
  readonly key: string | undefined
  readonly vault: Protection<Routed>
  readonly faults: Faults
  readonly power: PowerSource
  readonly standing: Standing
  readonly cutShort: FolderLock['cutShort']
  readonly log: (line: string) => void
}

async function openInside(options: ServicesOptions, around: Around): Promise<Routed> {
  const { events, outbox, quarantine, key, vault, faults, log, power, standing, cutShort } = around
  const { runTask } = standing
  const { dataFolder, version, shell, shellChecks = async () => [] } = options
  const db = await openTracker(dataFolder, key, log, cutShort)
  const { projectKeys: keys } = vault
  const { datasets, models, adapters, results, runs, record, drafting } = build(
    { ...options, runTask, power, cutShort, outbox, keys },
    db,
    events,
    () => vault.tell()
  )
  for (const project of keys.destroyed) await record.bin.finishDestroying(project)
  await keys.adopt(belongingsIn(db))
  const labels = makeLabels(datasets, runs, makeOrder(runTask, options.trainer))
  const datasheets = new Datasheets(datasets)
  const marking = makeMarking({ db, datasets, datasheets, runs, entry: options.trainer, runTask })
  await models.prepare()
  const shelf = makeLibrary({ dataFolder, quarantine, trainer: options.trainer, db, events, models, datasets })
  await shelf.library.prepare()
  await record.bin.open()
  await runs.open()
  const watch = await LibraryWatch.open({
    folders: [join(dataFolder, 'model-notes'), join(dataFolder, 'adapters')],
    look: async () => {
      const added = await shelf.library.refresh()
      for (const id of added) record.journal.record('model-added', id)
      events.emit(['library:changed', { added: added.length }])
      return adapters.imported.isSettled()
    },
    log
  })
  const packs = makePacks({
    ...options,
    events,
    models,
    records: modelRecords(db),
    adapters: adapters.imported,
    isEncrypted: () => key !== undefined
  })
  const onScanning = (news: PersonalEvents['scanning']): void => events.emit(['personal:scanning', news])
  const modelFolder = async (id: TrainedId): Promise<string> =>
    isModelId(id) ? (await models.trained(id)).folder : results.folderOf(id)
  const personal = new PersonalData({ datasets, entry: options.trainer, onScanning, modelFolder })
  const lengths = new Lengths({ datasets, models, runs, drafting, entry: options.trainer })
  const copies = new Copies({
    entry: options.trainer,
    folder: join(dataFolder, 'copies'),
    modelFolder,
    onWorking: (news) => events.emit(['copies:working', news])
  })
  const scrutiny = new Scrutiny({
    datasets,
    entry: options.trainer,
    onLooking: (news) => events.emit(['scrutiny:looking', news])
  })
  const using = makeUsing(options, { db, events, outbox, datasets, models, adapters: adapters.imported })
  await using.prepare()
  const exporting = makeExporting(options, { runTask, db, events, datasets, datasheets })
  const serving = makeServing(options, { db, events, models, adapters: adapters.imported, journal: record.journal })
  const app = makeAppServices({ program: dirname(options.trainer), version, shell, dataFolder, shellChecks })
  const isBusy = (): boolean => runs.list().some(({ state }) => busyStates.has(state))
  const profiles = new Profiles({
    findRun: (id) => findRun(db, id),
    runTask,
    isBusy,
    entry: options.trainer,
    onProgress: (news) => events.emit(['profiles:progress', news])
  })
  const devices = makeDevices({
    dataFolder,
    runTask: (task) => runTask(task, { entry: options.trainer, onEvent: () => undefined }),
    isBusy,
    onAdding: (news) => events.emit(['devices:adding', news])
  })
  const diagnostics = makeDiagnostics({
    facts: app.facts,
    program: join(dirname(options.trainer), '..'),
    licences: join(options.resources, '..', 'licences.json'),
    marks: () => ({ datasets: listDatasets(db).length, models: listModels(db).length, runs: listRuns(db) }),
    faults: () => faults.all,
    outbox
  })
  return {
    dispatch: lettingGo(
      routeAll(
        {
          datasets,
          datasheets,
          rejectedList: makeRejectedList(datasets, outbox),
          cards: new Cards(db),
          labels,
          marking,
          findings: new DatasetFindings(datasets, makeInspecting(options.trainer).rows, (id, code) => scrutiny.rowsOf(id, code)),
          scrutiny,
          models,
          results,
          runs,
          sweeps: new Sweeps({ db, runs, isLess, foldsOf: (id) => datasets.get(id).split.folds, costOf }),
          app,
          drafts: makeDrafts(db, datasets),
          ...shelf,
          ...adapters,
          outbox,
          devices,
          profiles,
          diagnostics,
          ...packs,
          personal,
          mappings: new KeptMappings(datasets, outbox),
          lengths,
          copies,
          using,
          serving,
          exporting,
          vault,
          compare: comparing(db, options.trainer),
          ...record
        },
        log
      ),
      standing.standby
    ),
    keeping: makeKeeping(db, record.journal),
    runs,
    windowGone: () => void serving.stop(),
    hasOwnFiles: () => datasets.list().some(({ sample }) => sample === null),
    belongings: () => belongingsIn(db),
    record: record.journal.record,
    encryptRecord: (recordKey) => db.encrypt(recordKey),
    dispose: async () => {
      await watch.dispose()
      await labels.dispose()
      await marking.dispose()
      await packs.packs.dispose()
      personal.dispose()
      lengths.dispose()
      copies.stop()
      profiles.stop()
      scrutiny.dispose()
      await using.dispose()
      await serving.dispose()
      await exporting.dispose()
      await runs.dispose()
      db.dispose()
    }
  }
}

/** In which a run computes. */
const busyStates: ReadonlySet<string> = new Set(['preparing', 'running', 'testing'])

const comparing =
  (db: Tracker, entry: string): CompareServices['compare'] =>
  (ids) =>
    compareRuns({ db, entry, runTask: runTaskBehind }, ids)
