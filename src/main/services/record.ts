import { join } from 'node:path'
import type { ProjectId } from '../../preload/contract/common.ts'
import type { Events } from '../ipc/events.ts'
import { Artifacts } from '../record/artifacts.ts'
import { Bin } from '../record/bin.ts'
import type { BinFolders } from '../record/bin-folder.ts'
import { Journal } from '../record/journal.ts'
import { Projects, type ProjectKeyPort } from '../record/projects.ts'
import type { WritableDb } from '../tracker/tracker.ts'

/** What was made, done and thrown away in a data folder. */
export interface Record {
  readonly journal: Journal
  readonly bin: Bin
  readonly projects: Projects
  readonly artifacts: Artifacts
}

export interface RecordOptions {
  readonly db: WritableDb
  readonly dataFolder: string
  readonly events: Events
  /** ISO 8601. */
  readonly now: () => string
  readonly endRun: (id: string) => Promise<void>
  /** Keys of projects, where files are encrypted. */
  readonly keys: ProjectKeyPort & { readonly destroy: (project: ProjectId) => Promise<void> }
}

export const recordFolders = (dataFolder: string): BinFolders => ({
  bin: join(dataFolder, 'bin'),
  projects: join(dataFolder, 'projects'),
  datasets: join(dataFolder, 'datasets'),
  runs: join(dataFolder, 'runs'),
  configurations: join(dataFolder, 'configurations')
})

export function makeRecord({ db, dataFolder, events, now, endRun, keys }: RecordOptions): Record {
  const folders = recordFolders(dataFolder)
  const journal = new Journal(db, now)
  const tell = (id: ProjectId): void => events.emit(['projects:changed', { id }])
  const { record } = journal
  const bin = new Bin({
    db,
    folders,
    record,
    now,
    endRun,
    destroyKey: (project) => keys.destroy(project),
    onChange: (project, gone) => {
      for (const id of gone) events.emit(['runs:removed', { id }])
      tell(project)
    }
  })
  const projects = new Projects({ db, folder: folders.projects, bin, keys, record, now, onChange: tell })
  return { journal, bin, projects, artifacts: new Artifacts(db) }
}
