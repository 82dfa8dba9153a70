import { EventEmitter } from 'node:events'
import { FakeSession } from './fake-session.ts'
import { FakeUtilityProcess } from './fake-utility-process.ts'
import { FakeWindow } from './fake-window.ts'
import { strict } from './strict.ts'
import type { FakeSurface } from './surface.ts'

/** One call of Electron's surface, in the order in which they came: `app.enableSandbox`. */
export interface Call {
  readonly name: string
  readonly arguments: readonly unknown[]
}

type Handler = (event: Electron.IpcMainInvokeEvent, argument: unknown) => Promise<unknown>

/** An Electron that opens nothing: it notes every call in order and lets a test play the person, the system and the page. */
export class FakeElectron {
  readonly calls: Call[] = []
  readonly handlers = new Map<string, Handler>()
  readonly notifications: { readonly options: Electron.NotificationConstructorOptions; readonly events: EventEmitter }[] = []
  readonly app = new EventEmitter()
  readonly power = new EventEmitter()
  /** Chromium's command line. */
  readonly switches = new Map<string, string>()
  readonly session = new FakeSession((name, ...given) => this.#note(name, ...given), this.switches)
  readonly partitions = new Map<string, FakeSession>()
  readonly trainers: FakeUtilityProcess[] = []
  /** What the next dialog is answered with. */
  answers: { open: string[]; save: string; message: number } = { open: [], save: '', message: 0 }
  /** Whether reports of crashes are sent, those that were, and where updates would come from. */
  crashes: { isSent: boolean; reports: Electron.CrashReport[] } = { isSent: false, reports: [] }
  updates = ''
  readonly paths = new Map<string, string>()
  /** The areas that windows may use. */
  screens: readonly Electron.Rectangle[] = [{ x: 0, y: 0, width: 1366, height: 728 }]
  isFirstInstance = true
  isOnBattery = false
  keyring: ReturnType<Electron.SafeStorage['getSelectedStorageBackend']> = 'gnome_libsecret'
  isPackaged = false
  isSandboxed = true
  isReady = false
  /** The last one that was opened to be seen, and all others. */
  window: FakeWindow | null = null
  readonly hidden: FakeWindow[] = []
  /** What comes of printing the page at an address. */
  onPrint: (address: string, options: Electron.PrintToPDFOptions) => Promise<Buffer> = async () =>
    Buffer.from('%PDF-1.7 of the report')
  menu: readonly Electron.MenuItemConstructorOptions[] = []
  readonly blocked = new Set<number>()
  readonly module: FakeSurface

  constructor() {
    this.module = strict('electron', this.#surface())
  }

  /** The names of the calls, in order. */
  get names(): readonly string[] {
    return this.calls.map(({ name }) => name)
  }

  /** The arguments of every call of this name. */
  argumentsOf(name: string): readonly (readonly unknown[])[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.arguments)
  }

  /** Calls a channel as a page would; our own page's main frame where nothing else is said. */
  invoke(channel: string, argument?: unknown, from: Partial<Electron.IpcMainInvokeEvent> = {}): Promise<unknown> {
    const handler = this.handlers.get(channel)
    if (!handler)
      return Promise.reject(new Error(`Error invoking remote method '${channel}': Error: No handler registered for '${channel}'`))
    const event = { sender: this.window?.webContents, senderFrame: ownFrame(), ...from }
    return handler(event as Electron.IpcMainInvokeEvent, argument) // What register.ts looks at.
  }

  /** An event whose default can be prevented; resolves to whether it was. */
  emit(emitter: EventEmitter, name: string, ...rest: readonly unknown[]): boolean {
    let isPrevented = false
    emitter.emit(name, { preventDefault: () => void (isPrevented = true) }, ...rest)
    return isPrevented
  }

  #note(name: string, ...given: readonly unknown[]): void {
    this.calls.push({ name, arguments: given })
  }

  #surface(): FakeSurface {
    const note = (name: string, ...given: readonly unknown[]): void => this.#note(name, ...given)
    const { app: appEvents, power } = this
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- Electron's classes are made by `new`, and note what they do here.
    const fake = this
    return {
      app: strict('app', {
        enableSandbox: () => note('app.enableSandbox'),
        commandLine: strict('commandLine', {
          appendSwitch: (name: string, value?: string) => {
            note('commandLine.appendSwitch', name, value)
            this.switches.set(name, value ?? '')
          },
          hasSwitch: (name: string) => this.switches.has(name),
          getSwitchValue: (name: string) => this.switches.get(name) ?? ''
        }) as unknown as Electron.CommandLine, // Nothing else of it is used, and the rest throws.
        on: appEvents.on.bind(appEvents) as unknown as Electron.App['on'], // An emitter's `on` serves every overload.
        whenReady: async () => {
          note('app.whenReady')
          await Promise.resolve()
          this.isReady = true
        },
        isReady: () => this.isReady,
        get isPackaged() {
          return fake.isPackaged
        },
        getVersion: () => '0.0.0-test',
        setPath: (name, path) => {
          note('app.setPath', name, path)
          this.paths.set(name, path)
        },
        getPath: (name) => this.paths.get(name) ?? `/elsewhere/${name}`,
        getAppMetrics: () =>
          [
            { pid: this.window?.webContents.getOSProcessId(), type: 'Tab', sandboxed: this.isSandboxed }
          ] as Electron.ProcessMetric[], // What is looked at.
        requestSingleInstanceLock: () => {
          note('app.requestSingleInstanceLock')
          return this.isFirstInstance
        },
        quit: () => {
          note('app.quit')
          if (!this.emit(appEvents, 'before-quit')) note('quitted')
        },
        exit: (code) => note('app.exit', code),
        dock: undefined,
        setAppUserModelId: (id) => note('app.setAppUserModelId', id)
      }),
      protocol: strict('protocol', {
        registerSchemesAsPrivileged: (schemes) => note('protocol.registerSchemesAsPrivileged', schemes)
      }),
      session: strict('session', {
        defaultSession: this.session.native,
        fromPartition: (name) => {
          note('session.fromPartition', name)
          const made =
            this.partitions.get(name) ?? new FakeSession((each, ...given) => note(`${name}/${each}`, ...given), this.switches)
          this.partitions.set(name, made)
          return made.native
        }
      }),
      ipcMain: strict('ipcMain', {
        handle: (channel, handler) => {
          note('ipcMain.handle', channel)
          if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
          this.handlers.set(channel, handler as Handler) // Electron calls it with the event and what the page gave.
        },
        removeHandler: (channel) => void this.handlers.delete(channel)
      }),
      dialog: this.#dialog(),
      Menu: strict('Menu', {
        buildFromTemplate: (template) => {
          this.menu = template as Electron.MenuItemConstructorOptions[] // We hand over no finished items.
          return {} as Electron.Menu // Handed to setApplicationMenu and to nobody else.
        },
        setApplicationMenu: () => note('Menu.setApplicationMenu')
      }),
      nativeTheme: strict('nativeTheme', { shouldUseDarkColors: true }),
      screen: strict('screen', {
        getAllDisplays: () => this.screens.map((workArea) => ({ workArea })) as Electron.Display[]
      }), // Its area alone is asked for.
      powerMonitor: strict('powerMonitor', {
        get onBatteryPower() {
          return fake.isOnBattery
        },
        on: power.on.bind(power) as unknown as Electron.PowerMonitor['on'], // As above.
        off: power.off.bind(power) as unknown as Electron.PowerMonitor['off'] // As above.
      }),
      powerSaveBlocker: strict('powerSaveBlocker', {
        start: (type) => {
          note('powerSaveBlocker.start', type)
          const id = this.argumentsOf('powerSaveBlocker.start').length
          this.blocked.add(id)
          return id
        },
        stop: (id) => this.blocked.delete(id)
      }),
      safeStorage: strict('safeStorage', {
        isEncryptionAvailable: () => true,
        getSelectedStorageBackend: () => this.keyring,
        // Turned round, so that a test sees whether it was wrapped.
        encryptString: (text) => Buffer.from([...text].reverse().join('')),
        decryptString: (bytes) => [...bytes.toString('utf8')].reverse().join('')
      }),
      utilityProcess: strict('utilityProcess', {
        fork: (entry: string, args?: string[], options?: Electron.ForkOptions) => {
          note('utilityProcess.fork', entry, args, options)
          if (!this.isReady) throw new Error('utilityProcess cannot be created before app is ready.')
          const trainer = new FakeUtilityProcess(entry, options)
          this.trainers.push(trainer)
          return trainer // What of it is used is checked in fake-utility-process.ts.
        }
      }),
      crashReporter: strict('crashReporter', {
        getUploadToServer: () => this.crashes.isSent,
        getUploadedReports: () => this.crashes.reports
      }),
      autoUpdater: strict('autoUpdater', { getFeedURL: () => this.updates }),
      BrowserWindow: class extends FakeWindow {
        static getAllWindows(): FakeWindow[] {
          return [...(fake.window ? [fake.window] : []), ...fake.hidden].filter(({ isClosed }) => !isClosed)
        }
        constructor(options: Electron.BrowserWindowConstructorOptions) {
          super(options, note, fake.session)
          // Every window has a page that is meant to be seen, but for those that are printed.
          if (options.webPreferences?.session === undefined) fake.window = this
          else fake.hidden.push(this)
          this.webContents.onPrint = (how) => fake.onPrint(this.webContents.url, how)
          appEvents.emit('web-contents-created', {}, this.webContents)
        }
      },
      Notification: Object.assign(
        class {
          readonly #events = new EventEmitter()
          readonly on = this.#events.on.bind(this.#events) as unknown as Electron.Notification['on'] // As above.
          constructor(options: Electron.NotificationConstructorOptions) {
            fake.notifications.push({ options, events: this.#events })
          }
          show(): void {
            note('Notification.show')
          }
        },
        { isSupported: () => true }
      )
    }
  }

  #dialog(): FakeSurface['dialog'] {
    const optionsOf = (given: readonly unknown[]): unknown => given.at(-1)
    return strict('dialog', {
      showOpenDialog: async (...given: unknown[]) => {
        this.#note('dialog.showOpenDialog', optionsOf(given))
        return { canceled: this.answers.open.length === 0, filePaths: this.answers.open }
      },
      showSaveDialog: async (...given: unknown[]) => {
        this.#note('dialog.showSaveDialog', optionsOf(given))
        return { canceled: this.answers.save === '', filePath: this.answers.save }
      },
      showMessageBox: async (...given: unknown[]) => {
        this.#note('dialog.showMessageBox', optionsOf(given))
        return { response: this.answers.message, checkboxChecked: false }
      },
      showErrorBox: (title, content) => this.#note('dialog.showErrorBox', title, content)
    })
  }
}

/** The main frame of our own page. */
export const ownFrame = (url = 'app://attune/index.html'): Electron.WebFrameMain =>
  ({ parent: null, detached: false, origin: new URL(url).protocol + '//' + new URL(url).host, url }) as Electron.WebFrameMain // What register.ts looks at.
