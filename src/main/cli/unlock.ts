import { access } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { Vault } from '../vault/vault.ts'
import { askSecret, type SecretInput, type SecretLines } from './ask-secret.ts'
import type { Output } from './output.ts'

const TRIES = 3

export interface UnlockWishes {
  /** Files and folders that the command reads or writes. */
  readonly paths: readonly string[]
  /** Where secrets are lines of the input; null where they are asked for. */
  readonly lines: Pick<SecretLines, 'next'> | null
  readonly input: SecretInput
  /** Told of the keys, once they are at hand. */
  readonly onOpen?: (vault: Vault) => void
}

/**
 * Where what a command works on lies in an encrypted data folder, asks for its passphrase or recovery key, three times at most, and has this process and
 * its trainers read and write there. Resolves to false where the person gave up. @throws InputError where nobody can be asked, or every try was wrong
 */
export async function unlockFor({ paths, lines, input, onOpen }: UnlockWishes, output: Output): Promise<boolean> {
  const folder = await encryptedFolder(paths)
  if (folder === null) return true
  const { Vault: Keys } = await import('../vault/vault.ts')
  const vault = await Keys.open({ dataFolder: folder, keyring: null })
  if (lines) await open(vault, await lines.next())
  else if (input.isTTY !== true) throw notAsked(folder)
  else if (!(await openByAsking(vault, folder, input, output))) return false
  const { useKeysOf } = await import('../services/protection/outside.ts')
  await useKeysOf(vault, folder, paths)
  onOpen?.(vault)
  return true
}

/** The innermost encrypted data folder around one of the paths; null where there is none. */
async function encryptedFolder(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    for (let folder = resolve(path), parent = dirname(folder); folder !== parent; folder = parent, parent = dirname(folder))
      if (await isThere(join(folder, 'keys.json'))) return folder
  }
  return null
}

async function openByAsking(vault: Vault, folder: string, input: SecretInput, output: Output): Promise<boolean> {
  output.tell(`What this command works on lies in an encrypted folder: ${folder}`)
  for (let left = TRIES; left > 0; left--) {
    const typed = await askSecret('Passphrase or recovery key (it is not shown): ', input, output.errors.write)
    if (typed === null) return false
    try {
      await open(vault, typed)
      return true
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      if (left > 1) output.tell(`${error.message} Try again.`)
    }
  }
  throw new InputError('unlock-failed', 'Three tries were wrong. Nothing was read or changed; run the command again.')
}

/** What can be a recovery key is one: a checksum tells. */
async function open(vault: Vault, typed: string): Promise<void> {
  const { isRecoveryKey } = await import('../vault/recovery-key.ts')
  await vault.unlock(isRecoveryKey(typed) ? { recoveryKey: typed } : { passphrase: typed })
}

const notAsked = (folder: string): InputError =>
  new InputError(
    'passphrase-needed',
    `The folder ${folder} is encrypted. Run this in a terminal, which asks for the passphrase, or hand it in with --passphrase-stdin.`,
    { file: folder }
  )

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )
