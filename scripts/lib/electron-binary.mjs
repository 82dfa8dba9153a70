import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './node24.mjs'

const PLACES = {
  win32: ['electron.exe'],
  darwin: ['Electron.app', 'Contents', 'MacOS', 'Electron']
}

/** Electron's program: what ATTUNE_ELECTRON names, else that of the package where its binary was installed; null where there is none. */
export function findElectron() {
  const given = process.env.ATTUNE_ELECTRON ?? ''
  if (given !== '') return existsSync(given) ? given : null
  const path = join(root, 'node_modules', 'electron', 'dist', ...(PLACES[process.platform] ?? ['electron']))
  return existsSync(path) ? path : null
}

/** The folder of that Electron, as a package is made from it; null where there is none. */
export function electronFolder() {
  const program = findElectron()
  if (program === null) return null
  // On macOS the program lies in Electron.app/Contents/MacOS, and the folder is the one that holds the app.
  return process.platform === 'darwin' ? join(dirname(program), '..', '..', '..') : dirname(program)
}
