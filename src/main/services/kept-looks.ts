import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { systemCodeOf } from '../base/errors.ts'
import { writeFileAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { CloseFinding, Roles } from '../worker/scrutiny/scrutiny-types.ts'

/** Raised when a look finds something else in the same rows, or writes it in another form: what was kept before is then made anew. */
const FORM = 1

/** Where a data set's folder keeps what was found under these roles. */
function pathOf(rowsPath: string, roles: Roles): string {
  const key = createHash('sha256').update(JSON.stringify(roles)).digest('hex').slice(0, 12)
  return join(dirname(rowsPath), `look-${key}.json`)
}

/** What a look found in this version of the data under these roles; null where nobody looked. It goes with the version's folder, sealed as that is. */
export async function keptLook(rowsPath: string, roles: Roles): Promise<readonly CloseFinding[] | null> {
  try {
    const kept: unknown = JSON.parse(await readFile(pathOf(rowsPath, roles), 'utf8'))
    return isKept(kept) ? kept.findings : null
  } catch (error) {
    // One that is not there, or no longer whole, is made anew.
    if (error instanceof SyntaxError || systemCodeOf(error) === 'ENOENT') return null
    throw error
  }
}

interface Kept {
  readonly form: number
  readonly findings: readonly CloseFinding[]
}

/** What has the form was written by `keepLook`. */
const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  'form' in value &&
  value.form === FORM &&
  'findings' in value &&
  Array.isArray(value.findings)

export async function keepLook(rowsPath: string, roles: Roles, findings: readonly CloseFinding[]): Promise<void> {
  const kept: Kept = { form: FORM, findings }
  await writeFileAtomic(pathOf(rowsPath, roles), JSON.stringify(kept), 0o600)
}
