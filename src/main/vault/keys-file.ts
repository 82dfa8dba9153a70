import { open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { writeFileAtomic } from '../base/files.ts'
import { scryptSchema, wrappedSchema } from './wrapping.ts'

const keyId = z.string().regex(/^[0-9a-f]{32}$/)

const schema = z.strictObject({
  format: z.literal('attune-keys-1'),
  vault: keyId,
  passphrase: z.strictObject({ scrypt: scryptSchema, key: wrappedSchema }).nullable(),
  recovery: wrappedSchema,
  /** What the operating system's keyring made of the vault key, in base64. */
  keyring: z.string().max(10_000).nullable(),
  /** The keys of data, by name: `database`, `own`, or `project:` and a project's id. */
  keys: z.record(z.string().max(100), z.strictObject({ id: keyId, key: wrappedSchema })),
  /** Names of keys that were destroyed: what they sealed is to be deleted wherever it is still found. */
  destroyed: z.array(z.strictObject({ name: z.string().max(100), id: keyId.nullable() })).default([])
})

/** The vault on disk: the one random key, wrapped in each way that opens it, and the keys of data wrapped by it. */
export type KeysFile = z.infer<typeof schema>

/** The vault's file; null where the data folder has none. @throws InputError where it cannot be used */
export async function readKeysFile(path: string): Promise<KeysFile | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw unusable(path, error)
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw unusable(path, error)
  }
}

const unusable = (path: string, cause: unknown): InputError => {
  const sentence =
    'The file keys.json in the data folder is damaged, so nothing can be decrypted. Put a copy of it from a backup in its place.'
  return new InputError('keys-damaged', sentence, { file: path }, { cause })
}

/** Replaces the vault's file: the old one or the new one, flushed, for its owner alone. */
export async function writeKeysFile(path: string, file: KeysFile): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(file, null, 2)}\n`, 0o600)
}

/**
 * Replaces the vault's file by one that holds fewer keys, and then writes zeros over what the former one held: on a disk that writes in place nothing of a
 * destroyed key is left, not even wrapped.
 */
export async function replaceKeysFile(path: string, file: KeysFile): Promise<void> {
  // Windows renames nothing over a file that is open.
  if (process.platform === 'win32') return writeKeysFile(path, file)
  await using former = await open(path, 'r+')
  await writeKeysFile(path, file)
  const { size } = await former.stat()
  await former.write(Buffer.alloc(size), 0, size, 0)
  await former.sync()
}
