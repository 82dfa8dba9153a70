import { powerMonitor, safeStorage } from 'electron'
import type { PowerState } from '../../../preload/contract/supervision.ts'

/** Calls `listener` when the machine is about to sleep or the person locks the screen. Returns the function that stops it. */
export function onSuspend(listener: () => void): () => void {
  powerMonitor.on('suspend', listener)
  powerMonitor.on('lock-screen', listener)
  return () => {
    powerMonitor.off('suspend', listener)
    powerMonitor.off('lock-screen', listener)
  }
}

/** What the system says of this PC's power. A PC without a battery counts as one on mains: Electron does not tell them apart. */
export const systemPower = {
  state: (): PowerState => (powerMonitor.onBatteryPower ? 'battery' : 'mains'),
  /** Hears of changes until the returned function is called. */
  follow: (onChange: () => void): (() => void) => {
    powerMonitor.on('on-battery', onChange)
    powerMonitor.on('on-ac', onChange)
    return () => {
      powerMonitor.off('on-battery', onChange)
      powerMonitor.off('on-ac', onChange)
    }
  }
}

/** The system's store of secrets. Linux without one would obfuscate, not encrypt: there it counts as absent. */
export const systemKeyring = {
  isAvailable: (): boolean =>
    safeStorage.isEncryptionAvailable() &&
    (process.platform !== 'linux' || !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())),
  wrap: (text: string): Uint8Array => safeStorage.encryptString(text),
  unwrap: (bytes: Uint8Array): string => safeStorage.decryptString(Buffer.from(bytes))
}
