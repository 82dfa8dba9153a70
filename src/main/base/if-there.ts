import { systemCodeOf } from './errors.ts'

/**
 * What a call of the file system gives, or null where nothing lies at its path. Any other refusal is thrown: a disk that fails and a folder that may not
 * be read are not empty.
 */
export async function ifThere<Found>(call: Promise<Found>): Promise<Found | null> {
  try {
    return await call
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}
