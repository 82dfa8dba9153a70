import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { InputError } from '../../../base/errors.ts'

const MOST_FILES = 200_000

/** A file below what was named, by its path from there; `folder` says in which folder it lies. */
export interface InputFile {
  readonly path: string
  readonly name: string
  readonly folder: string
}

export interface Inputs {
  readonly isFolder: boolean
  readonly files: readonly InputFile[]
  /** Links and devices, which are not followed. */
  readonly leftOut: readonly string[]
}

/** The files that were named: one, or all below a folder. Links are not followed; what begins with a point is not meant. */
export async function inputsAt(path: string): Promise<Inputs> {
  const found = await stat(path).catch(() => null)
  if (found?.isFile() === true) return { isFolder: false, files: [{ path, name: '', folder: '' }], leftOut: [] }
  if (found?.isDirectory() !== true)
    throw new InputError('not-found', `There is no file or folder ${path}. Check the name.`, { file: path })
  const files: InputFile[] = []
  const leftOut: string[] = []
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = join(folder, entry.name)
      const name = relative(path, full)
      if (entry.name.startsWith('.') || entry.name.startsWith('~$')) continue
      if (entry.isDirectory()) await walk(full)
      else if (entry.isFile()) files.push({ path: full, name, folder: relative(path, folder) })
      else leftOut.push(name)
      if (files.length > MOST_FILES)
        throw new InputError('usage', `There are more than ${MOST_FILES} files in ${path}. Take one part of it after the other.`)
    }
  }
  await walk(path)
  return { isFolder: true, files, leftOut }
}

/** Refuses a place that is the input, lies in it or above it, or holds something already. Returns its full path. */
export async function requireNewPlace(input: string, out: string): Promise<string> {
  const to = resolve(out)
  const found = await lstat(to).catch(() => null)
  if (found !== null)
    throw new InputError('output_exists', `There is something at ${out} already. Name a new place: nothing is written over.`, {
      file: out
    })
  const [from, folder] = [await realpath(input), await realpath(resolve(to, '..')).catch(() => null)]
  if (folder === null)
    throw new InputError('output_folder_missing', `${out} cannot be written: its folder does not exist.`, { file: out })
  if (folder === from || folder.startsWith(from + sep))
    throw new InputError('output_is_input', `${out} lies in what is gone through. Name a place outside of it.`, {
      file: out
    })
  return to
}
