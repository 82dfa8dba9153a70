import { app, protocol, type Session } from 'electron'
import { ORIGIN } from './pages.ts'

/** Switches of Chromium: nothing is looked up, fetched or sent in the background (security.md §1). */
export const SWITCHES: Readonly<Record<string, string | undefined>> = {
  'disable-background-networking': undefined,
  'disable-component-update': undefined,
  'disable-breakpad': undefined,
  'disable-domain-reliability': undefined,
  'no-pings': undefined,
  'no-proxy-server': undefined,
  'host-resolver-rules': 'MAP * ~NOTFOUND'
}

/** WebRTC passes no filter of requests: it may take the way of a proxy alone, and there is none. */
export const WEBRTC_POLICY = 'disable_non_proxied_udp'

/** The ways out of a page, each of which is denied. */
export const GUARDED = ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'] as const

/** What Chromium may never do, for every process and window to come. Must run before the application is ready. */
export function hardenProcess(): void {
  app.enableSandbox()
  for (const [name, value] of Object.entries(SWITCHES)) app.commandLine.appendSwitch(name, value)
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } }])
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.setWebRTCIPHandlingPolicy(WEBRTC_POLICY)
    const deny = (event: { preventDefault(): void }): void => event.preventDefault()
    // Each of them hands over an event first; their types differ in what comes after.
    for (const way of GUARDED) (contents as NodeJS.EventEmitter).on(way, deny)
  })
}

/** The application's own addresses, and pictures that the page itself has made. */
const isOwn = (url: string): boolean => url.startsWith(`${ORIGIN}/`) || url.startsWith(`blob:${ORIGIN}/`)

let cancelled = 0

/** How many requests of the page have been cancelled since Attune was opened. */
export const cancelledRequests = (): number => cancelled

/** Everything but our own pages is cancelled, and every permission is denied. */
export function confine(own: Session): void {
  own.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isOwn(url)
    if (cancel) cancelled++
    answer({ cancel })
  })
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  own.setPermissionCheckHandler(() => false)
  own.setDevicePermissionHandler(() => false)
  own.setDisplayMediaRequestHandler((_request, answer) => answer(null))
  own.setSpellCheckerEnabled(false)
  own.on('will-download', (event, item) => {
    // A chart or table that the page made: Electron asks where to save it. Nothing else is ever downloaded.
    if (!item.getURL().startsWith(`blob:${ORIGIN}/`)) event.preventDefault()
  })
}
