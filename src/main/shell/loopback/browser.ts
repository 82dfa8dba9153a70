import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { leaveOut } from '../sockets.ts'

/**
 * Opens the person's browser on a file that leads to the address. The address holds a secret, and what a program is started with can be seen by
 * everybody on the machine; the file can be read by its owner alone. Resolves to whether a browser was found, as far as the system says.
 */
export async function openBrowser(address: string, redirectFile: string): Promise<boolean> {
  const page = `<!doctype html><meta charset="utf-8"><title>Attune</title><meta http-equiv="refresh" content="0; url=${address}">`
  // A file that is there already would keep the rights that it has.
  await rm(redirectFile, { force: true })
  await writeFile(redirectFile, page, { mode: 0o600, flag: 'wx' })
  const [command, ...words] = opener(pathToFileURL(redirectFile).href)
  const child = spawn(command, words, { stdio: 'ignore', detached: true })
  child.unref()
  if (child.pid !== undefined) leaveOut(child.pid)
  return new Promise((resolve) => {
    // An opener that stays is one that has become the browser.
    const timer = setTimeout(() => resolve(true), 3000).unref()
    const settle = (isFound: boolean): void => {
      clearTimeout(timer)
      resolve(isFound)
    }
    child.once('error', () => settle(false))
    child.once('exit', (code) => settle(code === 0))
  })
}

function opener(file: string): [string, ...string[]] {
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', file]
  return [process.platform === 'darwin' ? 'open' : 'xdg-open', file]
}
