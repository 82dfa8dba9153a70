import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { open } from '../base/sealed/fs.ts'
import { shown } from '../base/wording.ts'

/** The format that an output file's extension asks for. Throws an `InputError` for any other extension. */
export function outputFormat(path: string): 'csv' | 'jsonl' {
  const extension = extname(path).toLowerCase()
  if (extension === '.csv') return 'csv'
  if (extension === '.jsonl' || extension === '.ndjson') return 'jsonl'
  const kind = extension === '' ? 'no extension' : `the extension ${shown(extension)}`
  throw new InputError('output_type', `${basename(path)} has ${kind}. Predictions are written to .csv or .jsonl.`, { file: path })
}

/**
 * Refuses, before any work is done, a place where answers cannot be written or would replace what the person has: a folder that is not there,
 * the rows themselves, a file that holds something else. An earlier file of answers is replaced. Returns the format.
 */
export async function checkOutput(path: string, input: string): Promise<'csv' | 'jsonl'> {
  const format = outputFormat(path)
  const name = basename(path)
  const where = { file: path }
  await checkFolder(dirname(resolve(path)), name)
  const found = await stat(path).catch(() => null)
  if (found === null) return format
  if (found.isDirectory())
    throw new InputError('output_is_folder', `${name} cannot be written: it is a folder. Name a file.`, where)
  const rows = await stat(input).catch(() => null)
  if (rows !== null && rows.ino === found.ino && rows.dev === found.dev) {
    const message = `${name} is the file to be answered and would be replaced by its answers. Name another file with --out.`
    throw new InputError('output_is_input', message, where)
  }
  if (found.size === 0 || (await holdsAnswers(path))) return format
  const message = `${name} exists and holds something else than answers. Name another file with --out, or move this one away.`
  throw new InputError('output_exists', message, where)
}

async function checkFolder(folder: string, name: string): Promise<void> {
  const where = { file: folder }
  const found = await stat(folder).catch(() => null)
  if (found?.isDirectory() !== true) {
    const why =
      found === null ? `there is no folder ${folder}. Make it first` : `${folder} is a file, not a folder. Choose a folder`
    throw new InputError('output_folder_missing', `${name} cannot be written: ${why}, or name another file with --out.`, where)
  }
  await access(folder, constants.W_OK).catch((error: unknown) => {
    const message = `${name} cannot be written: its folder is read-only (${systemCodeOf(error) ?? 'no permission'}). Choose another folder.`
    throw new InputError('output_read_only', message, where, { cause: error })
  })
}

/** How the first line of a file of answers begins, as predict writes it. */
const answersStart = [
  /^(?:id,label(?:,confidence,|\n)|\{"id":"(?:[^"\\]|\\.)*","label":)/,
  // Marks: those that a person made have no confidence, and stand beside their text.
  /^id,marks,least confidence\n/,
  /^\{"id":"(?:[^"\\]|\\.)*","marks":\[(?:\]\}\n|\{"start":\d+,"end":\d+,"label":"(?:[^"\\]|\\.)*","confidence":)/
]

async function holdsAnswers(path: string): Promise<boolean> {
  await using handle = await open(path, 'r')
  const buffer = Buffer.alloc(4096)
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
  const start = buffer.toString('utf8', 0, bytesRead)
  return answersStart.some((pattern) => pattern.test(start))
}
