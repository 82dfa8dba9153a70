import { EventEmitter } from 'node:events'

type Note = (name: string, ...given: readonly unknown[]) => void

/** The page's side of a fake window. */
export class FakeContents extends EventEmitter {
  readonly sent: (readonly unknown[])[] = []
  /** What comes of printing the page. */
  onPrint: (options: Electron.PrintToPDFOptions) => Promise<Buffer> = async () => Buffer.from('%PDF-1.7 of the report')
  readonly #note: Note

  constructor(note: Note) {
    super()
    this.#note = note
  }

  setWindowOpenHandler(handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse): void {
    this.#note('contents.setWindowOpenHandler', handler)
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
  /** Of its page. */
  address = ''
  progress = -1
  readonly #note: Note
  #isFocused = false
  #isMinimised = false

  constructor(options: Electron.BrowserWindowConstructorOptions, note: Note) {
    super()
    this.options = options
    this.#note = note
    this.webContents = new FakeContents(note)
    note('BrowserWindow', options)
  }

  async loadURL(url: string): Promise<void> {
    this.#note('window.loadURL', url)
    this.address = url
    this.webContents.emit('did-navigate')
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
    return false
  }

  isDestroyed(): boolean {
    return this.isClosed
  }

  getNormalBounds(): Electron.Rectangle {
    return { x: 40, y: 30, width: 1200, height: 700 }
  }

  destroy(): void {
    this.#note('window.destroy')
    this.isClosed = true
  }

  setProgressBar(progress: number, _options?: Electron.ProgressBarOptions): void {
    this.progress = progress
  }
}

type OwnContents = Pick<Electron.WebContents, 'setWindowOpenHandler' | 'send' | 'isDestroyed' | 'reload' | 'printToPDF'>
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
