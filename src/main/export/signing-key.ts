import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { writeFileAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'

/** The key by which an installation signs what it exports (Ed25519, RFC 8032). */
export interface SigningKey {
  /** SPKI in DER, base64. */
  readonly publicKey: string
  /** The signature of a text, base64. */
  readonly sign: (text: string) => string
}

const NAME = 'signing-key.pem'

/** The installation's key, made the first time. It lies in the data folder for its owner alone, sealed where that is encrypted. */
export async function openSigningKey(folder: string): Promise<SigningKey> {
  const path = join(folder, NAME)
  const pem = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  })
  if (pem !== null) return keyOf(privateKeyOf(pem, path))
  const { privateKey } = generateKeyPairSync('ed25519')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFileAtomic(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600)
  return keyOf(privateKey)
}

function privateKeyOf(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (error) {
    const sentence = `The key that signs exports (${NAME} in Attune's data folder) is damaged. Restore it from a backup, or move it away: a new one is made then.`
    throw new InputError('signing-key', sentence, { file: path }, { cause: error })
  }
}

const keyOf = (key: KeyObject): SigningKey => ({
  publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
  sign: (text) => sign(null, Buffer.from(text), key).toString('base64')
})

/** Whether `signature` is that of `text` under an Ed25519 key; false too for what is no key or no signature. */
export function verifySignature(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  } catch {
    // Node throws for bytes that are no key.
    return false
  }
}

/** How people tell keys apart: the start of the public key's SHA-256. */
export const fingerprint = (publicKey: string): string =>
  (createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 16).match(/.{4}/g) ?? []).join(' ')
