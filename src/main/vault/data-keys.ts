import { randomBytes } from 'node:crypto'
import { InputError } from '../base/errors.ts'
import type { KeysFile } from './keys-file.ts'
import { unwrapKey, wrapKey } from './wrapping.ts'

/** A key of data, by the id that files and places name it by. */
export interface DataKey {
  /** 32 hex digits. */
  readonly id: string
  /** 256 bits. */
  readonly hex: string
}

/** What a wrapping is for: it is authenticated, so that no wrapped key can stand in another's place. */
export const purposeOf = (vault: string, ...parts: readonly string[]): string => ['attune', vault, ...parts].join(' ')

/** A new key of data under the vault's key, as it stands in the file. */
export function newDataKey(vault: string, under: Buffer, name: string): KeysFile['keys'][string] {
  const id = randomBytes(16).toString('hex')
  return { id, key: wrapKey(randomBytes(32), under, purposeOf(vault, name, id)) }
}

/** The key of this name; null where it was destroyed, or never made. @throws InputError where it is damaged */
export function dataKeyIn({ keys, vault }: KeysFile, under: Buffer, name: string): DataKey | null {
  const entry = Object.hasOwn(keys, name) ? keys[name] : undefined
  if (!entry) return null
  const key = unwrapKey(entry.key, under, purposeOf(vault, name, entry.id))
  if (key) return { id: entry.id, hex: key.toString('hex') }
  const sentence = `The key ${name} in keys.json is damaged. Put a copy of it from a backup in its place.`
  throw new InputError('keys-damaged', sentence)
}

/** The file with a key for each of the names that has none. A name that was destroyed begins anew. */
export function withDataKeys(file: KeysFile, under: Buffer, names: readonly string[]): KeysFile {
  const missing = names.filter((name) => !Object.hasOwn(file.keys, name))
  if (missing.length === 0) return file
  const made = Object.fromEntries(missing.map((name) => [name, newDataKey(file.vault, under, name)]))
  return { ...file, keys: { ...file.keys, ...made }, destroyed: file.destroyed.filter(({ name }) => !missing.includes(name)) }
}

/** The file without a key; `isDestroyed` writes down that what it sealed is gone for good. */
export function withoutDataKey(file: KeysFile, name: string, isDestroyed: boolean): KeysFile {
  const entry = Object.hasOwn(file.keys, name) ? file.keys[name] : undefined
  const keys = Object.fromEntries(Object.entries(file.keys).filter(([each]) => each !== name))
  if (!isDestroyed) return { ...file, keys }
  return { ...file, keys, destroyed: [...file.destroyed.filter((each) => each.name !== name), { name, id: entry?.id ?? null }] }
}
