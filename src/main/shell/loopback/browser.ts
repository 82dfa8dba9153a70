import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'

/**
 * Opens the person's browser on a file that leads to the address. The address holds a secret, and what a program is started with can be seen by
 * everybody on the machine; the file can be read by its owner alone.
 */
export async function openBrowser(address: string, redirectFile: string): Promise<void> {
  const page = `<!doctype html><meta charset="utf-8"><title>Attune</title><meta http-equiv="refresh" content="0; url=${address}">`
  await writeFile(redirectFile, page, { mode: 0o600 })
  const [command, ...words] = opener(pathToFileURL(redirectFile).href)
  const child = spawn(command, words, { stdio: 'ignore', detached: true })
  // Without a browser the person opens the printed address by hand.
  child.on('error', () => undefined)
  child.unref()
}

function opener(file: string): [string, ...string[]] {
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', file]
  return [process.platform === 'darwin' ? 'open' : 'xdg-open', file]
}
