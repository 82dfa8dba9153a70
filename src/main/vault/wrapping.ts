import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'

/** A key under another key: AES-256-GCM, everything in hex. */
export const wrappedSchema = z.strictObject({
  nonce: z.string().regex(/^[0-9a-f]{24}$/),
  data: z.string().regex(/^[0-9a-f]{64}$/),
  tag: z.string().regex(/^[0-9a-f]{32}$/)
})
export type Wrapped = z.infer<typeof wrappedSchema>

/** Bounds: cheaper than the least is unsafe, and a file from outside shall not ask for all memory (128·N·r bytes). */
export const scryptSchema = z.strictObject({
  n: z.union([z.literal(2 ** 17), z.literal(2 ** 18), z.literal(2 ** 19)]),
  r: z.literal(8),
  p: z.number().int().min(1).max(4),
  salt: z.string().regex(/^[0-9a-f]{32}$/)
})
export type ScryptSettings = z.infer<typeof scryptSchema>

export const newScrypt = (): ScryptSettings => ({ n: 2 ** 17, r: 8, p: 1, salt: randomBytes(16).toString('hex') })

/** `purpose` is authenticated: a wrapped key cannot stand in another's place. */
export function wrapKey(key: Buffer, under: Buffer, purpose: string): Wrapped {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', under, nonce).setAAD(Buffer.from(purpose))
  const data = Buffer.concat([cipher.update(key), cipher.final()])
  return { nonce: nonce.toString('hex'), data: data.toString('hex'), tag: cipher.getAuthTag().toString('hex') }
}

/** The key; null where `under` is not the key that it was wrapped with, or the purpose another. */
export function unwrapKey({ nonce, data, tag }: Wrapped, under: Buffer, purpose: string): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', under, Buffer.from(nonce, 'hex')).setAAD(Buffer.from(purpose))
  decipher.setAuthTag(Buffer.from(tag, 'hex'))
  const key = decipher.update(Buffer.from(data, 'hex'))
  try {
    decipher.final()
    return key
  } catch {
    return null
  }
}

/** The key that a passphrase stands for (RFC 7914); some 0.4 s and 128 MiB on purpose. The same letters typed on another system count as the same. */
export function keyOfPassphrase(passphrase: string, { n, r, p, salt }: ScryptSettings): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 128 * n * r * p + 2 ** 26 }
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'hex'), 32, options, (error, key) =>
      error ? reject(error) : resolve(key)
    )
  })
}

/** The key that a recovery key stands for: it is random, so that no slow function is needed. */
export function keyOfRecovery(symbols: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(symbols, 'latin1'), Buffer.alloc(0), 'attune recovery key', 32))
}
