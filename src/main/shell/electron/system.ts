import { powerMonitor } from 'electron'

/** Calls `listener` when the machine is about to sleep or the person locks the screen. Returns the function that stops it. */
export function onSuspend(listener: () => void): () => void {
  powerMonitor.on('suspend', listener)
  powerMonitor.on('lock-screen', listener)
  return () => {
    powerMonitor.off('suspend', listener)
    powerMonitor.off('lock-screen', listener)
  }
}
