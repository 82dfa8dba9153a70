import { app, BrowserWindow, protocol, session, type Session } from 'electron'
import { ORIGIN, servePages } from './pages.ts'

/** Must run before the application is ready: what Chromium may never do, and the scheme of our own pages. */
export function prepareShell(): void {
  app.enableSandbox()
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-breakpad',
    'disable-domain-reliability'
  ]) {
    app.commandLine.appendSwitch(name)
  }
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } }])
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    const deny = (event: { preventDefault(): void }): void => event.preventDefault()
    contents.on('will-navigate', deny)
    contents.on('will-redirect', deny)
    contents.on('will-attach-webview', deny)
  })
}

/** Opens the one window. `pages` is the folder of the built page, `preload` the built bridge. */
export async function openWindow(pages: string, preload: string): Promise<BrowserWindow> {
  confine(session.defaultSession)
  session.defaultSession.protocol.handle('app', servePages(pages))
  const window = new BrowserWindow({
    title: 'Attune',
    width: 1100,
    height: 760,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false
    }
  })
  await window.loadURL(`${ORIGIN}/index.html`)
  return window
}

/** Everything but our own pages is cancelled, and every permission is denied (security.md 1). */
function confine(own: Session): void {
  own.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !details.url.startsWith(`${ORIGIN}/`) }))
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  own.setPermissionCheckHandler(() => false)
  own.setDevicePermissionHandler(() => false)
  own.setSpellCheckerEnabled(false)
}
