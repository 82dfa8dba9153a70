import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { Identity, Recipient } from 'age-encryption'
import { randomBytes, scrypt } from 'node:crypto'

const LABEL = 'age-encryption.org/v1/scrypt'
const SALT_BYTES = 16
/** A file's key of 16 bytes with its tag. */
const WRAPPED_BYTES = 32

/**
 * The key that a passphrase stands for in an age file (https://age-encryption.org/v1, "The scrypt recipient type"): 32 bytes, after 2^`work` rounds and 2^`work`
 * KiB of memory. Node's own scrypt takes half the time of one in JavaScript, and lets everything else go on meanwhile.
 */
function keyOf(passphrase: string, salt: Uint8Array, work: number): Promise<Uint8Array> {
  const n = 2 ** work
  const options = { N: n, r: 8, p: 1, maxmem: 128 * n * 8 + 2 ** 26 }
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, options, (error, key) =>
      error ? reject(error) : resolve(key)
    )
  })
}

/** Nonces of an age file's keys are zero: each key wraps once. */
const cipherOf = (key: Uint8Array): ReturnType<typeof chacha20poly1305> => chacha20poly1305(key, new Uint8Array(12))

/** Wraps a file's key under a passphrase, with 2^`work` rounds. */
export function forPassphrase(passphrase: string, work: number): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const { Stanza } = await import('age-encryption')
      const salt = randomBytes(SALT_BYTES)
      const body = cipherOf(await keyOf(passphrase, salt, work)).encrypt(fileKey)
      return [new Stanza(['scrypt', salt.toString('base64').replace(/=+$/, ''), String(work)], body)]
    }
  }
}

/** Finds a file's key by a passphrase; null where it is another. Rejects where the header is damaged. What work is too much is for the caller to say. */
export function byPassphrase(passphrase: string): Identity {
  return {
    async unwrapFileKey([stanza]) {
      const [, salt = '', work = ''] = stanza?.args ?? []
      const bytes = Buffer.from(salt, 'base64')
      if (!stanza || bytes.length !== SALT_BYTES || stanza.body.length !== WRAPPED_BYTES) throw new Error('invalid scrypt stanza')
      const key = await keyOf(passphrase, bytes, Number(work))
      try {
        return cipherOf(key).decrypt(stanza.body)
      } catch {
        // A tag that does not fit says no more than that the passphrase is another.
        return null
      }
    }
  }
}
