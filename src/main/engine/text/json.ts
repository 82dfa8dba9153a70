import { basename, join } from 'node:path'
import { InputError, systemCodeOf } from '../../base/errors.ts'
import { open } from '../../base/sealed/fs.ts'
import { resolveInModel } from '../../base/model-files.ts'

/** An object as JSON holds it: every value is checked where it is used. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether `value` is a JSON object (not null, not a list). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The list at `key`, or an empty one. */
export function listAt(object: JsonObject, key: string): readonly unknown[] {
  const value: unknown = object[key]
  return Array.isArray(value) ? value : []
}

/** The text of a file of at most `limit` bytes without its byte order mark; null when there is no such file. */
export async function readTextFile(path: string, limit: number): Promise<string | null> {
  try {
    await using handle = await open(path, 'r')
    const { size } = await handle.stat()
    if (size > limit) {
      const message = `${basename(path)} is ${size} bytes long; at most ${limit} are accepted. This does not look like a tokenizer's file.`
      throw new InputError('tokenizer-too-large', message, { file: path })
    }
    return (await handle.readFile('utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof InputError) throw error
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    const message = `${basename(path)} cannot be read (${code ?? 'unknown reason'}). Check that it is a file you may open.`
    throw new InputError('tokenizer-unreadable', message, { file: path }, { cause: error })
  }
}

/** The text of the file `name` of a model's folder; null when there is none. A link may not leave the model's repository. */
export async function readModelText(folder: string, name: string, limit: number): Promise<string | null> {
  const path = await resolveInModel(folder, name)
  return path === undefined ? null : readTextFile(path, limit)
}

/** The object in a JSON file of a model's folder of at most `limit` bytes; null when there is none. Anything else in it is an InputError. */
export async function readModelJson(folder: string, name: string, limit: number): Promise<JsonObject | null> {
  const text = await readModelText(folder, name, limit)
  return text === null ? null : parseJsonObject(text, join(folder, name))
}

/** The object that `text`, the content of the file `path`, holds. */
export function parseJsonObject(text: string, path: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 120) : ''
    const message = `${basename(path)} is not valid JSON (${reason}). It may be cut short: copy it again from where the model came from.`
    throw new InputError('tokenizer-json', message, { file: path }, { cause: error })
  }
  if (isJsonObject(value)) return value
  throw new InputError('tokenizer-json', `${basename(path)} must hold a JSON object.`, { file: path })
}
