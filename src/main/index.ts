import { app } from 'electron'
import { join } from 'node:path'
import { messageOf } from './base/errors.ts'
import { openWindow, prepareShell } from './shell/electron/window.ts'

// Inherited by every process this one starts (docs/decisions/0001).
process.env['ORT_DISABLE_TELEMETRY'] = '1'

prepareShell()
app.on('window-all-closed', () => app.quit())
app
  .whenReady()
  .then(() => openWindow(join(import.meta.dirname, '../renderer'), join(import.meta.dirname, '../preload/index.cjs')))
  .catch((error: unknown) => {
    process.stderr.write(`Attune could not open its window. ${messageOf(error)}\n`)
    app.exit(1)
  })
