import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Artifact } from '../../preload/contract/record.ts'
import { InputError } from '../base/errors.ts'
import { sha256OfFile } from '../base/files.ts'
import { ifThere } from '../base/if-there.ts'
import { artifactsOfRun, setArtifacts, type ArtifactRow } from '../tracker/queries/record.ts'
import { findRun } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'

/** What a file of a run folder is, by its name there; everything else in it is the trainer's own. */
const kinds: readonly (readonly [RegExp, Artifact['kind']])[] = [
  [/^report\.(json|html|pdf)$/, 'report'],
  [/(^|\/)predictions[\w.-]*\.(csv|jsonl|json|xlsx|bin)$/, 'predictions'],
  [/^checkpoints\/best-\d+\/[\w-]+\.safetensors$/, 'weights'],
  [/^(config|model)\.json$/, 'settings'],
  [/^exports?\//, 'export']
]

/** What runs made: their files with size and SHA-256. */
export class Artifacts {
  readonly #db: WritableDb

  constructor(db: WritableDb) {
    this.#db = db
  }

  /** The files of a run; those of one that ended before they were listed are listed now. */
  async of(run: string): Promise<readonly Artifact[]> {
    if (!findRun(this.#db, run)) throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
    const known = artifactsOfRun(this.#db, run)
    const rows = known.length > 0 ? known : await this.collect(run)
    return rows.map(({ name, kind, bytes, sha256, made_at }) => ({ name, kind, bytes, sha256, madeAt: made_at }))
  }

  /** Reads what a run has made and lists it. A run that has no result yet has made nothing that lasts. */
  async collect(run: string): Promise<readonly ArtifactRow[]> {
    const row = findRun(this.#db, run)
    if (row?.folder == null || row.state !== 'finished') return []
    const rows: ArtifactRow[] = []
    for (const path of await filesBelow(row.folder)) {
      const name = relative(row.folder, path).replaceAll(sep, '/')
      const kind = kinds.find(([pattern]) => pattern.test(name))?.[1]
      if (kind === undefined) continue
      const { size, mtime } = await stat(path)
      rows.push({ run_id: run, name, kind, bytes: size, sha256: await sha256OfFile(path), made_at: mtime.toISOString() })
    }
    if (findRun(this.#db, run)) setArtifacts(this.#db, run, rows)
    return artifactsOfRun(this.#db, run)
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = (await ifThere(readdir(folder, { recursive: true, withFileTypes: true }))) ?? []
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
