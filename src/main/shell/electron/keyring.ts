import { safeStorage } from 'electron'

/** The operating system's store of secrets: Keychain, DPAPI, or a keyring of the Linux desktop. Asked once the app is ready. */
export function systemKeyring() {
  return {
    isAvailable: (): boolean => {
      // On Linux without a keyring, Chromium would use a password that is written in its source.
      const isReal = process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'
      return safeStorage.isEncryptionAvailable() && isReal
    },
    wrap: (text: string): Uint8Array => safeStorage.encryptString(text),
    unwrap: (bytes: Uint8Array): string => safeStorage.decryptString(Buffer.from(bytes))
  }
}
