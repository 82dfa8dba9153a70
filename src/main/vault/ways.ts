import { InputError } from '../base/errors.ts'
import { purposeOf } from './data-keys.ts'
import type { KeysFile } from './keys-file.ts'
import { readRecoveryKey } from './recovery-key.ts'
import { keyOfPassphrase, keyOfRecovery, newScrypt, wrapKey } from './wrapping.ts'

const LEAST_CHARACTERS = 8

/** The vault's key under a recovery key as it is shown. */
export const recoveryOf = (vault: string, key: Buffer, shown: string): KeysFile['recovery'] =>
  wrapKey(key, keyOfRecovery(readRecoveryKey(shown)), purposeOf(vault, 'recovery'))

/** The vault's key under a passphrase. @throws InputError where it is too short */
export async function passphraseOf(vault: string, key: Buffer, passphrase: string): Promise<KeysFile['passphrase']> {
  if ([...passphrase].length < LEAST_CHARACTERS)
    throw new InputError(
      'passphrase-short',
      `The passphrase needs at least ${LEAST_CHARACTERS} characters; four words are better.`
    )
  const scrypt = newScrypt()
  return { scrypt, key: wrapKey(key, await keyOfPassphrase(passphrase, scrypt), purposeOf(vault, 'passphrase')) }
}
