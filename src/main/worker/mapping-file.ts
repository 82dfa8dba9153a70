import { rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../base/errors.ts'
import { flushFile, syncFolder } from '../base/files.ts'
import { createWriteStream } from '../base/sealed/fs.ts'
import { mappingText, notAMapping, pseudonymsFrom } from '../data/personal/surrogates/mapping.ts'
import { Pseudonyms } from '../data/personal/surrogates/pseudonyms.ts'
import { decrypted, encrypted, isAgeFile, requireStrong } from '../export/pack/age.ts'

/** Where mappings lie: which is gone on from, and which is written; null where there is none. Both are under one passphrase. */
export interface MappingFiles {
  readonly mappingFile: string | null
  readonly knownFile: string | null
}

/**
 * The surrogates to work with: those of the earlier mapping, or new ones. Nothing was written yet where this throws.
 * @throws InputError for a weak or wrong passphrase, what is no mapping, and a place where something lies
 */
export async function openPseudonyms({ mappingFile, knownFile }: MappingFiles, passphrase: string): Promise<Pseudonyms> {
  if (mappingFile !== null) await requirePlace(mappingFile, passphrase)
  return knownFile === null ? new Pseudonyms() : readMapping(knownFile, passphrase)
}

async function requirePlace(path: string, passphrase: string): Promise<void> {
  requireStrong(passphrase)
  if ((await stat(path).catch(() => null)) === null) return
  const message = `There is something at ${path} already. Name a new file for the mapping: nothing is written over.`
  throw new InputError('output_exists', message, { file: path })
}

async function readMapping(path: string, passphrase: string): Promise<Pseudonyms> {
  if ((await stat(path).catch(() => null))?.isFile() !== true)
    throw new InputError('not-found', `There is no file ${path}. Check the name.`, { file: path })
  if (!(await isAgeFile(path))) throw notAMapping(path)
  const chunks: Uint8Array[] = []
  // It stays in memory: what stood for what is on no disk unless it is encrypted.
  for await (const chunk of decrypted(path, passphrase)) chunks.push(chunk)
  return pseudonymsFrom(Buffer.concat(chunks).toString('utf8'), path)
}

/** An age file (https://age-encryption.org/v1) of JSON: what stood there, by kind, and what stands there now. */
export async function writeMapping(path: string, pseudonyms: Pseudonyms, passphrase: string): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  try {
    const text = Buffer.from(mappingText(pseudonyms))
    await pipeline(encrypted(oneChunk(text), passphrase), createWriteStream(aside, { mode: 0o600, flags: 'wx' }))
    await flushFile(aside)
    await rename(aside, path)
  } finally {
    await rm(aside, { force: true })
  }
  await syncFolder(dirname(path))
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
