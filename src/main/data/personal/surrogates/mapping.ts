import { basename } from 'node:path'
import { InputError } from '../../../base/errors.ts'
import { quoted } from '../../../base/storage-problem.ts'
import { Pseudonyms, type Replaced } from './pseudonyms.ts'

/** The form of the file; the one before it held no secret, so that nothing could go on from it. */
const VERSION = 2

/** What stood for what, as JSON: with the secret, so that a later job gives the same value the same surrogate. */
export const mappingText = (pseudonyms: Pseudonyms): string =>
  `${JSON.stringify({ attune_mapping: VERSION, secret: Buffer.from(pseudonyms.secret).toString('base64'), replaced: pseudonyms.mapping }, null, 1)}\n`

/**
 * The surrogates of an earlier job, to go on with. `file` is named in messages; its content never is.
 * @throws InputError for a text that `mappingText` did not write
 */
export function pseudonymsFrom(text: string, file: string): Pseudonyms {
  const { attune_mapping: version, secret, replaced } = objectIn(text)
  if (version === 1) {
    const sentence = `${quoted(basename(file))} was written by an earlier Attune, which did not keep what is needed to go on from it. Begin without it.`
    throw new InputError('mapping-unreadable', sentence, { file })
  }
  const bytes = typeof secret === 'string' ? Buffer.from(secret, 'base64') : Buffer.alloc(0)
  if (version !== VERSION || bytes.length !== 32 || !Array.isArray(replaced) || !replaced.every(isReplaced))
    throw notAMapping(file)
  return new Pseudonyms(bytes, replaced)
}

export const notAMapping = (file: string): InputError =>
  new InputError(
    'mapping-unreadable',
    `${quoted(basename(file))} is no mapping that Attune wrote. Choose the file that was kept when the earlier copies were made.`,
    { file }
  )

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function isReplaced(value: unknown): value is Replaced {
  if (typeof value !== 'object' || value === null) return false
  const { kind, key, value: written, surrogate } = value as Partial<Record<keyof Replaced, unknown>> // Checked on the next line.
  return [kind, key, written, surrogate].every((each) => typeof each === 'string')
}
