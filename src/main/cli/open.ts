import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { loopbackChecks } from '../services/loopback-checks.ts'
import { openServices } from '../services/services.ts'
import { dataFolderPath } from '../shell/data-folder.ts'
import { openBrowser } from '../shell/loopback/browser.ts'
import { LoopbackShell } from '../shell/loopback/server.ts'
import type { Output } from './output.ts'

export interface OpenPlaces {
  /** The trainer's program, the built page and the bundled samples. */
  readonly trainer: string
  readonly pages: string
  readonly resources: string
  readonly version: string
}

/** `attune open`: the application in the person's own browser. Resolves when it is asked to end. */
export async function openApplication(places: OpenPlaces, output: Output, withBrowser: boolean): Promise<number> {
  const dataFolder = dataFolderPath()
  const { trainer, resources, version, pages } = places
  const log = (line: string): void => output.tell(line)
  const shellChecks = loopbackChecks
  const services = await openServices({ dataFolder, resources, trainer, version, shell: 'loopback', shellChecks, log })
  const { dispatch, events, quarantine, outbox } = services
  const shell = await LoopbackShell.open({ dispatch, events, pages, quarantine, outbox })
  const redirectFile = join(dataFolder, 'open.html')
  const show = async (): Promise<void> => {
    const address = shell.newAddress()
    if (output.isJson) output.event({ event: 'address', address })
    else output.print(`Attune is open at this address, which works once and for one minute:\n\n  ${address}\n\n`)
    if (withBrowser) await openBrowser(address, redirectFile)
  }
  await show()
  if (!output.isJson)
    output.print('Press Enter for a new address, Ctrl+C to close. Training stops at a checkpoint and can be resumed.\n')
  await untilClosed(show)
  await shell.dispose()
  await services.dispose()
  await rm(redirectFile, { force: true })
  return 0
}

/** Until an interrupt; a line on standard input asks for a new address. */
function untilClosed(show: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.stdin.pause()
      resolve()
    }
    process.once('SIGINT', end)
    process.once('SIGTERM', end)
    // Without a terminal there is nobody to press Enter; an input that has ended is no reason to close.
    process.stdin.on('data', () => void show())
    process.stdin.on('error', () => undefined)
  })
}
