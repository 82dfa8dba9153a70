import { basename } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { nearestName } from '../base/nearest-name.ts'
import { open } from '../base/sealed/fs.ts'
import { shown } from '../base/wording.ts'
import { readSettings } from './run-config.ts'
import { readSource, type SettingsSource } from './yaml-source.ts'

export const LONGEST_ANSWER = 4000

/** Where a person's answers about a table lie: `letters.csv` has `letters.datasheet.yaml` beside it. */
export const datasheetPath = (dataFile: string): string => dataFile.replace(/\.[^./\\]+$/, '') + '.datasheet.yaml'

/**
 * Reads a person's answers to the questions `keys`: YAML of `question: answer`. An empty file and empty answers say nothing.
 * @throws InputError naming the line for a key that is no question, or an answer that is no text
 */
export async function readDatasheet(path: string, keys: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const name = basename(path)
  const source = sourceOf(await readSettings(path), name)
  if (source === null) return {}
  const { value, lineOf } = source
  const refuse = (line: number, sentence: string): InputError =>
    new InputError('datasheet', `${name} line ${line}: ${sentence}`, { file: path, line })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(1, 'A datasheet is a list of lines "question: answer".')
  const answers: Record<string, string> = {}
  for (const [key, answer] of Object.entries(value)) {
    const line = lineOf([key])
    if (!keys.includes(key)) {
      const near = nearestName(key, keys)
      const known = near === null ? `The questions are ${keys.join(', ')}.` : `Did you mean '${near}'?`
      throw refuse(line, `There is no question ${shown(key)}. ${known}`)
    }
    if (answer === null || answer === '') continue
    if (!['string', 'number', 'boolean'].includes(typeof answer)) throw refuse(line, `The answer to ${shown(key)} must be text.`)
    const text = String(answer).trim()
    if (text.length > LONGEST_ANSWER)
      throw refuse(line, `The answer to ${shown(key)} has ${text.length} characters; ${LONGEST_ANSWER} are the most.`)
    answers[key] = text
  }
  return answers
}

/** Null for a file that holds nothing but comments: a form that nobody filled in yet. */
function sourceOf(bytes: Uint8Array, name: string): SettingsSource | null {
  try {
    return readSource(bytes, name)
  } catch (error) {
    if (error instanceof InputError && error.code === 'config_empty') return null
    throw error
  }
}

/** The same for the file beside the data; nothing where there is none. */
export async function readDatasheetBeside(dataFile: string, keys: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const path = datasheetPath(dataFile)
  const isThere = await open(path, 'r').then(
    async (handle) => {
      await handle.close()
      return true
    },
    (error: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return false
      throw error
    }
  )
  return isThere ? readDatasheet(path, keys) : {}
}
