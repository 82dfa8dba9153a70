import { app, dialog, type MessageBoxOptions } from 'electron'
import type { MenuCommand } from '../../../preload/contract/menu.ts'
import type { RunSummary } from '../../../preload/contract/runs.ts'
import { lockedError } from '../../base/locked.ts'
import type { Outgoing } from '../../ipc/define.ts'
import type { ListedDispatch } from '../../ipc/dispatch.ts'
import type { Events } from '../../ipc/events.ts'
import { EVENTS_CHANNEL, registerChannels, type DeskCalls, type OwnPage } from '../../ipc/register.ts'
import { Handles } from '../handles.ts'
import { makeDesk } from './files.ts'
import { Leaving } from './leaving.ts'
import { setMenu } from './menu.ts'
import { ORIGIN } from './pages.ts'
import { RunWatch } from './run-watch.ts'
import { onSuspend } from './system.ts'
import { MainWindow } from './window.ts'
import { words } from './words.ts'

/** What the desktop shell needs of the services behind it. */
export interface DesktopServices {
  readonly dispatch: ListedDispatch
  readonly events: Events
  readonly runs: { readonly list: () => readonly RunSummary[] }
  /** While nobody may see names, no file comes in or goes out. */
  readonly isLocked: () => boolean
  /** Nobody looks at the window any more. */
  readonly windowGone: () => void
  readonly quarantine: () => string
  readonly outbox: Outgoing
  readonly dispose: () => Promise<void>
}

export interface DesktopOptions {
  readonly services: DesktopServices
  readonly dataFolder: string
  /** The folder of the built page, and the built bridge. */
  readonly pages: string
  readonly preload: string
  /** The machine is about to sleep, or its screen is locked. */
  readonly onSuspend?: () => void
  readonly log: (line: string) => void
}

/** The application in its window, on services that are open. Resolves once the page is loaded. */
export async function openDesktop(options: DesktopOptions): Promise<void> {
  await new Desktop(options).open()
}

class Desktop {
  readonly #options: DesktopOptions
  readonly #handles = new Handles()
  readonly #leaving: Leaving
  readonly #watch: RunWatch
  #window: MainWindow | null = null

  constructor(options: DesktopOptions) {
    this.#options = options
    const { services, log } = options
    this.#leaving = new Leaving({
      isTraining: () => this.#watch.isTraining,
      dispose: async () => {
        this.#watch.dispose()
        await Promise.all([services.dispose(), this.#window?.remember()])
      },
      window: () => this.#window?.native ?? null,
      onHidden: () => services.windowGone(),
      log
    })
    this.#watch = new RunWatch({
      events: services.events,
      runs: () => services.runs.list(),
      isWatched: () => this.#window?.isFocused === true,
      show: () => this.#show(),
      setProgress: (share) => this.#window?.setProgress(share),
      onIdle: () => this.#leaving.idle()
    })
  }

  async open(): Promise<void> {
    const { dataFolder, pages, preload, log, onSuspend: suspended } = this.#options
    if (process.platform === 'win32') app.setAppUserModelId('app.attune.desktop')
    // Nothing of it may end the application behind the back of whoever waits for a checkpoint.
    app.on('window-all-closed', () => undefined)
    app.on('second-instance', () => this.#show())
    app.on('activate', () => this.#show())
    if (suspended) onSuspend(suspended)
    setMenu({ command: (command) => this.#command(command), reload: () => this.#window?.reload() })
    await MainWindow.open({
      pages,
      preload,
      dataFolder,
      devTools: !app.isPackaged,
      beforeLoad: (window) => this.#register(window),
      onClose: () => this.#leaving.mayClose(),
      onLost: () => void this.#lost(),
      log
    })
  }

  #register(window: MainWindow): void {
    const { services, log } = this.#options
    const { dispatch, events, quarantine, outbox } = services
    this.#window = window
    const page = (): OwnPage => ({ contents: window.contents, caller: this.#handles.callerOf(window.session) })
    const desk = makeDesk({
      handles: this.#handles,
      quarantine,
      outbox,
      window: () => window.native,
      session: () => window.session
    })
    registerChannels({ dispatch, events, origin: ORIGIN, page, desk: this.#unlessLocked(desk), log })
  }

  #unlessLocked(desk: DeskCalls): DeskCalls {
    const { isLocked } = this.#options.services
    const guarded = Object.entries(desk).map(([name, call]): [string, DeskCalls[string]] => [
      name,
      async (argument) => {
        if (isLocked()) throw lockedError()
        return call(argument)
      }
    ])
    return Object.fromEntries(guarded)
  }

  #show(): void {
    this.#leaving.stay()
    this.#window?.show()
  }

  #command(command: MenuCommand): void {
    this.#show()
    this.#window?.contents.send(EVENTS_CHANNEL, [['menu:command', command]])
  }

  /** The page does not stay up: what trains goes on, and the person decides. */
  async #lost(): Promise<void> {
    const { message, detail, again, quit } = words.crashed
    const question = {
      type: 'error' as const,
      title: words.title,
      message,
      detail,
      buttons: [again, quit],
      defaultId: 0,
      noLink: true
    } satisfies MessageBoxOptions
    const { response } = await dialog.showMessageBox(question)
    if (response === 0) this.#window?.reload()
    else await this.#leaving.leave()
  }
}
