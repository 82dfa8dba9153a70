import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type {
  AsideSummary,
  BackupSummary,
  StorageKind,
  StorageOverview,
  StorageProgress
} from '../../preload/contract/storage.ts'
import { InputError } from '../base/errors.ts'
import { freeSpace } from '../base/free-space.ts'
import { sizeOf } from '../record/folder-size.ts'
import type { RecordEvent } from '../record/journal.ts'
import { readManifest, writeBackup } from '../storage/backup.ts'
import { isOwn } from '../storage/layout.ts'
import { freeFolder, moveFolder, refuseInside } from '../storage/move.ts'
import { stageRestore, swapRestored } from '../storage/restore.ts'
import { riskOf } from '../storage/risks.ts'
import type { OwedEvent } from './protection/settings.ts'

/** What storage needs of whoever has the data folder open. */
export interface Keeper {
  readonly dataFolder: () => string
  /** The tracker's version. */
  readonly tracker: number
  readonly version: string
  /** ISO 8601. */
  readonly now: () => string
  /** Works while the tracker's file does not change on the disk. */
  readonly frozen: <T>(work: () => Promise<T>) => Promise<T>
  readonly record: RecordEvent
  /** The same, or once it is unlocked where the folder came back locked. */
  readonly recordOrOwe: (event: OwedEvent) => Promise<void>
  readonly budget: () => number | null
  readonly setBudget: (bytes: number | null) => void
  /** Stops runs at a checkpoint and closes the folder; nothing answers until it is opened again. */
  readonly close: () => Promise<void>
  readonly open: (dataFolder: string) => Promise<void>
  readonly onProgress: (progress: StorageProgress) => void
}

/** The word that is typed before everything is deleted. */
const CONFIRMED = 'DELETE'

const kinds: Readonly<Record<string, StorageKind>> = {
  datasets: 'data',
  projects: 'data',
  runs: 'runs',
  configurations: 'runs',
  'model-notes': 'models',
  models: 'models',
  bin: 'bin',
  cache: 'caches',
  quarantine: 'caches',
  temporary: 'caches',
  outbox: 'caches',
  backups: 'former'
}

/** The data folder as a whole: its size, copies of it, another place for it, and its end. */
export class Storage {
  readonly #keeper: Keeper
  #task: { readonly stop: AbortController; progress: StorageProgress } | null = null

  constructor(keeper: Keeper) {
    this.#keeper = keeper
  }

  async overview(): Promise<StorageOverview> {
    const folder = this.#keeper.dataFolder()
    const sizes = new Map<StorageKind, number>()
    for (const name of await readdir(folder).catch(() => [])) {
      const kind = kinds[name] ?? (name.startsWith('attune.sqlite') ? 'tracker' : 'other')
      sizes.set(kind, (sizes.get(kind) ?? 0) + (await sizeOf(join(folder, name))))
    }
    const free = await freeSpace(folder)
    return {
      folder,
      backupsFolder: this.#backupsFolder(),
      free,
      sizes: [...sizes].map(([kind, bytes]) => ({ kind, bytes })).sort((a, b) => b.bytes - a.bytes),
      total: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
      budget: this.#keeper.budget(),
      risk: await riskOf(folder),
      backups: await this.#backups(),
      asides: await this.#asides(),
      task: this.#task?.progress ?? null
    }
  }

  async emptyCaches(): Promise<void> {
    const cache = join(this.#keeper.dataFolder(), 'cache')
    const bytes = await sizeOf(cache)
    await rm(cache, { recursive: true, force: true })
    this.#keeper.record('caches-emptied', null, bytes)
  }

  setBudget(bytes: number | null): void {
    this.#keeper.setBudget(bytes)
  }

  /** `to`: the chosen folder; null for the usual one beside the data folder. */
  backUp(to: string | null): Promise<BackupSummary> {
    return this.#work('backup', 'copying', async (signal) => {
      const { dataFolder, frozen, now, version, tracker, record } = this.#keeper
      const target = to ?? this.#backupsFolder()
      refuseInside(dataFolder(), target)
      const madeAt = now()
      const name = `Attune backup ${stampOf(madeAt)}`
      const onProgress = (phase: 'copying' | 'verifying', done: number, total: number): void => this.#tell({ phase, done, total })
      const facts = { madeAt, version, tracker }
      const bytes = await frozen(() => writeBackup({ dataFolder: dataFolder(), target, name, facts, signal, onProgress }))
      record('backed-up', null, bytes)
      return { id: idOf(join(target, name)), name, madeAt, version, bytes }
    })
  }

  /** `from`: the folder that was chosen, or the id of a listed backup. */
  async restore(from: { readonly folder: string } | { readonly backup: string }): Promise<void> {
    const source = 'folder' in from ? from.folder : await this.#listed(this.#backupsFolder(), from.backup)
    await this.#work('restore', 'checking', async (signal) => {
      const { dataFolder, tracker, close, open, now, recordOrOwe } = this.#keeper
      const folder = dataFolder()
      const onProgress = (phase: 'checking', done: number, total: number): void => this.#tell({ phase, done, total })
      await stageRestore({ dataFolder: folder, source, tracker, signal, onProgress })
      this.#tell({ phase: 'closing', done: 0, total: 0 })
      await close()
      try {
        const aside = await freeFolder(dirname(folder), `${basename(folder)}${ASIDE}${stampOf(now())}`)
        await swapRestored(folder, basename(aside))
      } finally {
        this.#tell({ phase: 'opening', done: 0, total: 0 })
        await open(folder)
      }
      await recordOrOwe('backup-restored')
    })
  }

  /** `into`: the chosen folder; null for one beside the present one. */
  async move(into: string | null): Promise<void> {
    const { dataFolder, close, open, recordOrOwe } = this.#keeper
    const from = dataFolder()
    const parent = into ?? dirname(from)
    refuseInside(from, parent)
    const risk = await riskOf(parent)
    if (risk !== null) throw riskyPlace(risk)
    await this.#work('move', 'closing', async (signal) => {
      const to = await freeFolder(parent, into === null ? `${basename(from)}-moved` : 'Attune')
      await close()
      let isMoved = false
      try {
        const onProgress = (phase: 'copying' | 'verifying', done: number, total: number): void =>
          this.#tell({ phase, done, total })
        await moveFolder({ from, to, signal, onProgress })
        isMoved = true
      } finally {
        this.#tell({ phase: 'opening', done: 0, total: 0 })
        await open(isMoved ? to : from)
      }
      await recordOrOwe('moved')
    })
  }

  /** Every file of Attune's, what was set aside included; backups stay, as the page says. Then there is an empty folder again. */
  async deleteAll(confirmed: string): Promise<void> {
    if (confirmed !== CONFIRMED) throw new InputError('not-confirmed', `Type ${CONFIRMED} to delete everything.`)
    const asides = await this.#asides()
    await this.#work('delete', 'deleting', async () => {
      const { dataFolder, close, open } = this.#keeper
      const folder = dataFolder()
      await close()
      try {
        for (const { id } of asides) await rm(await this.#listed(dirname(folder), id), { recursive: true, force: true })
        for (const name of (await readdir(folder)).filter(isOwn)) await rm(join(folder, name), { recursive: true, force: true })
      } finally {
        await open(folder)
      }
    })
  }

  cancel(): void {
    this.#task?.stop.abort()
  }

  async removeBackup(id: string): Promise<void> {
    await rm(await this.#listed(this.#backupsFolder(), id), { recursive: true, force: true })
  }

  async removeAside(id: string): Promise<void> {
    await rm(await this.#listed(dirname(this.#keeper.dataFolder()), id), { recursive: true, force: true })
  }

  #backupsFolder(): string {
    return `${this.#keeper.dataFolder()}-backups`
  }

  async #backups(): Promise<readonly BackupSummary[]> {
    const folder = this.#backupsFolder()
    const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.'))
    const found = await Promise.all(
      names.map(async (name): Promise<BackupSummary[]> => {
        const path = join(folder, name)
        const manifest = await readManifest(path).catch(() => null)
        if (!manifest) return []
        const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
        return [{ id: idOf(path), name, madeAt: manifest.madeAt, version: manifest.version, bytes }]
      })
    )
    return found.flat().sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1))
  }

  async #asides(): Promise<readonly AsideSummary[]> {
    const folder = this.#keeper.dataFolder()
    const start = `${basename(folder)}${ASIDE}`
    const names = (await readdir(dirname(folder)).catch(() => [])).filter((name) => name.startsWith(start))
    return Promise.all(
      names.map(async (name) => {
        const path = join(dirname(folder), name)
        return { id: idOf(path), name, bytes: await sizeOf(path) }
      })
    )
  }

  /** The entry of a folder that an id stands for: ids are looked up, never turned into paths. */
  async #listed(folder: string, id: string): Promise<string> {
    const known = folder === this.#backupsFolder() ? await this.#backups() : await this.#asides()
    const found = known.find((entry) => entry.id === id)
    if (found) return join(folder, found.name)
    throw new InputError('backup-gone', 'This copy is no longer there. Look at the list again.')
  }

  async #work<T>(
    task: StorageProgress['task'],
    phase: StorageProgress['phase'],
    work: (signal: AbortSignal) => Promise<T>
  ): Promise<T> {
    if (this.#task)
      throw new InputError('storage-busy', 'Attune is already copying or deleting data. Wait until that is done, or cancel it.')
    const stop = new AbortController()
    this.#task = { stop, progress: { task, phase, done: 0, total: 0 } }
    this.#keeper.onProgress(this.#task.progress)
    try {
      return await work(stop.signal)
    } catch (error) {
      if (error === stop.signal.reason) throw new InputError('cancelled', 'Cancelled. Nothing was changed.', {}, { cause: error })
      throw error
    } finally {
      this.#task = null
    }
  }

  #tell(progress: Omit<StorageProgress, 'task'>): void {
    if (!this.#task) return
    this.#task.progress = { task: this.#task.progress.task, ...progress }
    this.#keeper.onProgress(this.#task.progress)
  }
}

const ASIDE = '-before-restore-'

/** `2026-11-25 21.30.05`: fit for a name on every system. */
const stampOf = (iso: string): string => iso.slice(0, 19).replace('T', ' ').replaceAll(':', '.')

const idOf = (path: string): string => `b-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`

function riskyPlace(risk: 'network' | 'synchronised'): InputError {
  const sentences = {
    network: 'This folder is on a network drive: your data would leave this PC. Choose a folder on a disk of this PC.',
    synchronised:
      'This folder is copied elsewhere by a synchronising program: your data would leave this PC. Choose another folder.'
  }
  return new InputError('place-risky', sentences[risk])
}
