import { InputError, messageOf, systemCodeOf } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { isRecord, type Check } from './shape.ts'

/**
 * What a run kept of its answers to a part, looked at by `check`, which looks at every field of `T`; null where it kept nothing, or no groups yet.
 * Throws an InputError where the file is damaged.
 */
export async function readStored<T>(path: string, check: Check): Promise<T | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (isRecord(value) && value['groups'] === undefined) return null
    const fault = check(value)
    if (fault === null) return value as T // Every field was checked.
    throw damaged(path, `the file${fault}`)
  } catch (error) {
    if (error instanceof InputError) throw error
    if (systemCodeOf(error) === 'ENOENT') return null
    throw damaged(path, messageOf(error))
  }
}

const damaged = (path: string, why: string): InputError =>
  new InputError('predictions-unreadable', `The stored answers of this run cannot be read (${why}). Train it again.`, {
    file: path
  })
