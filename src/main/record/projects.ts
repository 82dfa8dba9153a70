import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetId, ProjectId, RunId } from '../../preload/contract/common.ts'
import type { ProjectPurpose, ProjectSummary } from '../../preload/contract/projects.ts'
import { InputError } from '../base/errors.ts'
import { keyRing } from '../base/sealed/key-ring.ts'
import { writeJsonAtomic } from '../base/files.ts'
import {
  addProject,
  changeProject,
  findAnyProject,
  findProject,
  hasProjectNamed,
  listProjects,
  type ProjectRow
} from '../tracker/queries/projects.ts'
import { notesOf, setNote } from '../tracker/queries/record.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { Bin } from './bin.ts'
import type { RecordEvent } from './journal.ts'

/** Whoever keeps the keys of projects. */
export interface ProjectKeyPort {
  readonly make: (project: ProjectId) => Promise<void>
  /** Takes a key back that has sealed nothing which is still there. */
  readonly drop: (project: ProjectId) => Promise<void>
}

export interface ProjectsOptions {
  readonly db: WritableDb
  /** Each project's name and note in a file of its own, so that the tracker can be made again from them. */
  readonly folder: string
  readonly bin: Bin
  readonly keys: ProjectKeyPort
  readonly record: RecordEvent
  /** ISO 8601. */
  readonly now: () => string
  readonly onChange: (id: ProjectId) => void
}

/** Projects: what one question's data and runs belong to. */
export class Projects {
  readonly #options: ProjectsOptions

  constructor(options: ProjectsOptions) {
    this.#options = options
  }

  list(): readonly ProjectSummary[] {
    const notes = notesOf(this.#options.db)
    return listProjects(this.#options.db)
      .filter(({ datasets, runs }) => datasets + runs > 0)
      .map((row) => ({
        // The ids were minted by main and only travelled through the database.
        id: row.id as ProjectId,
        name: row.name,
        sample: row.sample,
        note: notes.get(row.id) ?? '',
        purpose: row.purpose,
        datasets: row.datasets,
        runs: row.runs,
        latestRun: row.latest_run as RunId | null, // As above.
        latestDataset: row.latest_dataset as DatasetId | null, // As above.
        changedAt: row.changed_at
      }))
  }

  /**
   * The project that a file will belong to, with a key, before anything of the file is written. What came to nothing is given back by `release`.
   */
  async reserve(sample: { readonly id: string } | null): Promise<ProjectId> {
    const id = sample ? practiceId(sample) : newId()
    await this.#options.keys.make(id)
    keyRing.belong({ id, project: id })
    return id
  }

  async release(id: ProjectId): Promise<void> {
    // The key of a practice set may be in use beside this.
    if (!id.startsWith(PRACTICE) && !findAnyProject(this.#options.db, id)) await this.#options.keys.drop(id)
  }

  /** A new project for a file of the person's own, named after it. */
  async forFile(file: string, id = newId()): Promise<ProjectId> {
    const base = file.replace(/\.[a-z0-9]{1,6}$/i, '')
    return this.#make(id, this.#freeName(base), null)
  }

  /** The one project of a practice set. */
  async forSample(sample: { readonly id: string; readonly title: string }): Promise<ProjectId> {
    const id = practiceId(sample)
    const known = findAnyProject(this.#options.db, id)
    if (!known) return this.#make(id, sample.title, sample.id)
    changeProject(this.#options.db, id, { discarded_at: null })
    return id
  }

  async rename({ id, name }: { readonly id: ProjectId; readonly name: string }): Promise<void> {
    const row = this.#row(id)
    changeProject(this.#options.db, id, { name })
    await this.#write({ ...row, name })
    this.#options.record('renamed', id)
    this.#options.onChange(id)
  }

  async note({ id, text }: { readonly id: ProjectId; readonly text: string }): Promise<void> {
    const row = this.#row(id)
    setNote(this.#options.db, id, text)
    await this.#write(row)
    this.#options.onChange(id)
  }

  /** Says what its models are for. */
  async setPurpose({ id, purpose }: { readonly id: ProjectId; readonly purpose: ProjectPurpose }): Promise<void> {
    const row = this.#row(id)
    changeProject(this.#options.db, id, { purpose })
    await this.#write({ ...row, purpose })
    this.#options.onChange(id)
  }

  async discard(id: ProjectId): Promise<void> {
    this.#row(id)
    await this.#options.bin.discardProject(id)
  }

  async destroyNow(id: ProjectId): Promise<void> {
    await this.discard(id)
    await this.#options.bin.destroy(id)
  }

  /** Forgets the file of a project that is no more. */
  async forget(id: string): Promise<void> {
    await rm(this.#path(id), { force: true })
  }

  async #make(id: ProjectId, name: string, sample: string | null): Promise<ProjectId> {
    const row: ProjectRow = { id, name, sample, created_at: this.#options.now(), discarded_at: null, purpose: 'unsaid' }
    await this.#write(row)
    addProject(this.#options.db, row)
    this.#options.onChange(id)
    return id
  }

  async #write({ id, name, sample, created_at, purpose }: ProjectRow): Promise<void> {
    const { db, folder } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeJsonAtomic(this.#path(id), { id, name, sample, created_at, purpose, note: notesOf(db, id).get(id) ?? '' })
  }

  #path(id: string): string {
    return join(this.#options.folder, `${id}.json`)
  }

  #row(id: string): ProjectRow {
    const row = findProject(this.#options.db, id)
    if (row) return row
    throw new InputError('project-gone', 'This project is no longer there. It may be in the bin.')
  }

  /** `letters`, or `letters 2` where that is taken. */
  #freeName(base: string): string {
    for (let n = 1; ; n++) {
      const name = n === 1 ? base : `${base} ${n}`
      if (!hasProjectNamed(this.#options.db, name)) return name
    }
  }
}

const PRACTICE = 'p-practice-'
const practiceId = (sample: { readonly id: string }): ProjectId => `${PRACTICE}${sample.id}` as ProjectId // Minted here.
const newId = (): ProjectId => `p-${randomBytes(8).toString('hex')}` as ProjectId // Minted here.
