/** What the application's menu asks the page to do, on the channel `menu:command`. Only Electron has a menu. */
export type MenuCommand =
  'open-table' | 'palette' | 'shortcuts' | 'up' | 'go:home' | 'go:data' | 'go:runs' | 'go:library' | 'go:settings' | 'go:privacy'
