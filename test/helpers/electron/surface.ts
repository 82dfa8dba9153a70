import type { FakeWindow } from './fake-window.ts'

/** What of Electron the application uses. Each part has the type of the real one, so that a signature that changes does not compile. */
export interface FakeSurface {
  readonly app: Pick<
    Electron.App,
    | 'enableSandbox'
    | 'commandLine'
    | 'on'
    | 'whenReady'
    | 'isReady'
    | 'isPackaged'
    | 'getVersion'
    | 'setPath'
    | 'getPath'
    | 'getAppMetrics'
    | 'requestSingleInstanceLock'
    | 'quit'
    | 'exit'
    | 'dock'
    | 'setAppUserModelId'
  >
  readonly protocol: Pick<Electron.Protocol, 'registerSchemesAsPrivileged'>
  readonly session: Pick<typeof Electron.Session, 'defaultSession' | 'fromPartition'>
  readonly ipcMain: Pick<Electron.IpcMain, 'handle' | 'removeHandler'>
  readonly dialog: Pick<Electron.Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox' | 'showErrorBox'>
  readonly Menu: Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu'>
  readonly crashReporter: Pick<Electron.CrashReporter, 'getUploadToServer' | 'getUploadedReports'>
  readonly autoUpdater: Pick<Electron.AutoUpdater, 'getFeedURL'>
  readonly nativeTheme: Pick<Electron.NativeTheme, 'shouldUseDarkColors'>
  readonly screen: Pick<Electron.Screen, 'getAllDisplays'>
  readonly powerMonitor: Pick<Electron.PowerMonitor, 'on' | 'off' | 'onBatteryPower'>
  readonly powerSaveBlocker: Pick<Electron.PowerSaveBlocker, 'start' | 'stop'>
  readonly safeStorage: Pick<
    Electron.SafeStorage,
    'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
  >
  readonly utilityProcess: Pick<typeof Electron.UtilityProcess, 'fork'>
  readonly BrowserWindow: {
    new (options: Electron.BrowserWindowConstructorOptions): FakeWindow
    getAllWindows: () => FakeWindow[]
  }
  readonly Notification: {
    new (options: Electron.NotificationConstructorOptions): Pick<Electron.Notification, 'on' | 'show'>
    isSupported: typeof Electron.Notification.isSupported
  }
}
