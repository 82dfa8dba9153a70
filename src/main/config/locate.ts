import { basename } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { Path } from './read-options.ts'
import { readSettings } from './run-config.ts'
import { readSource, type SettingsSource } from './yaml-source.ts'

/** Sections in which a setting that is named without one is looked for. */
const sections: readonly Path[] = [['data'], ['training'], ['method'], ['head'], []]

/**
 * Names the line of run.yaml in a refusal of one of its settings that only model or data could show to be wrong. Anything else, and a setting
 * that stands at its default, is returned as it is.
 */
export async function withLine(error: unknown, path: string): Promise<unknown> {
  if (!(error instanceof InputError)) return error
  const { key, file } = error.where
  if (key === undefined || file !== undefined) return error
  const source = readSource(await readSettings(path), basename(path))
  const line = lineOfKey(source, key)
  if (line === null) return error
  const message = `${source.fileName} line ${line}: ${error.message}`
  return new InputError(error.code, message, { inApp: error.message, ...error.where, file: path, line }, { cause: error })
}

function lineOfKey({ value, lineOf }: SettingsSource, key: string): number | null {
  const [head = '', ...rest] = key.split(/[.[\]]+/).filter((part) => part !== '')
  const tail = [head, ...rest].map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const found = sections.map((section) => [...section, ...tail]).find((path) => isWritten(value, path))
  return found === undefined ? null : lineOf(found)
}

function isWritten(value: unknown, path: Path): boolean {
  const inner = path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[part] : undefined),
    value
  )
  return inner !== undefined
}
