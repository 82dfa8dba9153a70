import { BrowserWindow, nativeTheme, screen, session, type WebContents } from 'electron'
import { confine } from './harden.ts'
import { ORIGIN, servePages } from './pages.ts'
import { readWindowState, SMALLEST, writeWindowState } from './window-state.ts'
import { words } from './words.ts'

export interface WindowOptions {
  /** The folder of the built page, and the built bridge. */
  readonly pages: string
  readonly preload: string
  readonly dataFolder: string
  /** Whether the page may be inspected. */
  readonly devTools: boolean
  /** Before anything is loaded: what the page will call must be there. */
  readonly beforeLoad: (window: MainWindow) => void
  /** The person closes the window; true lets it go. */
  readonly onClose: () => boolean
  /** The page crashed again and again. */
  readonly onLost: () => void
  readonly log: (line: string) => void
}

/** The colour beneath the page until it is drawn: its background in either theme (ux.md §3). */
const BACKGROUND = { light: '#F7F5F0', dark: '#16181B' } as const

/** Crashes of the page within a minute after which it is no longer loaded again by itself. */
const MOST_CRASHES = 3

/** Milliseconds without another change after which the window's place is written. */
const SETTLED = 500

/** The one window. It can be hidden and shown; what trains does not depend on it. */
export class MainWindow {
  readonly #options: WindowOptions
  readonly #window: BrowserWindow
  /** Counts loads: handles and tickets belong to one. */
  #load = 0
  #crashes: number[] = []
  #timer: NodeJS.Timeout | undefined
  #written: Promise<void> = Promise.resolve()
  #last = ''

  private constructor(options: WindowOptions, window: BrowserWindow) {
    this.#options = options
    this.#window = window
    this.#follow()
  }

  static async open(options: WindowOptions): Promise<MainWindow> {
    const own = session.defaultSession
    confine(own)
    own.protocol.handle('app', servePages(options.pages))
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea)
    const state = await readWindowState(options.dataFolder, screens)
    const window = new BrowserWindow({
      title: words.title,
      ...(state?.bounds ?? { width: 1280, height: 800, center: true }),
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      show: false,
      backgroundColor: BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
      webPreferences: {
        preload: options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: options.devTools
      }
    })
    const main = new MainWindow(options, window)
    window.once('ready-to-show', () => {
      // Not before there is something to see: to maximise a window also shows it.
      if (state?.isMaximised === true) window.maximize()
      window.show()
    })
    // A page may be zoomed only once it is there. Chromium keeps the level when it is loaded again.
    const zoom = state?.zoom ?? 0
    window.webContents.once('did-finish-load', () => window.webContents.setZoomLevel(zoom))
    options.beforeLoad(main)
    await window.loadURL(`${ORIGIN}/index.html`)
    return main
  }

  get contents(): WebContents {
    return this.#window.webContents
  }

  get native(): BrowserWindow {
    return this.#window
  }

  /** Names the page since its last load. */
  get session(): string {
    return `page-${this.#load}`
  }

  get isFocused(): boolean {
    return this.#window.isFocused()
  }

  /** Brings the window to the front, wherever it was. */
  show(): void {
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  hide(): void {
    this.#window.hide()
  }

  reload(): void {
    this.#crashes = []
    this.#window.webContents.reload()
  }

  /** The share of a run that is done, on the task bar; null takes it away. */
  setProgress(share: number | null): void {
    if (!this.#window.isDestroyed()) this.#window.setProgressBar(share ?? -1)
  }

  #follow(): void {
    const window = this.#window
    // The page's own title names what is open, which task lists, screen shares and logs of other programs would show.
    window.on('page-title-updated', (event) => event.preventDefault())
    const change = (): void => {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => void this.remember(), SETTLED).unref()
    }
    // The menu zooms without a word: it is read when the window is left, too.
    for (const event of ['resize', 'move', 'maximize', 'unmaximize', 'blur']) (window as NodeJS.EventEmitter).on(event, change)
    window.on('close', (event) => {
      void this.remember()
      if (!this.#options.onClose()) event.preventDefault()
    })
    window.webContents.on('did-navigate', () => {
      this.#load++
    })
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') this.#reviveAfter(reason)
    })
  }

  #reviveAfter(reason: string): void {
    const now = performance.now()
    this.#crashes = [...this.#crashes.filter((at) => now - at < 60_000), now]
    this.#options.log(`the page's process is gone (${reason}), time ${this.#crashes.length} within a minute`)
    if (this.#crashes.length <= MOST_CRASHES) this.#window.webContents.reload()
    else this.#options.onLost()
  }

  /** Writes where the window is and how large its page; resolves once it is written. */
  remember(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#window.isDestroyed()) return this.#written
    const zoom = this.#window.webContents.getZoomLevel()
    const state = { bounds: this.#window.getNormalBounds(), isMaximised: this.#window.isMaximized(), zoom }
    if (JSON.stringify(state) === this.#last) return this.#written
    this.#last = JSON.stringify(state)
    const { dataFolder, log } = this.#options
    this.#written = this.#written
      .then(() => writeWindowState(dataFolder, state))
      .catch((error: unknown) => log(`the window's place was not written: ${String(error)}`))
    return this.#written
  }
}
