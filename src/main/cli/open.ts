import { rm } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { loopbackChecks } from '../services/loopback-checks.ts'
import { openHouse } from '../services/house.ts'
import type { ServicesOptions } from '../services/services.ts'
import { dataFolderPath } from '../shell/data-folder.ts'
import { reachLine, screenProblem } from '../shell/desktop.ts'
import { openBrowser } from '../shell/loopback/browser.ts'
import { LoopbackShell } from '../shell/loopback/server.ts'
import { watchInterrupts } from './interrupts.ts'
import type { Output } from './output.ts'

/** What the command needs of the installation. */
export type OpenPlaces = Pick<ServicesOptions, 'trainer' | 'resources' | 'version'> & {
  /** The folder of the built page. */
  readonly pages: string
  /** Where Ctrl+C is heard; the process itself where left out. */
  readonly signals?: NodeJS.EventEmitter
}

export interface OpenWishes {
  readonly withBrowser: boolean
  /** The folder below which folders of this machine can be chosen. */
  readonly root: string
}

/** `attune open`: the application in the person's own browser. Resolves when it is asked to end. */
export async function openApplication(places: OpenPlaces, output: Output, { withBrowser, root }: OpenWishes): Promise<number> {
  const dataFolder = dataFolderPath()
  const { pages, signals, ...own } = places
  const log = (line: string): void => output.tell(line)
  let port = 0
  const shellChecks = (): ReturnType<typeof loopbackChecks> => loopbackChecks(port)
  const interrupts = watchInterrupts(signals)
  const closing = new AbortController()
  const quit = (): void => closing.abort()
  const services = await openHouse({ ...own, dataFolder, shell: 'loopback', shellChecks, log, quit })
  const { dispatch, events, quarantine, outbox, isLocked, windowGone: onGone } = services
  const shell = await LoopbackShell.open({ dispatch, events, pages, quarantine, outbox, root, isLocked, onGone }).catch(
    async (error: unknown) => {
      await services.dispose()
      throw error
    }
  )
  port = shell.port
  const redirectFile = join(dataFolder, 'open.html')
  const show = (): Promise<void> => showAddress(shell, output, withBrowser ? redirectFile : null)
  await show()
  if (!output.isJson)
    output.print('Press Enter for a new address, Ctrl+C to close. Training stops at a checkpoint and can be resumed.\n')
  await untilClosed(show, AbortSignal.any([interrupts.stop, closing.signal]))
  // Whoever asks twice does not want to wait for the checkpoint; the one before it stays.
  interrupts.kill.addEventListener('abort', () => process.exit(130))
  output.tell('Closing. A run that is under way stops at a checkpoint; Ctrl+C once more stops at once.')
  await shell.dispose()
  await services.dispose()
  await rm(redirectFile, { force: true })
  interrupts.dispose()
  return 0
}

/** Says a new address, and opens the browser on it where there is a screen. `redirectFile`: null where nobody wants that. */
async function showAddress(shell: LoopbackShell, output: Output, redirectFile: string | null): Promise<void> {
  const address = shell.newAddress()
  const problem = screenProblem()
  if (output.isJson) output.event({ event: 'address', address })
  else {
    output.print(`Attune is open at this address, which works once and for one minute:\n\n  ${address}\n\n`)
    if (problem !== null) output.print(`${reachLine(shell.port, userInfo().username, hostname())}\n`)
  }
  if (redirectFile === null || problem !== null) return
  if (!(await openBrowser(address, redirectFile))) output.tell('No browser could be opened. Open the address by hand.')
}

/** Until an interrupt; a line on standard input asks for a new address. */
function untilClosed(show: () => Promise<void>, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.stdin.pause()
      resolve()
    }
    if (stop.aborted) return end()
    stop.addEventListener('abort', end)
    // Without a terminal there is nobody to press Enter; an input that has ended is no reason to close.
    process.stdin.on('data', () => void show())
    process.stdin.on('error', () => undefined)
  })
}
