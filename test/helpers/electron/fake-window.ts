import { EventEmitter } from 'node:events'
import { runInNewContext } from 'node:vm'
import type { FakeSession } from './fake-session.ts'

type Note = (name: string, ...given: readonly unknown[]) => void

/** The page's side of a fake window. */
export class FakeContents extends EventEmitter {
  readonly sent: (readonly unknown[])[] = []
  /** What comes of printing the page. */
  onPrint: (options: Electron.PrintToPDFOptions) => Promise<Buffer> = async () => Buffer.from('%PDF-1.7 of the report')
  /** What of Node the page can see; nothing, unless a test breaks it. */
  readonly leaks: Record<string, unknown> = {}
  /** Windows that the page has opened. */
  opened = 0
  url = ''
  zoom = 0
  readonly #note: Note
  readonly #session: FakeSession | undefined
  #answer: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null = null
  #calls = 'default'

  constructor(note: Note, session?: FakeSession) {
    super()
    this.#note = note
    this.#session = session
  }

  setWindowOpenHandler(handler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null): void {
    this.#note('contents.setWindowOpenHandler', handler)
    this.#answer = handler
  }

  getZoomLevel(): number {
    return this.zoom
  }

  setZoomLevel(level: number): void {
    this.zoom = level
  }

  getURL(): string {
    return this.url
  }

  getOSProcessId(): number {
    return process.pid
  }

  getWebRTCIPHandlingPolicy(): string {
    return this.#calls
  }

  setWebRTCIPHandlingPolicy(policy: Parameters<Electron.WebContents['setWebRTCIPHandlingPolicy']>[0]): void {
    this.#calls = policy
  }

  /** Runs in a world that has what a page has, and asks the session as a page does. */
  async executeJavaScript(code: string): Promise<unknown> {
    const open = (url: string): object | null => {
      const answer = this.#answer?.({ url } as Electron.HandlerDetails) // Ours looks at none of it.
      if (answer?.action === 'deny') return null
      this.opened++
      return { close: () => undefined }
    }
    const query = async (): Promise<object> => ({ state: this.#session?.permits() === false ? 'denied' : 'granted' })
    return runInNewContext(code, { window: { attune: {}, open }, navigator: { permissions: { query } }, ...this.leaks })
  }

  send(channel: string, ...given: unknown[]): void {
    this.sent.push([channel, ...given])
  }

  isDestroyed(): boolean {
    return false
  }

  async printToPDF(options: Electron.PrintToPDFOptions): Promise<Buffer> {
    this.#note('contents.printToPDF', options)
    return this.onPrint(options)
  }

  reload(): void {
    this.#note('contents.reload')
    this.emit('did-navigate')
  }
}

/** A window that is nowhere to be seen. */
export class FakeWindow extends EventEmitter {
  readonly options: Electron.BrowserWindowConstructorOptions
  readonly webContents: FakeContents
  isShown = false
  isClosed = false
  isMaximised = false
  bounds: Electron.Rectangle = { x: 40, y: 30, width: 1200, height: 700 }
  progress = -1
  readonly #note: Note
  #isFocused = false
  #isMinimised = false

  constructor(options: Electron.BrowserWindowConstructorOptions, note: Note, session?: FakeSession) {
    super()
    this.options = options
    this.#note = note
    this.webContents = new FakeContents(note, session)
    note('BrowserWindow', options)
  }

  async loadURL(url: string): Promise<void> {
    this.#note('window.loadURL', url)
    this.webContents.url = url
    this.webContents.emit('did-navigate')
    this.webContents.emit('did-finish-load')
    this.emit('ready-to-show')
  }

  /** The person presses the window's own button. */
  close(): void {
    let isPrevented = false
    this.emit('close', { preventDefault: () => void (isPrevented = true) })
    this.isClosed = !isPrevented
  }

  show(): void {
    this.isShown = true
  }

  hide(): void {
    this.isShown = false
    this.#isFocused = false
  }

  focus(): void {
    this.#note('window.focus')
    this.#isFocused = true
  }

  blur(): void {
    this.#isFocused = false
  }

  minimize(): void {
    this.#isMinimised = true
  }

  restore(): void {
    this.#isMinimised = false
  }

  maximize(): void {
    this.#note('window.maximize')
    this.isMaximised = true
    this.isShown = true
  }

  isVisible(): boolean {
    return this.isShown
  }

  isFocused(): boolean {
    return this.#isFocused
  }

  isMinimized(): boolean {
    return this.#isMinimised
  }

  isMaximized(): boolean {
    return this.isMaximised
  }

  isDestroyed(): boolean {
    return this.isClosed
  }

  getNormalBounds(): Electron.Rectangle {
    return this.bounds
  }

  destroy(): void {
    this.#note('window.destroy')
    this.isClosed = true
  }

  setProgressBar(progress: number, _options?: Electron.ProgressBarOptions): void {
    this.progress = progress
  }
}

type OwnContents = Pick<
  Electron.WebContents,
  | 'getURL'
  | 'getZoomLevel'
  | 'setZoomLevel'
  | 'getOSProcessId'
  | 'getWebRTCIPHandlingPolicy'
  | 'setWebRTCIPHandlingPolicy'
  | 'executeJavaScript'
  | 'setWindowOpenHandler'
  | 'send'
  | 'isDestroyed'
  | 'reload'
  | 'printToPDF'
>
type OwnWindow = Pick<
  Electron.BrowserWindow,
  | 'loadURL'
  | 'close'
  | 'destroy'
  | 'show'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'minimize'
  | 'restore'
  | 'maximize'
  | 'isVisible'
  | 'isFocused'
  | 'isMinimized'
  | 'isMaximized'
  | 'isDestroyed'
  | 'getNormalBounds'
  | 'setProgressBar'
>

/** Compiles as long as the fakes can stand for the real ones; an emitter's own methods serve every event. */
export const fits = (contents: FakeContents, window: FakeWindow): readonly [OwnContents, OwnWindow] => [contents, window]
