import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { InputError, systemCodeOf } from './errors.ts'
import { quoted, storageProblem } from './storage-problem.ts'

/**
 * The folder that links may not leave. A snapshot of the Hugging Face cache (`models--x--y/snapshots/REVISION`) links its files into
 * `models--x--y/blobs`, so its repository is the root; any other folder is its own root.
 */
function repositoryRoot(folder: string): string {
  const snapshots = dirname(folder)
  const repository = dirname(snapshots)
  return basename(snapshots) === 'snapshots' && basename(repository).startsWith('models--') ? repository : folder
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The real path of a folder that the person named; a link there is theirs to use. */
export async function realFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder)
    if ((await stat(real)).isDirectory()) return real
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw storageProblem(error, 'The model cannot be read', folder)
    const message = `The model folder ${quoted(resolve(folder))} does not exist. Check its name and place.`
    throw new InputError('not-found', message, { file: folder }, { cause: error })
  }
  const message = `The model ${quoted(folder)} is a file. Name the folder that it lies in: config.json, *.safetensors and tokenizer.json.`
  throw new InputError('not-a-folder', message, { file: folder })
}

/**
 * The real path of the file `name` of a model's folder, or `undefined` when there is none.
 * @throws InputError for a link that leads nowhere or out of the model's repository
 */
export async function resolveInModel(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name)
  const root = repositoryRoot(await realFolder(folder))
  let real: string
  try {
    real = await realpath(path)
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw storageProblem(error, 'The model cannot be read', path)
    const isLink = await lstat(path).then(
      (found) => found.isSymbolicLink(),
      () => false
    )
    if (!isLink) return undefined
    const message = `The file ${quoted(path)} is a link to a file that does not exist. Download the model again.`
    throw new InputError('link-broken', message, { file: path })
  }
  if (!isInside(root, real)) {
    const message = `The file ${quoted(path)} is a link to ${quoted(real)}, outside the model's folder. Copy the file itself into the folder.`
    throw new InputError('link-outside', message, { file: path })
  }
  return real
}
