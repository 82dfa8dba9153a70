import { app, dialog } from 'electron'
import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from './base/errors.ts'
import { performWords, type Installation } from './cli/perform.ts'
import { startTrainersBy } from './runs/trainer-process.ts'
import { connections } from './services/loopback-checks.ts'
import { openHouse } from './services/house.ts'
import { dataFolderHome, dataFolderPath } from './shell/data-folder.ts'
import { windowChecks } from './shell/electron/checks/index.ts'
import { openDesktop } from './shell/electron/desktop.ts'
import { hardenProcess } from './shell/electron/harden.ts'
import { systemKeyring, systemPower } from './shell/electron/system.ts'
import { forkUtilityTrainer } from './shell/electron/trainer.ts'

// Inherited by every process this one starts (docs/decisions/0001).
process.env['ORT_DISABLE_TELEMETRY'] = '1'

const out = join(import.meta.dirname, '..')
const installation: Installation = {
  version: app.getVersion(),
  trainer: join(import.meta.dirname, 'trainer.js'),
  pages: join(out, 'renderer'),
  // Plain files beside the archive: the runtime maps the model's weights, and cannot look into an archive.
  resources: app.isPackaged ? join(process.resourcesPath, 'sample') : join(out, '..', 'resources', 'sample')
}

/** The words after `--cli`; null where the application is wanted. */
function commandWords(): readonly string[] | null {
  const at = process.argv.indexOf('--cli')
  return at < 0 ? null : process.argv.slice(at + 1)
}

/** The command line, as `attune` has it elsewhere: the packaged application cannot be started as Node. */
async function command(words: readonly string[]): Promise<void> {
  const signals = new EventEmitter()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => signals.emit(signal))
  // Chromium turns these signals into a wish to quit.
  app.on('before-quit', (event) => {
    event.preventDefault()
    signals.emit('SIGTERM')
  })
  app.dock?.hide()
  await app.whenReady()
  const code = await performWords(words, { ...installation, signals })
  // What was printed into a pipe is on its way until this has been called.
  await new Promise<void>((done) => process.stdout.write('', () => done()))
  app.exit(code)
}

/** Chromium keeps its own files, caches and marks in the data folder's usual place, and nowhere else. */
function keepFilesIn(home: string): void {
  const own = join(home, 'shell')
  mkdirSync(own, { recursive: true, mode: 0o700 })
  for (const name of ['userData', 'sessionData', 'crashDumps', 'logs'] as const) app.setPath(name, own)
}

async function start(): Promise<void> {
  const words = commandWords()
  hardenProcess()
  startTrainersBy(forkUtilityTrainer)
  const dataFolder = dataFolderPath()
  // Open as long as the program runs, so they stay where they are when the data move.
  keepFilesIn(dataFolderHome())
  if (words) return command(words)
  if (!app.requestSingleInstanceLock()) return app.exit(0)
  const log = (line: string): void => void process.stderr.write(`${line}\n`)
  const { pages, ...own } = installation
  await app.whenReady()
  const services = await openHouse({
    ...own,
    dataFolder,
    shell: 'electron',
    shellChecks: async () => [await connections(), ...(await windowChecks())],
    power: systemPower,
    keyring: systemKeyring,
    quit: () => app.quit(),
    log
  })
  await openDesktop({ services, dataFolder, pages, preload: join(out, 'preload', 'index.cjs'), onSuspend: services.lock, log })
}

start().catch((error: unknown) => {
  const message = `Attune could not be opened. ${messageOf(error)}`
  process.stderr.write(`${message}\n`)
  // Whoever started it by a double click sees no standard error.
  if (app.isReady() && !commandWords()) dialog.showErrorBox('Attune', message)
  app.exit(1)
})
