import { join } from 'node:path'
import type { PassageVerdict } from '../../../preload/contract/passages.ts'
import { systemCodeOf } from '../../base/errors.ts'
import { writeJsonAtomic } from '../../base/files.ts'
import { readFile } from '../../base/sealed/fs.ts'

const fileName = 'passage-verdicts.json'

/** What people say of errors, by the errors' keys. */
export type PassageVerdicts = ReadonlyMap<string, PassageVerdict>

export async function readPassageVerdicts(folder: string): Promise<PassageVerdicts> {
  const json = await readFile(join(folder, fileName), 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return '{}'
    throw error
  })
  return new Map(Object.entries(JSON.parse(json) as Readonly<Record<string, PassageVerdict>>)) // Written below.
}

export async function writePassageVerdicts(folder: string, verdicts: PassageVerdicts): Promise<void> {
  await writeJsonAtomic(join(folder, fileName), Object.fromEntries(verdicts))
}
