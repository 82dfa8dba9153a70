import { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { RunSummary } from '../../../src/preload/contract/runs.ts'
import type { Events } from '../../../src/main/ipc/events.ts'
import type { OutgoingFile } from '../../../src/main/ipc/define.ts'
import { listPages } from '../list-pages.ts'
import { FakeElectron } from './fake-electron.ts'
import type { FakeWindow } from './fake-window.ts'

/** A fresh Electron for the modules that are imported from now on. */
export function installFake(): FakeElectron {
  vi.resetModules()
  const fake = new FakeElectron()
  vi.doMock('electron', () => fake.module)
  return fake
}

export interface TestDesktop {
  readonly fake: FakeElectron
  readonly window: FakeWindow
  readonly events: Events
  readonly folder: string
  /** What the routes were asked. */
  readonly asked: { readonly argument: unknown; readonly file: unknown }[]
  /** Set once the services have been let go, and once they were told that nobody sees the window. */
  readonly closed: { isClosed: boolean; isUnseen: boolean; wait: Promise<void> }
  /** What the services hold; changed here, no event tells of it. */
  readonly known: Map<string, RunSummary>
  readonly locked: { isLocked: boolean }
  readonly waiting: Map<string, OutgoingFile>
  readonly log: string[]
  readonly suspended: EventEmitter
  readonly dispose: () => Promise<void>
}

export const runIn = (state: RunSummary['state'], id = 'r-1', step = 0): RunSummary =>
  ({ id, state, step, totalSteps: 40, name: 'Secret letters 1' }) as unknown as RunSummary // What the shell looks at, and a name that it must not show.

/** The desktop shell in a fake Electron, over services that only note what they were asked. */
export async function openTestDesktop(
  runs: readonly RunSummary[] = [],
  isPackaged = false,
  prepare: (folder: string, fake: FakeElectron) => Promise<void> = () => Promise.resolve()
): Promise<TestDesktop> {
  const fake = installFake()
  fake.isPackaged = isPackaged
  const folder = await mkdtemp(join(tmpdir(), 'attune-desktop-'))
  const pages = join(folder, 'pages')
  await mkdir(pages)
  await writeFile(join(pages, 'index.html'), '<!doctype html><title>Attune</title>')
  await listPages(pages)
  await writeFile(join(pages, 'unlisted.html'), 'not built')
  await mkdir(join(folder, 'quarantine'))
  await prepare(folder, fake)
  const asked: TestDesktop['asked'] = []
  /** As the queue has them; events change it, too. */
  const known = new Map(runs.map((run) => [String(run.id), run]))
  const locked = { isLocked: false }
  const closed = { isClosed: false, isUnseen: false, wait: Promise.resolve() }
  const waiting = new Map<string, OutgoingFile>()
  const log: string[] = []
  const suspended = new EventEmitter()
  // Of the same load as the shell, so that errors are told apart by their class.
  const { Events } = await import('../../../src/main/ipc/events.ts')
  const { makeDispatch } = await import('../../../src/main/ipc/dispatch.ts')
  const events = new Events()
  events.subscribe((list) => {
    for (const [channel, payload] of list) {
      if (channel === 'runs:changed') known.set(payload.id, payload)
      if (channel === 'runs:removed') known.delete(payload.id)
    }
  })
  const dispatch = makeDispatch(
    {
      data: {
        list: () => ['letters'],
        open: (argument, caller) => {
          asked.push({ argument, file: caller.fileOf(String(argument), 'table') })
          return null
        }
      },
      runs: { start: () => Promise.reject(new Error('a fault of ours')) }
    },
    (line) => log.push(line)
  )
  const { hardenProcess } = await import('../../../src/main/shell/electron/harden.ts')
  const { openDesktop } = await import('../../../src/main/shell/electron/desktop.ts')
  hardenProcess()
  await fake.module.app.whenReady()
  await openDesktop({
    services: {
      dispatch,
      events,
      runs: { list: () => [...known.values()] },
      isLocked: () => locked.isLocked,
      windowGone: () => void (closed.isUnseen = true),
      quarantine: () => join(folder, 'quarantine'),
      outbox: {
        take: (ticket) => {
          const file = waiting.get(ticket)
          if (!file) throw new Error('no such ticket')
          return file
        },
        clear: () => Promise.resolve()
      },
      dispose: async () => {
        await closed.wait
        closed.isClosed = true
      }
    },
    dataFolder: folder,
    pages,
    preload: join(folder, 'preload.cjs'),
    onSuspend: () => suspended.emit('suspend'),
    log: (line) => log.push(line)
  })
  const { window } = fake
  if (!window) throw new Error('No window was opened.')
  const dispose = async (): Promise<void> => {
    events.dispose()
    vi.doUnmock('electron')
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
  }
  return { fake, window, events, folder, asked, closed, known, locked, waiting, log, suspended, dispose }
}

/** Lets events of one frame through. */
export const oneFrame = (): Promise<void> => new Promise((done) => setTimeout(done, 40))
