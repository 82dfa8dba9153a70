import type { AutoLock, UnlockProof, VaultStatus } from '../../../src/preload/contract/vault.ts'

export const RECOVERY_KEY = '7Q2MK-X9TPR-4HBNE-0WVC5-ZG8AD-J3SFY'

const plain: VaultStatus = {
  state: 'unprotected',
  isAsked: false,
  ways: { passphrase: false, keyring: false },
  keyringAvailable: true,
  autoLock: 15,
  conversion: null,
  underWay: null,
  wait: 0
}

/** A vault that opens with `open sesame` and with its recovery key. */
export function fakeVault(start: Partial<VaultStatus> | undefined, changed: (status: VaultStatus) => void) {
  let status: VaultStatus = { ...plain, ...start }
  const become = (change: Partial<VaultStatus>): VaultStatus => {
    status = { ...status, ...change }
    changed(status)
    return status
  }
  const prove = (proof: UnlockProof): void => {
    const isRight =
      'passphrase' in proof ? proof.passphrase === 'open sesame' : 'keyring' in proof || proof.recoveryKey === RECOVERY_KEY
    if (!isRight) throw new Error('passphrase' in proof ? 'This is not the passphrase.' : 'This is not the recovery key.')
  }
  return {
    status: () => status,
    protect: ({ passphrase, keyring }: { readonly passphrase: string | null; readonly keyring: boolean }) => {
      if (passphrase !== null && passphrase.length < 8)
        throw new Error('The passphrase needs at least 8 characters; four words are better.')
      become({ state: 'open', isAsked: false, ways: { passphrase: passphrase !== null, keyring } })
      return RECOVERY_KEY
    },
    postpone: () => become({ isAsked: false }),
    unlock: (proof: UnlockProof) => {
      prove(proof)
      return become({ state: 'open' })
    },
    lock: () => become({ state: 'locked' }),
    changePassphrase: ({ proof, next }: { readonly proof: UnlockProof; readonly next: string | null }) => {
      prove(proof)
      return become({ ways: { ...status.ways, passphrase: next !== null } })
    },
    newRecoveryKey: (proof: UnlockProof) => {
      prove(proof)
      return RECOVERY_KEY
    },
    useKeyring: (keyring: boolean) => become({ ways: { ...status.ways, keyring } }),
    setAutoLock: (autoLock: AutoLock) => become({ autoLock }),
    touch: () => undefined,
    quit: () => undefined
  }
}
