import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectId, RunId } from '../../preload/contract/common.ts'
import type { BinEntry } from '../../preload/contract/record.ts'
import { InputError } from '../base/errors.ts'
import { ifThere } from '../base/if-there.ts'
import { binRows, type BinRow } from '../tracker/queries/bin.ts'
import { changeDataset, datasetsOfProject, findAnyDataset, findDataset, removeDataset } from '../tracker/queries/datasets.ts'
import { changeProject, findAnyProject, removeProject } from '../tracker/queries/projects.ts'
import { setNote } from '../tracker/queries/record.ts'
import { changeRun, findAnyRun, findRun, removeRun, runsOfProject } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import { binFolder, binFolderState, fillBinFolder, moveBack, type BinFolders } from './bin-folder.ts'
import { sizeOf } from './folder-size.ts'
import type { RecordEvent } from './journal.ts'

/** Days that something stays in the bin. */
export const BIN_DAYS = 30
const DAY = 86_400_000

export interface BinOptions {
  readonly db: WritableDb
  readonly folders: BinFolders
  readonly record: RecordEvent
  /** ISO 8601. */
  readonly now: () => string
  /** Ends a run's trainer and takes it out of the queue. */
  readonly endRun: (id: string) => Promise<void>
  /** Destroys the key of a project before its files go: whatever is left of them then, by a crash or on the disk, nobody can read. */
  readonly destroyKey: (project: ProjectId) => Promise<void>
  readonly onChange: (project: ProjectId, gone: readonly RunId[]) => void
}

/** What was discarded: it stays for 30 days, can be put back, and can be destroyed before. */
export class Bin {
  readonly #options: BinOptions

  constructor(options: BinOptions) {
    this.#options = options
  }

  /** Makes true what an interrupted discarding or restoring began, and lets go of what is older than 30 days. */
  async open(): Promise<void> {
    const { db, folders } = this.#options
    for (const id of (await ifThere(readdir(folders.bin))) ?? []) {
      const run = findAnyRun(db, id)
      const row = run ?? findAnyDataset(db, id)
      if (!row) continue
      const state = await binFolderState(folders, id)
      if (state === 'leaving') await moveBack(folders, { id, kind: run ? 'run' : 'dataset' }, run)
      if (state === 'leaving' || (state === 'begun' && row.discarded_at === null)) await this.#revive(id)
      else if (row.discarded_at === null) this.#mark(id, this.#options.now(), null)
    }
    const oldest = new Date(Date.parse(this.#options.now()) - BIN_DAYS * DAY).toISOString()
    for (const row of this.#entries()) if (row.discarded_at < oldest) await this.destroy(row.id)
  }

  async list(): Promise<readonly BinEntry[]> {
    const { db, folders } = this.#options
    const all = binRows(db)
    return Promise.all(
      this.#entries().map(async ({ id, kind, name, project_id, discarded_at }): Promise<BinEntry> => {
        const within = kind === 'project' ? all.filter((row) => row.discarded_with === id) : [{ id }]
        const sizes = await Promise.all(within.map((row) => sizeOf(binFolder(folders, row.id))))
        return {
          id: id as BinEntry['id'], // Minted by main; it only travelled through the database.
          kind,
          name,
          project: findAnyProject(db, project_id)?.name ?? '',
          discardedAt: discarded_at,
          until: new Date(Date.parse(discarded_at) + BIN_DAYS * DAY).toISOString(),
          bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
          items: within.length
        }
      })
    )
  }

  has(id: string): boolean {
    return binRows(this.#options.db).some((row) => row.id === id)
  }

  async discardRun(id: string, discardedWith: string | null = null): Promise<void> {
    const { db, folders, endRun } = this.#options
    await endRun(id)
    const row = findRun(db, id)
    if (!row) return
    const mark = { id, name: row.name, discarded_at: this.#options.now(), discarded_with: discardedWith }
    await fillBinFolder(folders, mark, { kind: 'run', from: row })
    // It waits for nothing any more, and does not when it is put back.
    if (row.state === 'queued') changeRun(db, id, { state: 'paused', queue_order: null })
    this.#mark(id, mark.discarded_at, discardedWith)
    this.#told('discarded', row.project_id, id, [id])
  }

  async discardDataset(id: string, discardedWith: string | null = null): Promise<void> {
    const { db, folders } = this.#options
    const row = findDataset(db, id)
    if (!row) throw new InputError('dataset-gone', 'This data set is no longer there. Open its file again.')
    const mark = { id, name: row.name, discarded_at: this.#options.now(), discarded_with: discardedWith }
    await fillBinFolder(folders, mark, { kind: 'dataset' })
    this.#mark(id, mark.discarded_at, discardedWith)
    this.#told('discarded', row.project_id, id, [])
  }

  async discardProject(id: ProjectId): Promise<void> {
    const { db } = this.#options
    for (const run of runsOfProject(db, id)) await this.discardRun(run.id, id)
    for (const dataset of datasetsOfProject(db, id)) await this.discardDataset(dataset.id, id)
    changeProject(db, id, { discarded_at: this.#options.now() })
    this.#told('discarded', id, id, [])
  }

  /** Puts something back where it was; what went with its project comes back with it. */
  async restore(id: string): Promise<void> {
    const row = this.#find(id)
    for (const part of this.#partsOf(row)) {
      const { id: own, kind } = part
      if (kind !== 'project') await moveBack(this.#options.folders, { id: own, kind }, findAnyRun(this.#options.db, own))
      await this.#revive(part.id)
    }
    changeProject(this.#options.db, row.project_id, { discarded_at: null })
    this.#told('restored', row.project_id, id, [])
  }

  /** For good. A project of which nothing is left goes too. */
  async destroy(id: string): Promise<void> {
    const row = this.#find(id)
    const parts = this.#partsOf(row)
    const going = new Set(parts.map((part) => part.id))
    const { db, destroyKey } = this.#options
    const all = [...runsOfProject(db, row.project_id), ...datasetsOfProject(db, row.project_id)]
    // Minted by main; it only travelled through the database.
    if (all.every((each) => going.has(each.id))) await destroyKey(row.project_id as ProjectId)
    for (const part of parts) await this.#erase(part)
    await this.#leave(row.project_id)
    this.#told('destroyed', row.project_id, id, [])
  }

  async empty(): Promise<void> {
    for (const row of this.#entries()) await this.destroy(row.id)
  }

  /** Lets go of all that is left of a project whose key was destroyed: a crash came in between, or an older copy of the folder was put back. */
  async finishDestroying(project: string): Promise<void> {
    const { db, folders } = this.#options
    if (!findAnyProject(db, project)) return
    for (const { id, folder, config_file } of runsOfProject(db, project)) {
      for (const path of [folder ?? join(folders.runs, `${id}-1`), config_file]) await rm(path, { recursive: true, force: true })
      await this.#erase({ id, kind: 'run' })
    }
    for (const { id } of datasetsOfProject(db, project)) {
      await rm(join(folders.datasets, id), { recursive: true, force: true })
      await this.#erase({ id, kind: 'dataset' })
    }
    await this.#leave(project)
    this.#told('destroyed', project, project, [])
  }

  async #erase(part: Pick<BinRow, 'id' | 'kind'>): Promise<void> {
    const { db, folders } = this.#options
    // Out of reach first, so that no half of it is ever put back.
    const doomed = `${binFolder(folders, part.id)}.destroyed`
    await rename(binFolder(folders, part.id), doomed).catch(() => undefined)
    await rm(doomed, { recursive: true, force: true })
    if (part.kind === 'run')
      for (const ending of ['yaml', 'json']) await rm(join(folders.configurations, `${part.id}.${ending}`), { force: true })
    db.transaction(() => {
      setNote(db, part.id, '')
      if (part.kind === 'run') removeRun(db, part.id)
      if (part.kind === 'dataset') removeDataset(db, part.id)
    })
  }

  async #leave(project: string): Promise<void> {
    const { db, folders } = this.#options
    if (runsOfProject(db, project).length > 0 || datasetsOfProject(db, project).length > 0) return
    setNote(db, project, '')
    removeProject(db, project)
    await rm(join(folders.projects, `${project}.json`), { force: true })
  }

  #entries(): readonly BinRow[] {
    const rows = binRows(this.#options.db)
    const projects = new Set(rows.flatMap(({ id, kind }) => (kind === 'project' ? [id] : [])))
    return rows.filter(({ discarded_with: project }) => project === null || !projects.has(project))
  }

  #find(id: string): BinRow {
    const row = binRows(this.#options.db).find((each) => each.id === id)
    if (row) return row
    throw new InputError('bin-gone', 'This is no longer in the bin. It has been put back or deleted.')
  }

  #partsOf(row: BinRow): readonly BinRow[] {
    if (row.kind !== 'project') return [row]
    return [...binRows(this.#options.db).filter(({ discarded_with }) => discarded_with === row.id), row]
  }

  #mark(id: string, discarded_at: string | null, discarded_with: string | null): void {
    const { db } = this.#options
    if (findAnyRun(db, id)) changeRun(db, id, { discarded_at, discarded_with })
    else changeDataset(db, id, { discarded_at, discarded_with })
  }

  async #revive(id: string): Promise<void> {
    this.#mark(id, null, null)
    await rm(binFolder(this.#options.folders, id), { recursive: true, force: true })
  }

  #told(event: 'discarded' | 'restored' | 'destroyed', project: string, id: string, gone: readonly string[]): void {
    this.#options.record(event, id)
    // Minted by main; they only travelled through the database.
    this.#options.onChange(project as ProjectId, gone as readonly RunId[])
  }
}
