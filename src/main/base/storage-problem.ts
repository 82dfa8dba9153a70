import { InputError, systemCodeOf } from './errors.ts'

/** Control, zero-width and direction-changing characters, which could make a message read unlike what is in the file. */
const invisible = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** A name or path from outside, fit for a message: in quotes, invisible characters escaped, cut at 160 characters. */
export function quoted(name: string): string {
  const cut = name.length > 160 ? `${name.slice(0, 160)}…` : name
  return JSON.stringify(cut).replace(invisible, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A number of bytes in the unit a person would use. */
export function showBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let value = bytes
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

const storageSentences: Readonly<Record<string, { code: string; sentence: (path: string) => string }>> = {
  ENOSPC: { code: 'disk-full', sentence: (path) => `the disk that holds ${path} is full. Free some space and try again.` },
  EDQUOT: { code: 'disk-full', sentence: (path) => `the disk quota for ${path} is used up. Free some space and try again.` },
  EACCES: {
    code: 'no-permission',
    sentence: (path) => `access to ${path} is denied. Change its permissions or choose another folder.`
  },
  EPERM: {
    code: 'no-permission',
    sentence: (path) => `access to ${path} is denied. Change its permissions or choose another folder.`
  },
  EROFS: { code: 'read-only', sentence: (path) => `${path} is on a read-only disk. Choose a folder that can be written to.` },
  EIO: {
    code: 'disk-failing',
    sentence: (path) => `the disk that holds ${path} reports a fault. Check the disk or use another one.`
  },
  EFBIG: {
    code: 'file-too-large',
    sentence: (path) => `the disk that holds ${path} cannot store a file this large. Use a disk in another format.`
  },
  ENOTDIR: { code: 'not-a-folder', sentence: (path) => `a part of ${path} is a file, not a folder. Choose another folder.` },
  EISDIR: { code: 'not-a-file', sentence: (path) => `${path} is a folder, not a file.` },
  ENOENT: { code: 'not-found', sentence: (path) => `${path} does not exist. Check the path.` },
  ELOOP: { code: 'link', sentence: (path) => `${path} is a link. Use the file that it points to.` },
  ENXIO: { code: 'not-a-file', sentence: (path) => `${path} is a device or socket, not a file.` },
  ENAMETOOLONG: { code: 'name-too-long', sentence: (path) => `the name ${path} is too long for this disk. Choose a shorter one.` }
}

/**
 * What to throw when the file system refused: an InputError that starts with `what` ("The checkpoint of step 420 could not be
 * written") for causes a person can mend, otherwise `error` as it is.
 */
export function storageProblem(error: unknown, what: string, path: string): unknown {
  const known = storageSentences[systemCodeOf(error) ?? '']
  if (known === undefined) return error
  return new InputError(known.code, `${what}: ${known.sentence(quoted(path))}`, { file: path }, { cause: error })
}
