import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { Events } from '../../ipc/events.ts'
import type { Adapters } from '../../library/adapters.ts'
import type { Models } from '../../library/models.ts'
import { isModelId } from '../../library/trained-model.ts'
import type { Journal } from '../../record/journal.ts'
import { findExport } from '../../tracker/queries/exports.ts'
import { findRun } from '../../tracker/queries/runs.ts'
import type { WritableDb } from '../../tracker/tracker.ts'
import { Serving, type ServingOptions } from './serving.ts'

interface ServingParts {
  readonly db: WritableDb
  readonly events: Events
  readonly models: Pick<Models, 'trained'>
  readonly adapters: Pick<Adapters, 'folderOf' | 'get'>
  readonly journal: Journal
}

/** The switch by which other programs of this PC are answered; off until a person turns it on. */
export function makeServing(
  { trainer, version }: { readonly trainer: string; readonly version: string },
  { db, events, models, adapters, journal }: ServingParts
): Serving {
  const subjectOf: ServingOptions['subjectOf'] = async (of) => {
    if (isModelId(of)) return models.trained(of)
    if (of.startsWith('a-')) return { folder: await adapters.folderOf(of), name: (await adapters.get(of)).name }
    if (of.startsWith('e-')) return exported(db, of)
    const run = findRun(db, of)
    if (run?.folder == null) throw new InputError('run-unfinished', 'This run has not learned anything yet. Let it finish first.')
    return { folder: run.folder, name: run.name }
  }
  return new Serving({
    ...{ entry: trainer, version, subjectOf, record: journal.record },
    now: () => new Date().toISOString(),
    changed: (status) => events.emit(['serving:changed', { status }])
  })
}

function exported(db: WritableDb, id: string): { readonly folder: string; readonly name: string } {
  const row = findExport(db, id)
  if (!row) throw new InputError('export-gone', 'This export is no longer on the list.')
  return { folder: row.folder, name: basename(row.folder) }
}
