import { basename } from 'node:path'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import { readSettings } from './run-config.ts'
import { readSource } from './yaml-source.ts'

/** What a file of actions says: an action by kind, and for `other`, the kinds that it does not name. */
export type ActionLines = Readonly<Record<string, string>>

/**
 * Reads what is done with each kind of personal data: YAML of `NAME: pseudonymise`.
 * @throws InputError naming the line for a kind or an action that there is not
 */
export async function readActions(path: string, kinds: readonly string[], actions: readonly string[]): Promise<ActionLines> {
  const name = basename(path)
  const { value, lineOf } = readSource(await readSettings(path), name)
  const refuse = (line: number, sentence: string): InputError =>
    new InputError('usage', `${name} line ${line}: ${sentence}`, { file: path, line })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(1, 'A file of actions is a list of lines such as "NAME: pseudonymise".')
  const known = [...kinds, 'other']
  const lines: Record<string, string> = {}
  for (const [key, action] of Object.entries(value)) {
    const kind = known.find((one) => one.toUpperCase() === key.toUpperCase().replaceAll('-', '_'))
    if (kind === undefined) throw refuse(lineOf([key]), `There is no kind ${shown(key)}. The kinds are ${known.join(', ')}.`)
    const found = actions.find((one) => one === action)
    if (found === undefined) throw refuse(lineOf([key]), `${kind} needs one of ${actions.join(', ')}.`)
    lines[kind] = found
  }
  return lines
}
