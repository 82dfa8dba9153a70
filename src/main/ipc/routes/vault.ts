import type { AutoLock, UnlockProof, VaultApi, VaultStatus } from '../../../preload/contract/vault.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { autoLock, isOn, passphraseChange, protectRequest, unlockProof } from '../parse/vault.ts'

export interface VaultServices {
  readonly status: () => VaultStatus
  readonly protect: (passphrase: string | null, withKeyring: boolean) => Promise<string>
  readonly postpone: () => Promise<VaultStatus>
  readonly unlock: (proof: UnlockProof) => Promise<VaultStatus>
  readonly lock: () => VaultStatus
  readonly changePassphrase: (proof: UnlockProof, next: string | null) => Promise<VaultStatus>
  readonly newRecoveryKey: (proof: UnlockProof) => Promise<string>
  readonly useKeyring: (isOn: boolean) => Promise<VaultStatus>
  readonly setAutoLock: (minutes: AutoLock) => Promise<VaultStatus>
  readonly touch: () => void
  readonly quit: () => void
}

/** The methods that are answered while Attune is locked. */
export const answeredWhileLocked: readonly string[] = ['status', 'unlock', 'lock', 'quit'] satisfies readonly (keyof VaultApi)[]

export const vaultRoutes = (vault: VaultServices): Routes<VaultApi> =>
  defineRoutes<VaultApi>({
    status: () => vault.status(),
    protect: (request) => {
      const { passphrase, keyring } = protectRequest(request)
      return vault.protect(passphrase, keyring)
    },
    postpone: () => vault.postpone(),
    unlock: (proof) => vault.unlock(unlockProof(proof)),
    lock: () => vault.lock(),
    changePassphrase: (request) => {
      const { proof, next } = passphraseChange(request)
      return vault.changePassphrase(proof, next)
    },
    newRecoveryKey: (proof) => vault.newRecoveryKey(unlockProof(proof)),
    useKeyring: (value) => vault.useKeyring(isOn(value)),
    setAutoLock: (minutes) => vault.setAutoLock(autoLock(minutes)),
    touch: () => vault.touch(),
    quit: () => vault.quit()
  })
