import { z } from 'zod'
import type { AutoLock, UnlockProof } from '../../../preload/contract/vault.ts'
import { parser } from '../parse.ts'

/** Longer than anything that a person types; a slow function is run on it. */
const secret = z.string().min(1).max(1000)

const proof: z.ZodType<UnlockProof> = z.union([
  z.strictObject({ passphrase: secret }),
  z.strictObject({ recoveryKey: secret }),
  z.strictObject({ keyring: z.literal(true) })
])

const minutes: z.ZodType<AutoLock> = z.union([z.literal(0), z.literal(5), z.literal(15), z.literal(60)])

export const unlockProof = parser(proof)
export const protectRequest = parser(z.strictObject({ passphrase: secret.nullable(), keyring: z.boolean() }))
export const passphraseChange = parser(z.strictObject({ proof, next: secret.nullable() }))
export const isOn = parser(z.boolean())
export const autoLock = parser(minutes)
