import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { MANIFEST } from '../manifest.ts'
import { PACK_ENDING } from './layout.ts'

/** Names of the packs in a folder; empty where it is an export itself. @throws InputError where it holds neither */
export async function packsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  if (names.includes(MANIFEST)) return []
  const packs = names.filter((name) => name.toLowerCase().endsWith(PACK_ENDING)).sort()
  if (packs.length > 0) return packs
  const sentence =
    'This folder is no export of Attune, and no pack lies in it. Choose the folder that was exported, or the one with the pack.'
  throw new InputError('verify-nothing', sentence, { file: folder })
}

/** The path of a pack. @throws InputError where the pack is no longer there, or is a link */
export async function packPath(folder: string, pack: string): Promise<string> {
  const path = join(folder, pack)
  const found = await lstat(path).catch(() => null)
  if (found?.isFile()) return path
  throw new InputError('verify-nothing', 'This pack is no longer in its folder. Choose the folder again.', { file: path })
}
