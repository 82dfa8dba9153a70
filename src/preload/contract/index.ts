/** What the page may know of the shell it runs in. */
export interface Shell {
  readonly kind: 'electron'
  readonly electron: string
  readonly platform: string
}

/** Everything the page is given, as `window.attune`. Calls and events join it with the application. */
export interface AttuneBridge {
  readonly shell: Shell
}
