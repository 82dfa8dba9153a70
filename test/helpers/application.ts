import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loopbackChecks } from '../../src/main/services/loopback-checks.ts'
import { openHouse, type House } from '../../src/main/services/house.ts'
import type { ServicesOptions } from '../../src/main/services/services.ts'
import { LoopbackShell } from '../../src/main/shell/loopback/server.ts'
import { trainerProgram } from './attune.ts'
import { listPages } from './list-pages.ts'
import { makeTinyProject } from './tiny-project.ts'

const root = join(import.meta.dirname, '../..')

export interface Application {
  readonly services: House
  readonly shell: LoopbackShell
  readonly port: number
  readonly dispose: () => Promise<void>
}

export interface ApplicationOptions {
  /** A trainer's program; the real one where left out. */
  readonly trainer?: string
  /** Seconds. */
  readonly now?: () => number
  readonly quota?: number
  /** Seconds after which a page that was closed counts as gone. */
  readonly grace?: number
  readonly keyring?: ServicesOptions['keyring']
  /** The folder of the page; a stand-in where left out. */
  readonly pages?: string
  /** Without a practice model. */
  readonly noModel?: boolean
}

/** The application on a data folder of its own below `folder`, with a stand-in page and the real samples beside a tiny model. */
export async function openTestApplication(folder: string, options: ApplicationOptions = {}): Promise<Application> {
  const resources = join(folder, 'resources')
  const standIn = join(folder, 'pages')
  await mkdir(join(standIn, 'assets'), { recursive: true })
  await writeFile(join(standIn, 'index.html'), '<!doctype html><title>Attune</title>')
  await writeFile(join(standIn, 'assets', 'page.js'), 'export {}')
  await listPages(standIn)
  await writeFile(join(folder, 'secret.html'), 'outside')
  await mkdir(resources, { recursive: true })
  await cp(join(root, 'resources/sample/data'), join(resources, 'data'), { recursive: true })
  const { folder: tiny } = await makeTinyProject(join(folder, 'tiny'))
  if (options.noModel !== true) await cp(join(tiny, 'model'), join(resources, 'model'), { recursive: true })
  let port = 0
  const services = await openHouse({
    dataFolder: join(folder, 'data'),
    resources,
    trainer: options.trainer ?? trainerProgram,
    version: '0.0.0',
    shell: 'loopback',
    ...(options.keyring && { keyring: options.keyring }),
    shellChecks: () => loopbackChecks(port),
    log: (line) => void process.stderr.write(`${line}\n`)
  })
  const { dispatch, events, quarantine, outbox, windowGone: onGone } = services
  const { now, quota, grace, pages = standIn } = options
  const shell = await LoopbackShell.open({
    dispatch,
    events,
    pages,
    quarantine,
    outbox,
    root: folder,
    onGone,
    ...(grace !== undefined && { grace }),
    ...(now && { now }),
    ...(quota !== undefined && { quota })
  })
  port = shell.port
  return {
    services,
    shell,
    port: shell.port,
    dispose: async () => {
      await shell.dispose()
      await services.dispose()
    }
  }
}
